import type { LogLevel } from '../../model/logs';
import { slashDateHead } from './azure-vnet';
import { calicoHead } from './calico';
import { datedHead } from './go-std-log';
import { klogHead } from './klog';
import type { HeadReader } from './log-head';
import { jsonLogHead, logrusTextHead } from './logrus';

const READERS: readonly HeadReader[] = [
  klogHead,
  logrusTextHead,
  jsonLogHead,
  datedHead,
  slashDateHead,
  calicoHead,
];

/**
 * The level of a line of a log whose style is not known beforehand; undefined for one that begins no
 * entry: it goes on with the entry before, or the style has no levels.
 */
export function levelOfLine(text: string): LogLevel | undefined {
  for (const reader of READERS) {
    const head = reader(text);
    if (head !== undefined) return head.level;
  }
  return undefined;
}
