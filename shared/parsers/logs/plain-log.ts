import type { Parser } from '../parser';
import { componentOfName } from '../../model/log-component';
import type { LogHead } from './log-head';
import { readLog } from './log-reader';

const NAMED_LOG =
  /(?:\.log|\.err|\.out|\.ERROR|\.WARNING|\.INFO|\.FATAL|-log)(?:\.\d+|\.txt|\.old)?$/i;
const POWERSHELL_ERROR = /^[\w-]+ : |^(?:Exception|error|fatal|panic): ?/i;
const FAILURE = /\bfailed\b|\berror\b|CategoryInfo/i;
const DETAIL = /^\s|^At .*:\d+ char:\d+|^\+|^Line \|/;

/**
 * Any line of a log without time stamps starts an entry, except indented ones and the details of a
 * PowerShell error record (`At file:1 char:2`, `+ ...`), which belong to the error before.
 */
function plainHead(line: string): LogHead | undefined {
  if (line.trim() === '' || DETAIL.test(line)) return undefined;
  const level = /^WARNING: /i.test(line)
    ? 'warning'
    : POWERSHELL_ERROR.test(line) || FAILURE.test(line)
      ? 'error'
      : 'unknown';
  return { level, time: NaN, clock: 'none' };
}

/** The output of a start script, or a piece of a log whose lines lost their heads: known by its name only. */
export const plainLogParser: Parser = {
  kind: 'plain-log',
  title: 'Log without time stamps (start script, or lines cut from a log)',
  command: 'Get-Content C:\\k\\<component>.log',
  recognise: (region, head) => {
    const name = region.file.path.split('/').pop() ?? '';
    if (head.length > 0 && head.every((line) => line.trim() === '')) return 0;
    if (!NAMED_LOG.test(name)) return 0;
    return componentOfName(region.file.path) === 'other' ? 15 : 25;
  },
  parse: (region) => readLog(region, 'plain-log', [plainHead]),
};
