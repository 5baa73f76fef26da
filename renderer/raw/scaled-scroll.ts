/**
 * Scrolling through content that is higher than an element may be. Chromium caps an element at
 * 33,554,428 px, which is 1.86 million lines of 18 px; content beyond that gets an element of a
 * fixed height, and positions are scaled between the two, so that both ends are reached exactly.
 */
export interface ScrollScale {
  /** Height of all rows, px. */
  readonly content: number;
  /** Height of what is seen, px. */
  readonly view: number;
}

/** Well below the cap, and below where 32-bit floats get coarser than a pixel. */
export const tallestElement = 8_000_000;

/** Height the element gets. */
export function elementHeight({ content }: ScrollScale): number {
  return Math.min(content, tallestElement);
}

export function isScaled(scale: ScrollScale): boolean {
  return scale.content > tallestElement;
}

/** The farthest position there is. */
export function lastPosition({ content, view }: ScrollScale): number {
  return Math.max(0, content - view);
}

export function clampPosition(position: number, scale: ScrollScale): number {
  return Math.max(0, Math.min(lastPosition(scale), position));
}

/** Position in the content for a `scrollTop` of the element. */
export function positionOf(scrollTop: number, scale: ScrollScale): number {
  if (!isScaled(scale)) return clampPosition(scrollTop, scale);
  const range = tallestElement - scale.view;
  // A scrollTop is rounded to device pixels; the last one means the very end.
  if (range <= 0 || scrollTop >= range - 1) return lastPosition(scale);
  return clampPosition((scrollTop / range) * lastPosition(scale), scale);
}

/** `scrollTop` of the element for a position in the content. */
export function scrollTopOf(position: number, scale: ScrollScale): number {
  const at = clampPosition(position, scale);
  const last = lastPosition(scale);
  if (!isScaled(scale) || last === 0) return at;
  return (at / last) * (tallestElement - scale.view);
}

/** Rows that are seen from a position: the first, how many, and how far the first is cut. */
export function rowsAt(
  position: number,
  rowHeight: number,
  rows: number,
  view: number,
): { readonly first: number; readonly count: number; readonly shift: number } {
  const first = Math.min(Math.max(0, rows - 1), Math.floor(position / rowHeight));
  const count = Math.min(rows - first, Math.ceil(view / rowHeight) + 1);
  return { first, count: Math.max(0, count), shift: position - first * rowHeight };
}

/** Position that brings a row into view: unchanged if it is in view, else with it a third down. */
export function positionToShow(
  row: number,
  position: number,
  rowHeight: number,
  scale: ScrollScale,
): number {
  const top = row * rowHeight;
  if (top >= position + rowHeight && top + rowHeight * 2 <= position + scale.view) return position;
  return clampPosition(top - Math.floor(scale.view / 3 / rowHeight) * rowHeight, scale);
}
