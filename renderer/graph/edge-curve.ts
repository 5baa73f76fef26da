interface Point {
  readonly x: number;
  readonly y: number;
}

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
  const off = (dx * dy) / (2 * Math.sqrt(square));
  return {
    weights: [(dx * dx) / 2 / square, (dx * dx * 0.5 + dy * dy) / square],
    distances: [-off, off],
  };
}
