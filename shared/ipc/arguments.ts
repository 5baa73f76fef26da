import { z } from 'zod';

/** Arguments that many calls share. */
export const nothing = z.null();
export const snapshotId = z.string().max(200);
export const text = z.string().max(2000);
export const paging = { offset: z.number().int().min(0), limit: z.number().int().min(1).max(2000) };
