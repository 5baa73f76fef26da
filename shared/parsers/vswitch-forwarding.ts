import type { LineRange } from '../model/evidence';
import type { Parser, ParseResult, Region } from './parser';
import { linesOf } from './parser';

const TRAILER = /^\s*Command get-switch-forwarding-settings succeeded/i;
const ECHO = /vfpctrl.*\/get-switch-forwarding-settings/i;
const NAME = /vswitchForwarding[^/]*$/i;

/**
 * vswitchForwarding.txt: `vfpctrl /switch <name> /get-switch-forwarding-settings` for each switch.
 * Free `key : value` lines that differ by build; kept and counted as read, not interpreted.
 */
function parse(region: Region): ParseResult {
  const evidence: LineRange[] = [];
  const byName = NAME.test(region.file.path);
  let open: { line: number; endLine: number } | undefined;
  for (const { n, text } of linesOf(region)) {
    const line = text.trim();
    if (line === '') continue;
    const ours =
      TRAILER.test(line) ||
      ECHO.test(line) ||
      /^(?:ITEM LIST|=+)$/.test(line) ||
      /^[^:{}]{1,60}:(?:\s|$)/.test(line) ||
      (byName && !/^[[{<]/.test(line));
    if (!ours) {
      open = undefined;
      continue;
    }
    if (open) open.endLine = n;
    else evidence.push((open = { line: n, endLine: n }));
    if (TRAILER.test(line)) open = undefined;
  }
  const settings = byName
    ? evidence
    : evidence.filter((range) =>
        region.file.lines(range.line, range.endLine).some((l) => TRAILER.test(l) || ECHO.test(l)),
      );
  if (settings.length === 0) return { facts: [], claimed: [], notes: [] };
  const items = settings.map(({ line, endLine }) => ({
    what: 'forwarding settings of a vSwitch',
    evidence: [{ file: region.file.path, line, endLine }],
  }));
  return { facts: [{ kind: 'opaque', items }], claimed: settings, notes: [] };
}

export const vswitchForwardingParser: Parser = {
  kind: 'vswitch-forwarding',
  title: 'Forwarding settings of the vSwitch; kept as text.',
  command: 'vfpctrl /switch <name> /get-switch-forwarding-settings',
  recognise(region, head) {
    if (head.some((line) => TRAILER.test(line) || ECHO.test(line))) return 94;
    return NAME.test(region.file.path) ? 35 : 0;
  },
  parse,
};
