import type { Parser } from '../parser';
import type { LogHead } from './log-head';
import { levelOf, timeOfDay } from './log-head';
import { logParser } from './log-reader';

// coreos capnslog, used by flannel: `2018-07-11 13:57:07.182620 I | message`.
const CAPNSLOG = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d+))? ([A-Z]) \| /;
// Open vSwitch: `2020-10-27T18:53:30.123Z|00001|vlog|INFO|message`.
const OVS = /^(\d{4}-\d\d-\d\dT[\d:.]+Z)\|\d+\|[^|]*\|(\w+)\|/;

/** Heads of Go's dated logs with a level letter, and of Open vSwitch. */
export function datedHead(line: string): LogHead | undefined {
  const first = line.charCodeAt(0);
  if (first < 48 || first > 57) return undefined;
  const match = CAPNSLOG.exec(line);
  if (match) {
    const [, year, month, day, h = '', m = '', s = '', fraction, level = ''] = match;
    return {
      level: levelOf(level),
      time:
        Date.UTC(Number(year), Number(month) - 1, Number(day)) + timeOfDay(h, m, s, fraction ?? ''),
      clock: 'local-unknown-zone',
    };
  }
  const ovs = OVS.exec(line);
  if (!ovs) return undefined;
  return { level: levelOf(ovs[2] ?? ''), time: Date.parse(ovs[1] ?? ''), clock: 'utc' };
}

export const goStdLogParser: Parser = logParser({
  kind: 'go-log',
  title: 'Log with a date and a level letter (Go log, Open vSwitch)',
  command: 'Get-Content C:\\k\\flanneld.log',
  head: datedHead,
});
