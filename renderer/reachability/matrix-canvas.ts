import type { ReachabilityHead } from '../../shared/ipc/reachability-schemas';
import { cutMiddle } from '../controls/text';

/** Sizes in px. */
export const rowHeadWidth = 216;
export const columnHeadHeight = 156;
const groupBand = 16;
const letterWidth = 6.5;

/** What is on screen of the matrix. */
export interface Shown {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  readonly size: number;
  readonly rows: number;
  readonly columns: number;
  readonly active: { readonly row: number; readonly column: number };
  readonly focused: boolean;
  readonly row: (index: number) => ReachabilityHead | undefined;
  readonly column: (index: number) => ReachabilityHead | undefined;
  readonly cell: (row: number, column: number) => string | undefined;
}

type Colour = (token: string) => string;

/** Draws the window of the matrix: heads stay, cells move under them. */
export function drawMatrix(canvas: HTMLCanvasElement, shown: Shown): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const { width, height } = shown;
  const ratio = window.devicePixelRatio;
  if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
  if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
  const style = getComputedStyle(canvas);
  const colour: Colour = (token) => style.getPropertyValue(token).trim();
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = colour('--card');
  context.fillRect(0, 0, width, height);
  cells(context, shown, colour);
  const font = style.fontFamily;
  rowHeads(context, shown, colour, font);
  columnHeads(context, shown, colour, font);
  context.fillStyle = colour('--panel');
  context.fillRect(0, 0, rowHeadWidth, columnHeadHeight);
  context.fillStyle = colour('--dim');
  context.font = `12px ${font}`;
  context.textAlign = 'right';
  context.fillText('to →', rowHeadWidth - 10, columnHeadHeight - 28);
  context.fillText('from ↓', rowHeadWidth - 10, columnHeadHeight - 10);
  line(context, colour, 0, columnHeadHeight - 0.5, width, columnHeadHeight - 0.5);
  line(context, colour, rowHeadWidth - 0.5, 0, rowHeadWidth - 0.5, height);
}

/** Indexes of the rows and columns that can be seen. */
export function inSight({ left, top, width, height, size, rows, columns }: Shown): {
  readonly first: { readonly row: number; readonly column: number };
  readonly last: { readonly row: number; readonly column: number };
} {
  return {
    first: { row: Math.floor(top / size), column: Math.floor(left / size) },
    last: {
      row: Math.max(0, Math.min(rows - 1, Math.floor((top + height - columnHeadHeight) / size))),
      column: Math.max(0, Math.min(columns - 1, Math.floor((left + width - rowHeadWidth) / size))),
    },
  };
}

function cells(context: CanvasRenderingContext2D, shown: Shown, colour: Colour): void {
  const { first, last } = inSight(shown);
  const { size, left, top, active } = shown;
  for (let row = first.row; row <= last.row; row += 1) {
    for (let column = first.column; column <= last.column; column += 1) {
      const x = rowHeadWidth + column * size - left;
      const y = columnHeadHeight + row * size - top;
      drawCell(context, shown.cell(row, column), x, y, size, colour);
    }
  }
  context.strokeStyle = colour(shown.focused ? '--accent' : '--control-line');
  context.lineWidth = 2;
  context.strokeRect(
    rowHeadWidth + active.column * size - left,
    columnHeadHeight + active.row * size - top,
    size,
    size,
  );
  context.lineWidth = 1;
}

/** A letter as shape and colour: arrives, lost, not known. */
function drawCell(
  context: CanvasRenderingContext2D,
  letter: string | undefined,
  x: number,
  y: number,
  size: number,
  colour: Colour,
): void {
  const inner = size - 2;
  const middle = { x: x + size / 2, y: y + size / 2 };
  const arm = Math.min(5, size / 4);
  if (letter === 'o') {
    context.fillStyle = colour('--ok-soft');
    context.fillRect(x + 1, y + 1, inner, inner);
    context.fillStyle = colour('--ok');
    context.fillRect(middle.x - 1.5, middle.y - 1.5, 3, 3);
  } else if (letter === 'x') {
    context.fillStyle = colour('--error');
    context.fillRect(x + 1, y + 1, inner, inner);
    context.strokeStyle = colour('--card');
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(middle.x - arm, middle.y - arm);
    context.lineTo(middle.x + arm, middle.y + arm);
    context.moveTo(middle.x + arm, middle.y - arm);
    context.lineTo(middle.x - arm, middle.y + arm);
    context.stroke();
    context.lineWidth = 1;
  } else if (letter === '?') {
    context.fillStyle = colour('--unchecked-soft');
    context.fillRect(x + 1, y + 1, inner, inner);
    context.strokeStyle = colour('--unchecked-line');
    context.setLineDash([2, 2]);
    context.beginPath();
    context.arc(middle.x, middle.y, arm, 0, 2 * Math.PI);
    context.stroke();
    context.setLineDash([]);
  } else if (letter === '.') {
    context.strokeStyle = colour('--line');
    context.beginPath();
    context.moveTo(x + 3, y + size - 3);
    context.lineTo(x + size - 3, y + 3);
    context.stroke();
  }
}

