import type { Parser } from '../parser';
import { datedHead } from './go-std-log';
import { klogHead } from './klog';
import type { LogHead } from './log-head';
import { levelOf, timeOfDay } from './log-head';
import { logParser } from './log-reader';

const CALICO =
  /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)[.,](\d{3,9}) \[(\w+)\]\[\d+(?:\/[^\]]*)?\] /;

/** Calico's felix and node: `2023-11-07 06:49:53.027 [INFO][3488] felix/file.go 256: text`. No zone is stated. */
export function calicoHead(line: string): LogHead | undefined {
  const first = line.charCodeAt(0);
  if (first < 48 || first > 57) return undefined;
  const match = CALICO.exec(line);
  if (!match) return undefined;
  const [, year, month, day, h = '', m = '', s = '', fraction, level = ''] = match;
  return {
    level: levelOf(level),
    time:
      Date.UTC(Number(year), Number(month) - 1, Number(day)) + timeOfDay(h, m, s, fraction ?? ''),
    clock: 'local-unknown-zone',
  };
}

export const calicoParser: Parser = logParser({
  kind: 'calico-log',
  title: 'Log of Calico (felix or node)',
  command: 'Get-Content C:\\CalicoWindows\\logs\\calico-felix.log',
  head: calicoHead,
  mixedWith: [datedHead, klogHead],
});
