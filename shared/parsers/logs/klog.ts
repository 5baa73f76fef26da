import type { LogLevel } from '../../model/logs';
import type { Parser } from '../parser';
import { datedHead } from './go-std-log';
import type { LogHead } from './log-head';
import { yearless } from './log-head';
import { logParser } from './log-reader';
import { componentOfName } from '../../model/log-component';

// Lmmdd hh:mm:ss.uuuuuu threadid file:line] msg -- the header of klog (and glog) files says so itself.
// The stamp has fixed places and is read by them; this is what must follow it.
const AFTER_STAMP = /\.(\d{1,9}) +\d+ +[^\s:\]]+: ?\d+\]/y;
const STAMP_LENGTH = 14;
const LEVELS: ReadonlyMap<string, LogLevel> = new Map([
  ['I', 'info'],
  ['W', 'warning'],
  ['E', 'error'],
  ['F', 'fatal'],
]);
// A row of Get-EventLog whose message is a klog line: index, time, type, source, event id, message.
const EVENT_LOG_ROW =
  /^\s*\d+ [A-Z][a-z]{2} \d\d \d\d:\d\d\s+\w+\s+(\S+)\s+\d+ (?=[IWEF]\d{4} \d\d:)/;

/**
 * Reads the head of a klog line (kubelet, kube-proxy, flanneld, antrea-agent), also inside a row of
 * `Get-EventLog`. klog writes local time without year or zone.
 */
export function klogHead(line: string): LogHead | undefined {
  const first = line.charCodeAt(0);
  const wrapped = first === 32 || (first >= 48 && first <= 57) ? EVENT_LOG_ROW.exec(line) : null;
  if (!wrapped) return headAt(line, 0);
  const head = headAt(line, wrapped[0].length);
  return head && { ...head, component: componentOfName(wrapped[1] ?? '') };
}

function headAt(line: string, at: number): LogHead | undefined {
  const level = LEVELS.get(line[at] ?? '');
  if (level === undefined) return undefined;
  const month = twoDigits(line, at + 1);
  const day = twoDigits(line, at + 3);
  const hours = twoDigits(line, at + 6);
  const minutes = twoDigits(line, at + 9);
  const seconds = twoDigits(line, at + 12);
  const isStamp = line[at + 5] === ' ' && line[at + 8] === ':' && line[at + 11] === ':';
  // NaN compares as false: what is no number is no stamp.
  if (!isStamp || !(month + day + hours + minutes + seconds >= 0)) return undefined;
  AFTER_STAMP.lastIndex = at + STAMP_LENGTH;
  const fraction = AFTER_STAMP.exec(line)?.[1];
  if (fraction === undefined) return undefined;
  const millisecond = Math.floor(Number(`0.${fraction}`) * 1000 + 1e-6);
  const time = ((hours * 60 + minutes) * 60 + seconds) * 1000 + millisecond;
  return { level, time: yearless(month, day, time), clock: 'no-year' };
}

/** The number of two digits at a place; NaN when there are none. */
function twoDigits(line: string, at: number): number {
  const tens = line.charCodeAt(at) - 48;
  const ones = line.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
}

export const klogParser: Parser = logParser({
  kind: 'klog',
  title: 'Log of kubelet, kube-proxy, flanneld or another Kubernetes component (klog)',
  command: 'Get-Content C:\\k\\kubelet.log',
  head: klogHead,
  mixedWith: [datedHead],
});
