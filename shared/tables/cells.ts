import type { Evidence, Sourced } from '../model/evidence';
import type { EntityRef } from '../model/finding';
import { toneOf, type ViewContext } from '../inspect/view-context';
import type { Cell, CellTone } from './table';

/** Plain text; an unknown value is an em dash, dim: not known is not empty. */
export function text(value: string | number | undefined, tone?: CellTone): Cell {
  return value === undefined || value === ''
    ? { text: '—', tone: 'dim' }
    : { text: String(value), tone };
}

/** Values with commas between; none at all is an em dash, as what is not known. */
export function list(values: readonly string[], tone?: CellTone): Cell {
  return text(values.join(', '), tone);
}

/** An amount, with thousands separators. */
export function number(value: number | undefined, tone?: CellTone): Cell {
  return value === undefined
    ? { text: '—', tone: 'dim', sort: -1 }
    : { text: value.toLocaleString('en-US'), tone, sort: value };
}

/** A number that names something (a port, an index, a VNI, a metric, an MTU): no thousands separators. */
export function plain(value: number | undefined): Cell {
  return value === undefined
    ? { text: '—', tone: 'dim', sort: -1 }
    : { text: String(value), sort: value };
}

/** Yes, no, or an em dash where it is not known; red where it equals `badWhen`. */
export function yesNo(value: boolean | undefined, badWhen?: boolean): Cell {
  if (value === undefined) return { text: '—', tone: 'dim' };
  return { text: value ? 'yes' : 'no', tone: value === badWhen ? 'error' : undefined };
}

/** A link to an object, coloured by its findings. */
export function link(context: ViewContext, ref: EntityRef | undefined): Cell {
  if (!ref) return { text: '—', tone: 'dim' };
  return { text: ref.name, ref, tone: toneOf(context, ref) };
}

/** `file:line`, opens the raw text. */
export function source(entity: Sourced): Cell {
  return evidenceCell(entity.evidence[0]);
}

/** `file:line` without folders, opens the raw text; an em dash without evidence. */
export function evidenceCell(evidence: Evidence | undefined): Cell {
  if (!evidence) return { text: '—', tone: 'dim' };
  const file = evidence.file.split('/').pop() ?? evidence.file;
  return { text: `${file}:${evidence.line}`, evidence };
}

/** UTC, to the second. */
export function time(ms: number | undefined): Cell {
  if (ms === undefined) return { text: '—', tone: 'dim', sort: -1 };
  return { text: new Date(ms).toISOString().replace('T', ' ').slice(0, 19), sort: ms };
}
