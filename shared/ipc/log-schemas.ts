import { z } from 'zod';
import { evidence } from './finding-schemas';

/** Logs of components in one order of time. */

export const logLevel = z.enum(['error', 'warning', 'info', 'debug', 'fatal', 'unknown']);

export const logPage = z.object({
  entries: z.array(
    z.object({
      key: z.string(),
      component: z.string(),
      level: logLevel,
      time: z.number().optional(),
      text: z.string(),
      evidence,
      findings: z.array(z.number().int()),
    }),
  ),
  offset: z.number().int(),
  matching: z.number().int(),
  total: z.number().int(),
});

export const logSummary = z.object({
  files: z.array(
    z.object({
      path: z.string(),
      component: z.string(),
      format: z.string(),
      entries: z.number().int(),
      errors: z.number().int(),
      warnings: z.number().int(),
      firstTime: z.number().optional(),
      lastTime: z.number().optional(),
      clock: z.string(),
      /** Minutes between the last line and the time of collection, and what that means. */
      staleness: z.object({
        minutes: z.number().optional(),
        tone: z.enum(['ok', 'warning', 'error', 'unknown']),
        text: z.string(),
      }),
    }),
  ),
});
