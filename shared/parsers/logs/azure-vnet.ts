import type { Parser } from '../parser';
import type { LogHead } from './log-head';
import { timeOfDay } from './log-head';
import { logParser } from './log-reader';
import { jsonLogHead } from './logrus';

const LEGACY = /^(\d{4})\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d+))? /;
const SAYS_ERROR = /\bfailed\b|\bpanic\b|\berr(?:or)?:(?! ?<?nil)/i;

/**
 * The older line of azure-vnet (`2018/07/03 13:29:52 [net] ...`, later with `[pid]` before the
 * module), which is also Go's standard log. It has no level: a line that tells of a failure is
 * taken as an error. Newer versions write JSON between these lines (see logrus.ts).
 */
export function slashDateHead(line: string): LogHead | undefined {
  const first = line.charCodeAt(0);
  if (first < 48 || first > 57) return undefined;
  const match = LEGACY.exec(line);
  if (!match) return undefined;
  const [, year, month, day, h = '', m = '', s = '', fraction] = match;
  return {
    level: SAYS_ERROR.test(line) ? 'error' : 'info',
    time:
      Date.UTC(Number(year), Number(month) - 1, Number(day)) + timeOfDay(h, m, s, fraction ?? ''),
    clock: 'local-unknown-zone',
  };
}

/** azure-vnet names its modules in brackets or, in JSON, the plugin; other Go programs do not. */
function isAzureVnet(line: string): boolean {
  return (
    /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d (?:\[\d+\] )?\[(?:cni|net|cni-net|ipam|cni-ipam|Azure CNI)[^\]]*\]/.test(
      line,
    ) || /^\{.*(?:"component":"cni|azure-vnet)/.test(line)
  );
}

export const azureVnetParser: Parser = logParser({
  kind: 'azure-vnet-log',
  title: 'Log of the Azure CNI plugin (azure-vnet)',
  command: 'Get-Content C:\\k\\azure-vnet.log',
  head: slashDateHead,
  mixedWith: [jsonLogHead],
  sure: isAzureVnet,
});
