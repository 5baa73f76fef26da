import type { LogLevel } from '../../model/logs';
import type { Parser } from '../parser';
import { klogHead } from './klog';
import { componentOfName } from '../../model/log-component';
import type { LogHead } from './log-head';
import { levelOf } from './log-head';
import { logParser } from './log-reader';

const TEXT = /^time="([^"]*)" level=(\w+)(?: msg=)?/;
// k0s puts whole klog lines of the components it supervises into msg and names the component.
const WRAPPED_KLOG = /^time="[^"]*" level=\w+ msg="([IWEF])\d{4} \d\d:\d\d:\d\d/;
const WRAPPED_COMPONENT = / component=([\w-]+)/;
const JSON_LEVEL = /"(?:level|lvl)"\s*:\s*"(\w+)"/;
const JSON_TIME = /"(?:time|ts|timestamp)"\s*:\s*(?:"([^"]*)"|(\d+(?:\.\d+)?))/;
const JSON_START = /^\{\s*"(?:level|lvl|time|ts|timestamp|msg|caller|error|component|logger)"\s*:/;

/** logrus text (`time="..." level=... msg=...`): containerd, docker, rancher, k0s. */
export function logrusTextHead(line: string): LogHead | undefined {
  if (!line.startsWith('time="')) return undefined;
  const match = TEXT.exec(line);
  if (!match) return undefined;
  const klog = WRAPPED_KLOG.exec(line);
  const component = WRAPPED_COMPONENT.exec(line);
  const named = component ? componentOfName(component[1] ?? '') : undefined;
  return {
    level: levelOf(klog?.[1] ?? match[2] ?? ''),
    time: Date.parse(match[1] ?? ''),
    clock: /(?:Z|[+-]\d\d:?\d\d)$/.test(match[1] ?? '') ? 'utc' : 'local-unknown-zone',
    ...(named === undefined || named === 'other' ? {} : { component: named }),
  };
}

/** One JSON object a line with a level, a message and a time: logrus (wincni, sdnbridge), zap (azure-vnet, calico), JSON klog. */
export function jsonLogHead(line: string): LogHead | undefined {
  if (line.charCodeAt(0) !== 123 || !JSON_START.test(line)) return undefined;
  const time = JSON_TIME.exec(line);
  const level = JSON_LEVEL.exec(line);
  if (!time && !level) return undefined;
  const seconds = time?.[2];
  return {
    level: level ? levelOf(level[1] ?? '') : klogJsonLevel(line),
    time: seconds === undefined ? Date.parse(time?.[1] ?? '') : epoch(Number(seconds)),
    clock: time ? 'utc' : 'none',
  };
}

/** JSON klog has no level: an error carries `err`, the rest is info. */
function klogJsonLevel(line: string): LogLevel {
  return /"err"\s*:/.test(line) ? 'error' : 'info';
}

/** zap writes seconds, JSON klog milliseconds. */
function epoch(value: number): number {
  return value > 1e11 ? value : value * 1000;
}

export const logrusParser: Parser = logParser({
  kind: 'logrus',
  title: 'Log of containerd, docker or a CNI plugin (logrus text or JSON)',
  command: 'Get-Content C:\\ProgramData\\containerd\\containerd.log',
  head: (line) => logrusTextHead(line) ?? jsonLogHead(line),
  mixedWith: [klogHead],
});
