/** A moment that some program printed. `local`: by the clock of the node, whose zone is not told. */
export interface PrintedDate {
  /** Milliseconds; of a local time as if it were UTC, as in logs. */
  readonly time: number;
  readonly zone: 'utc' | 'local';
}

/** In which order a culture prints the parts of a date. */
export type DateOrder = 'month-first' | 'day-first';

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d\d:?\d\d)?)?$/;
/** CIM_DATETIME: `20240514092000.123456+060`, the offset in minutes. */
const CIM = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\.(\d{1,6})([+-]\d{3})$/;
/** JSON of Windows PowerShell: `/Date(1715678400000)/`. */
const JSON_DATE = /^\\?\/Date\((-?\d{1,14})\)\\?\/$/;
const NUMERIC =
  /^(\d{1,4})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{1,4})\.?,?(?:\s+(?:([^\d\s]+)\s?)?(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\s?([^\d\s].*))?)?$/u;

const MORNING = /^(am|a\.\s?m\.|上午|午前|오전)$/iu;
const AFTERNOON = /^(pm|p\.\s?m\.|下午|午後|오후)$/iu;

/**
 * Reads a date as Windows prints it: ISO 8601, CIM_DATETIME, or the form of a culture. Where only
 * the culture tells day from month (`4/5/2024`) and `order` is not given, the answer is undefined:
 * a wrong month is worse than none. Dots come with the day first in every culture of Windows.
 */
export function printedDate(text: string, order?: DateOrder): PrintedDate | undefined {
  // Newer cultures put no-break and direction marks between the parts.
  const plain = text
    .replace(/[\u200e\u200f]/g, '')
    .replace(/[\u00a0\u2007\u202f]/g, ' ')
    .trim();
  return exactDate(plain) ?? numericDate(plain, order);
}

/** Which order the dates of one listing are in, by those that allow one only; undefined where none does, or they differ. */
export function dateOrderOf(texts: Iterable<string>): DateOrder | undefined {
  let found: DateOrder | undefined;
  for (const text of texts) {
    const parts = NUMERIC.exec(text.trim());
    if (!parts || parts[2] === '.' || (parts[1] ?? '').length === 4) continue;
    const [first, second] = [Number(parts[1]), Number(parts[3])];
    const here = first > 12 ? 'day-first' : second > 12 ? 'month-first' : undefined;
    if (here === undefined) continue;
    if (found !== undefined && found !== here) return undefined;
    found = here;
  }
  return found;
}

function exactDate(text: string): PrintedDate | undefined {
  const iso = ISO.exec(text);
  if (iso) {
    const [, year, month, day, hour, minute, second, fraction, offset] = iso;
    const time = utc(year, month, day, hour, minute, second, fraction);
    if (time === undefined) return undefined;
    if (offset === undefined) return { time, zone: 'local' };
    const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(offset) ?? [];
    const away = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * (sign === '-' ? -1 : 1);
    return { time: time - away * 60_000, zone: 'utc' };
  }
  const cim = CIM.exec(text);
  if (cim) {
    const [, year, month, day, hour, minute, second, fraction, offset] = cim;
    const time = utc(year, month, day, hour, minute, second, fraction);
    return time === undefined ? undefined : { time: time - Number(offset) * 60_000, zone: 'utc' };
  }
  const json = JSON_DATE.exec(text)?.[1];
  return json === undefined ? undefined : { time: Number(json), zone: 'utc' };
}

function numericDate(text: string, order: DateOrder | undefined): PrintedDate | undefined {
  const match = NUMERIC.exec(text);
  if (!match) return undefined;
  const [, first = '', mark, second = '', third = '', before, hour, minute, seconds, after] = match;
  const date = dateParts(first, mark ?? '', second, third, order);
  const half = before ?? after;
  const hours = hour === undefined ? undefined : hourOf(Number(hour), half);
  if (date === undefined || (hour !== undefined && hours === undefined)) return undefined;
  const time = utc(date.year, date.month, date.day, hours, minute, seconds, undefined);
  return time === undefined ? undefined : { time, zone: 'local' };
}

function dateParts(
  first: string,
  mark: string,
  second: string,
  third: string,
  order: DateOrder | undefined,
): { readonly year: string; readonly month: string; readonly day: string } | undefined {
  if (first.length === 4) return { year: first, month: second, day: third };
  if (third.length !== 4) return undefined;
  const [a, b] = [Number(first), Number(second)];
  const dayFirst =
    mark === '.' || a > 12 || a === b ? true : b > 12 ? false : order && order === 'day-first';
  if (dayFirst === undefined) return undefined;
  return dayFirst
    ? { year: third, month: second, day: first }
    : { year: third, month: first, day: second };
}

/** The hour of a day; undefined where a word beside it is not known to mean morning or afternoon. */
function hourOf(hour: number, half: string | undefined): string | undefined {
  if (half === undefined) return String(hour);
  if (hour < 1 || hour > 12) return undefined;
  if (MORNING.test(half)) return String(hour % 12);
  return AFTERNOON.test(half) ? String((hour % 12) + 12) : undefined;
}

/** The moment of these parts; undefined where there is no such date. */
function utc(
  year: string | undefined,
  month: string | undefined,
  day: string | undefined,
  hour = '0',
  minute = '0',
  second = '0',
  fraction = '',
): number | undefined {
  const ms = Number(`${fraction}000`.slice(0, 3));
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  if (Number(hour) > 24 || Number(minute) > 59 || Number(second) > 60) return undefined;
  const time = Date.UTC(y, m - 1, d, Number(hour), Number(minute), Number(second), ms);
  const made = new Date(Date.UTC(y, m - 1, d));
  return made.getUTCMonth() === m - 1 && made.getUTCDate() === d && y > 1600 ? time : undefined;
}
