import type { Evidence } from '../../shared/model/evidence';

const numbers = new Intl.NumberFormat('en-US');

/** `61,904`. */
export function number(value: number): string {
  return numbers.format(value);
}

/** `1 file`, `31 files`, `2 entries`. */
export function counted(
  value: number,
  singular: string,
  plural = singular.endsWith('y') ? `${singular.slice(0, -1)}ies` : `${singular}s`,
): string {
  return `${number(value)} ${value === 1 ? singular : plural}`;
}

/** `48.2 MB`; decimal units, as Windows Explorer does not and every log does. */
export function bytes(value: number): string {
  if (value < 1000) return `${value} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let rest = value / 1000;
  let unit = 0;
  while (rest >= 1000 && unit < units.length - 1) {
    rest /= 1000;
    unit += 1;
  }
  return `${rest < 10 ? rest.toFixed(1) : Math.round(rest)} ${units[unit] ?? ''}`;
}

/** `2019-04-30 13:11`, in UTC: a bundle is read far from its node's clock. */
export function minute(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}

/** `13:11:02.345`, with the date before it where there is room. */
export function second(time: number): string {
  return new Date(time).toISOString().slice(0, 23).replace('T', ' ');
}

/** A title within a sentence: `endpoints`, but `Windows services`, `VFP rules`. */
export function inSentence(title: string): string {
  return /^(Windows|VFP|DNS|HNS|vSwitch)/.test(title)
    ? title
    : title.charAt(0).toLowerCase() + title.slice(1);
}

/** The last part of a bundle-relative path. */
export function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** Cuts a text in its middle when it is longer than `most`: `79eab019…_cbr0`. */
export function cutMiddle(text: string, most: number): string {
  if (text.length <= most) return text;
  const tail = Math.max(1, Math.floor((most - 1) / 2));
  return `${text.slice(0, most - 1 - tail)}…${text.slice(-tail)}`;
}

/** `vfpOutput.txt:48211`, `trace.pcapng packet 12`: the file by its name alone. */
export function evidenceText({ file, line, endLine, packet }: Evidence): string {
  const name = fileName(file);
  if (packet !== undefined) return `${name} packet ${packet.number}`;
  return `${name}:${line}${endLine > line ? `-${endLine}` : ''}`;
}

/** Short words for when something was opened. */
export function whenOpened(time: number, now: number): string {
  const day = 86_400_000;
  const date = new Date(time);
  const startOfToday = new Date(now).setHours(0, 0, 0, 0);
  const clock = `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`;
  if (time >= startOfToday) return `today ${clock}`;
  if (time >= startOfToday - day) return 'yesterday';
  return date.toLocaleDateString('en-CA');
}
