import type { LineRange } from '../../model/evidence';
import type { Parser, ParseResult, Region } from '../parser';
import { vfpDump } from './vfp-dump';
import { VfpScanner } from './vfp-scan';

const ITEM = /^\s*(?:LAYER|GROUP|RULE)\s*:/;
const TRAILER =
  /^\s*Command (?:list-(?:layer|group|rule|space|mapping|nat-range)|get-(?:rule-counter|port-state|flow-stats|port-flow-stats)) succeeded!/;
const ECHO =
  /vfpctrl(?:\.exe)?"?\s.*\/(?:list-(?:layer|group|rule|space|mapping|nat-range)|get-(?:rule-counter|port-state|flow-stats|port-flow-stats))/i;

/** How many of the region's lines are looked at beyond the head: dumps begin with a port table of any length. */
const LOOK_FURTHER = 400;

function recognise(region: Region, head: readonly string[]): number {
  const lines =
    head.length >= 200
      ? head
      : region.file.lines(region.line, Math.min(region.endLine, region.line + LOOK_FURTHER));
  let score = 0;
  for (const line of lines) {
    if (/^\s*Policy for port\b/.test(line)) return 98;
    if (TRAILER.test(line) || ECHO.test(line)) return 96;
    if (ITEM.test(line)) score = Math.max(score, 92);
    else if (/^\s*ITEM LIST\s*$/.test(line)) score = Math.max(score, 60);
    else if (/^\s*Flow TTL\s*:|^\s*DIP Range\(s\)\s*:|^\s*Encap Source IP\s*:/.test(line))
      score = Math.max(score, 75);
    else if (/^\s*BlockedLayerCreation\s*:/i.test(line)) score = Math.max(score, 75);
  }
  if (score > 0) return score;
  return /vfp/i.test(region.file.path.split('/').pop() ?? '') ? 30 : 0;
}

/**
 * Reads vfpctrl text of any extent: a whole vfpOutput.txt or a fragment. Linear in the size of the
 * region, and without an object per rule. Facts: one `vfp` item. What is not vfpctrl output is not
 * claimed; what is and cannot be placed is noted with its lines.
 */
function parse(region: Region): ParseResult {
  const scan = new VfpScanner(region).run();
  const claimed = complement(region, scan.unplaced);
  const dump = vfpDump(region.file, scan);
  const nothing = dump.ports.length === 0;
  return {
    facts: nothing ? [] : [{ kind: 'vfp', items: [dump] }],
    claimed: nothing ? [] : claimed,
    notes: scan.notes,
  };
}

function complement(region: Region, holes: readonly LineRange[]): LineRange[] {
  const claimed: LineRange[] = [];
  let next = region.line;
  for (const hole of [...holes].sort((a, b) => a.line - b.line)) {
    if (hole.line > next) claimed.push({ line: next, endLine: hole.line - 1 });
    next = Math.max(next, hole.endLine + 1);
  }
  if (next <= region.endLine) claimed.push({ line: next, endLine: region.endLine });
  return claimed;
}

export const vfpOutput: Parser = {
  kind: 'vfp-output',
  title: 'VFP layers, groups and rules of the vSwitch ports.',
  command: 'powershell -File dumpVfpPolicies.ps1 -switchName <name> -outfile vfpOutput.txt',
  recognise,
  parse,
};
