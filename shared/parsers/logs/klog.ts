import type { Parser } from '../parser';
import { datedHead } from './go-std-log';
import type { LogHead } from './log-head';
import { levelOf, timeOfDay, yearless } from './log-head';
import { logParser } from './log-reader';
import { componentOfName } from '../../model/log-component';

// Lmmdd hh:mm:ss.uuuuuu threadid file:line] msg -- the header of klog (and glog) files says so itself.
const KLOG = /^([IWEF])(\d\d)(\d\d) (\d\d):(\d\d):(\d\d)\.(\d{1,9}) +\d+ +[^\s:\]]+: ?\d+\]/;
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
  const match = KLOG.exec(wrapped ? line.slice(wrapped[0].length) : line);
  if (!match) return undefined;
  const [, level = '', month = '', day = '', h = '', m = '', s = '', fraction = ''] = match;
  const head: LogHead = {
    level: levelOf(level),
    time: yearless(Number(month), Number(day), timeOfDay(h, m, s, fraction)),
    clock: 'no-year',
  };
  return wrapped ? { ...head, component: componentOfName(wrapped[1] ?? '') } : head;
}

export const klogParser: Parser = logParser({
  kind: 'klog',
  title: 'Log of kubelet, kube-proxy, flanneld or another Kubernetes component (klog)',
  command: 'Get-Content C:\\k\\kubelet.log',
  head: klogHead,
  mixedWith: [datedHead],
});