function rowHeads(
  context: CanvasRenderingContext2D,
  shown: Shown,
  colour: Colour,
  font: string,
): void {
  const { first, last } = inSight(shown);
  const { size, top, height, active } = shown;
  context.fillStyle = colour('--panel');
  context.fillRect(0, columnHeadHeight, rowHeadWidth, height - columnHeadHeight);
  context.textBaseline = 'middle';
  for (let row = first.row; row <= last.row; row += 1) {
    const head = shown.row(row);
    if (head === undefined) continue;
    const y = columnHeadHeight + row * size - top;
    if (row === 0 || shown.row(row - 1)?.group !== head.group)
      line(context, colour, 0, Math.round(y) - 0.5, shown.width, Math.round(y) - 0.5);
    const begins = row === first.row || shown.row(row - 1)?.group !== head.group;
    context.font = `11px ${font}`;
    context.fillStyle = colour('--dim');
    context.textAlign = 'left';
    const group = begins ? cutMiddle(head.group, 10) : '';
    const room = begins ? context.measureText(group).width + 8 : 0;
    if (begins) context.fillText(group, 8, y + size / 2);
    context.font = row === active.row ? `600 11px ${font}` : `11px ${font}`;
    context.fillStyle = colour('--text');
    context.textAlign = 'right';
    const letters = Math.floor((rowHeadWidth - 20 - room) / letterWidth);
    context.fillText(cutMiddle(head.name, letters), rowHeadWidth - 8, y + size / 2);
  }
}

function columnHeads(
  context: CanvasRenderingContext2D,
  shown: Shown,
  colour: Colour,
  font: string,
): void {
  const { first, last } = inSight(shown);
  const { size, left, width, active } = shown;
  context.fillStyle = colour('--panel');
  context.fillRect(rowHeadWidth, 0, width - rowHeadWidth, columnHeadHeight);
  const letters = Math.floor((columnHeadHeight - groupBand - 14) / letterWidth);
  for (let column = first.column; column <= last.column; column += 1) {
    const head = shown.column(column);
    if (head === undefined) continue;
    const x = rowHeadWidth + column * size - left;
    context.save();
    context.translate(x + size / 2, columnHeadHeight - 6);
    context.rotate(-Math.PI / 2);
    context.font = column === active.column ? `600 11px ${font}` : `11px ${font}`;
    context.fillStyle = colour('--text');
    context.textAlign = 'left';
    context.textBaseline = 'middle';
    context.fillText(cutMiddle(head.name, letters), 0, 0);
    context.restore();
  }
  groupNames(context, shown, colour, font);
}

/** A group as far as it has room: with its namespace, without, or not at all. */
function groupName(
  context: CanvasRenderingContext2D,
  group: string,
  room: number,
): string | undefined {
  const [kind = ''] = group.split(' · ');
  return [group, kind].find((name) => context.measureText(name).width <= room);
}

/** The names of groups above their columns, as far as each group has room. */
function groupNames(
  context: CanvasRenderingContext2D,
  shown: Shown,
  colour: Colour,
  font: string,
): void {
  const { first, last } = inSight(shown);
  const { size, left, height } = shown;
  context.font = `600 11px ${font}`;
  context.fillStyle = colour('--dim');
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  let start = first.column;
  for (let column = first.column; column <= last.column; column += 1) {
    const group = shown.column(column)?.group;
    const ends = column === last.column || shown.column(column + 1)?.group !== group;
    if (!ends) continue;
    const x = Math.max(rowHeadWidth, rowHeadWidth + start * size - left);
    const room = rowHeadWidth + (column + 1) * size - left - x;
    const name = groupName(context, group ?? '', room - 8);
    if (name !== undefined) context.fillText(name, x + 4, groupBand / 2 + 2);
    const edge = Math.round(x + room) - 0.5;
    line(context, colour, edge, 0, edge, height);
    context.fillStyle = colour('--dim');
    start = column + 1;
  }
}

function line(
  context: CanvasRenderingContext2D,
  colour: Colour,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
): void {
  context.strokeStyle = colour('--line-strong');
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}
