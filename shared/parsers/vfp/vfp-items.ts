import type { VfpConditions, VfpDirection } from '../../model/vfp';
import { addCondition, bareLine, keyValue, noConditions } from './vfp-body';

/** What the lines of a `LAYER :` item say. */
export interface LayerText {
  readonly name: string;
  readonly priority: number | undefined;
  readonly flags: string;
}

/** What the lines of a `GROUP :` item say. */
export interface GroupText {
  readonly name: string;
  readonly priority: number | undefined;
  readonly direction: VfpDirection | undefined;
  readonly type: string;
  readonly conditions: VfpConditions;
  readonly matchType: string;
}

const number = (text: string): number | undefined =>
  /^\d+$/.test(text) ? Number(text) : undefined;

/** Reads a layer; an empty name is replaced by the friendly name. Lines that are not known are left to the raw view. */
export function readLayer(lines: readonly string[]): LayerText {
  let name = '';
  let friendly = '';
  let priority: number | undefined;
  let flags = '';
  for (const raw of lines) {
    const pair = keyValue(bareLine(raw));
    if (pair?.key === 'LAYER') name = pair.value;
    else if (pair?.key === 'Friendly name') friendly = pair.value;
    else if (pair?.key === 'Priority') priority = number(pair.value);
    else if (pair?.key === 'Flags') flags = pair.value;
  }
  return { name: name === '' ? friendly : name, priority, flags };
}

/** Bit 1 of a layer's flags, printed also as words: what no rule matches passes. */
export function isDefaultAllow(flags: string): boolean {
  if (/default\s+allow/i.test(flags)) return true;
  const hex = /^0x([0-9a-f]+)/i.exec(flags)?.[1];
  return hex !== undefined && (parseInt(hex, 16) & 1) === 1;
}

/** Reads a group with its own conditions. The direction falls back to the end of the name (`..._IPv4_OUT`). */
export function readGroup(lines: readonly string[]): GroupText {
  let name = '';
  let friendly = '';
  let priority: number | undefined;
  let direction: VfpDirection | undefined;
  let type = '';
  let matchType = '';
  const conditions = noConditions();
  let inConditions = false;
  for (const raw of lines) {
    const line = bareLine(raw);
    const pair = keyValue(line);
    switch (pair?.key) {
      case 'GROUP':
        name = pair.value;
        break;
      case 'Friendly name':
        friendly = pair.value;
        break;
      case 'Priority':
        priority = number(pair.value);
        break;
      case 'Direction':
        direction = /^out/i.test(pair.value) ? 'OUT' : /^in/i.test(pair.value) ? 'IN' : undefined;
        break;
      case 'Type':
        type = pair.value;
        break;
      case 'Match type':
        matchType = pair.value;
        inConditions = false;
        break;
      case 'Conditions':
        inConditions = true;
        break;
      default:
        if (inConditions) addCondition(line, conditions);
    }
  }
  const shown = name === '' ? friendly : name;
  direction ??= /_OUT(?:_V[46])?$/i.test(shown)
    ? 'OUT'
    : /_IN(?:_V[46])?$/i.test(shown)
      ? 'IN'
      : undefined;
  return { name: shown, priority, direction, type, conditions, matchType };
}
