import type { LineRange } from '../../model/evidence';
import { mac } from '../../model/ids';
import type { VfpPortState } from '../../model/vfp';
import type { TextFile } from '../../text/text-file';
import { bareLine, keyValue } from './vfp-body';

/** How many lines are looked at to tell what loose lines are; a port table or state is never longer. */
const MOST_LINES = 4000;

interface PortRow {
  readonly name: string;
  readonly mac: string | undefined;
  readonly portId: string | undefined;
  readonly friendlyName: string | undefined;
  readonly line: number;
}

/**
 * The table of ports that dumpVfpPolicies.ps1 writes first: columns `Port name`, `Mac Address`,
 * `PortId` (PowerShell table, column starts from the dashes line), or the same as a list.
 * `rest` are lines that are neither.
 */
export function readPortTable(
  file: TextFile,
  range: LineRange,
): { readonly rows: readonly PortRow[]; readonly rest: readonly LineRange[] } {
  const rows: PortRow[] = [];
  const rest: { line: number; endLine: number }[] = [];
  let columns: { readonly name: string; readonly start: number; readonly end: number }[] = [];
  let current: { -readonly [K in keyof PortRow]: PortRow[K] } | undefined;
  const last = Math.min(range.endLine, range.line + MOST_LINES);
  for (let n = range.line; n <= last; n += 1) {
    const line = file.line(n);
    if (line.trim() === '') continue;
    if (/^\s*Port name\s{2,}/i.test(line) && !line.includes(':')) {
      columns = columnsOf(line, file.line(n + 1));
      n += columns.length > 0 ? 1 : 0;
      continue;
    }
    if (columns.length > 0) {
      const cell = (name: string): string => {
        const column = columns.find((c) => c.name === name);
        return column ? line.slice(column.start, column.end).trim() : '';
      };
      const name = cell('port name');
      if (name !== '') {
        const friendly = cell('port friendly name') || cell('friendly name');
        rows.push({
          name,
          mac: mac(cell('mac address')),
          portId: cell('portid') || undefined,
          friendlyName: friendly || undefined,
          line: n,
        });
        continue;
      }
    }
    const pair = keyValue(line);
    const key = pair?.key.trim().toLowerCase();
    if (pair && key === 'port name') {
      current = {
        name: pair.value,
        mac: undefined,
        portId: undefined,
        friendlyName: undefined,
        line: n,
      };
      rows.push(current);
    } else if (pair && current && key === 'mac address') current.mac = mac(pair.value);
    else if (pair && current && key === 'portid') current.portId = pair.value;
    else if (pair && current && key === 'port friendly name') current.friendlyName = pair.value;
    else if (pair && current && key === 'switch name') continue;
    else push(rest, n);
  }
  if (last < range.endLine) rest.push({ line: last + 1, endLine: range.endLine });
  return { rows, rest };
}

function columnsOf(head: string, dashes: string): { name: string; start: number; end: number }[] {
  const starts = [...dashes.matchAll(/-+/g)].map((match) => match.index);
  if (starts.length === 0 || !/^[\s-]+$/.test(dashes)) return [];
  return starts.map((start, i) => {
    const end = starts[i + 1] ?? Number.MAX_SAFE_INTEGER;
    return { name: head.slice(start, end).trim().toLowerCase(), start, end };
  });
}

const STATE_KEYS: ReadonlyMap<
  string,
  'enabled' | 'blocked' | 'blockedOnRestore' | 'blockedLayerCreation'
> = new Map([
  ['enabled', 'enabled'],
  ['blocked', 'blocked'],
  ['blockedonrestore', 'blockedOnRestore'],
  ['blockedlayercreation', 'blockedLayerCreation'],
]);
const OTHER_STATE = /^(?:Preserving Vlan|VM Context Set|VMQ|SR-IOV|VXLAN|NVGRE|RSS|Port state)\b/i;

/**
 * `/get-port-state`: `Blocked : TRUE` and the like, plus flag lines without a value.
 * `found` is false when none of the known keys is there; `rest` are lines that are not of it.
 */
export function readState(
  file: TextFile,
  range: LineRange,
): { readonly found: boolean; readonly state: VfpPortState; readonly rest: readonly LineRange[] } {
  const values: { -readonly [K in keyof VfpPortState]?: boolean } = {};
  const rest: { line: number; endLine: number }[] = [];
  let found = false;
  let first = range.line;
  let final = range.line;
  const last = Math.min(range.endLine, range.line + MOST_LINES);
  for (let n = range.line; n <= last; n += 1) {
    const line = bareLine(file.line(n));
    if (line === '') continue;
    const pair = keyValue(line);
    const key = STATE_KEYS.get(pair?.key.replace(/[\s_-]/g, '').toLowerCase() ?? '');
    const value =
      pair && /^(true|false|1|0|yes|no)$/i.test(pair.value)
        ? /^(true|1|yes)$/i.test(pair.value)
        : undefined;
    if (key !== undefined && value !== undefined) {
      if (!found) first = n;
      found = true;
      final = n;
      values[key] = value;
    } else if (OTHER_STATE.test(line)) final = n;
    else push(rest, n);
  }
  if (last < range.endLine) rest.push({ line: last + 1, endLine: range.endLine });
  const evidence = { file: file.path, line: first, endLine: Math.max(first, final) };
  return { found, state: { ...values, evidence }, rest };
}

const RULE_KEYS =
  /^(?:Friendly name|Priority|Flags|FlagsEx|Type|Direction|Match type|Conditions|Protocols|Source (?:IP|ports?|MAC)|Destination (?:IP|ports?|MAC)|Flow TTL|Rule Data|Encap Type|Encap Source IP|Encap Destination\(s\)|Map space|GRE key|Count of DIP Ranges|DIP Range\(s\)|Transposition|Modify)\s*:/i;
const RULE_SENTENCES =
  /^(?:\{.*\}|<none>|Decrementing TTL|Fixing (?:inner )?MAC|Modifying .*|Creating a flow pair|Using source PA MAC|CA routing enabled)$/i;

/** Could this (trimmed) line stand inside a layer, group or rule? For the rest of an item that was cut off. */
export function isLooseRuleLine(text: string): boolean {
  return RULE_KEYS.test(text) || RULE_SENTENCES.test(text);
}

function push(ranges: { line: number; endLine: number }[], n: number): void {
  const last = ranges.at(-1);
  if (last && last.endLine === n - 1) last.endLine = n;
  else ranges.push({ line: n, endLine: n });
}
