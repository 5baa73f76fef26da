const UNITS: Readonly<Record<string, number>> = {
  y: 365 * 86_400,
  w: 7 * 86_400,
  d: 86_400,
  h: 3_600,
  m: 60,
  s: 1,
};

/**
 * Seconds of an age as kubectl prints it (`5s`, `3h7m`, `2d14h`, `2y3d`). Undefined for
 * `<unknown>`, `<invalid>` and anything else.
 */
export function ageSeconds(text: string): number | undefined {
  const word = text.trim().split(/\s/)[0] ?? '';
  if (!/^(?:\d+[ywdhms])+$/.test(word)) return undefined;
  let seconds = 0;
  for (const [, amount, unit] of word.matchAll(/(\d+)([ywdhms])/g)) {
    seconds += Number(amount) * (UNITS[unit ?? ''] ?? 0);
  }
  return seconds;
}

/** Milliseconds UTC of a time with a zone (RFC 3339, RFC 1123 as describe prints it). Undefined without one. */
export function instant(text: string | undefined): number | undefined {
  if (text === undefined || !/(?:Z|GMT|UTC|[+-]\d\d:?\d\d)(?: \w+)?$/.test(text.trim()))
    return undefined;
  const time = Date.parse(text.trim());
  return Number.isNaN(time) ? undefined : time;
}
