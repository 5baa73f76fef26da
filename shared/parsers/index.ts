import type { Parser } from './parser';

/** All formats that can be read. Order settles ties of recognition only. */
export const PARSERS: readonly Parser[] = [];
