interface Point {
  readonly x: number;
  readonly y: number;
}

/** How far a curve runs level at either end, of the way across; less keeps edges apart. */
const bend = 0.3;

/**
 * Control points of a curve that leaves its source and reaches its target level, in the form
 * cytoscape wants: how far along the straight line, and how far off it.
 */
export function controlPoints(
  source: Point,
  target: Point,
): { readonly weights: readonly number[]; readonly distances: readonly number[] } {
  const dx = target.x - source.x;
  const dy = target.y - source.y;
  const square = dx * dx + dy * dy;
  if (square === 0) return { weights: [0.5], distances: [0] };
  const off = (bend * dx * dy) / Math.sqrt(square);
  return {
    weights: [(bend * dx * dx) / square, ((1 - bend) * dx * dx + dy * dy) / square],
    distances: [-off, off],
  };
}
