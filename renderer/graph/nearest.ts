export interface Placed {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

export type Direction = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

export const isDirection = (key: string): key is Direction =>
  key === 'ArrowLeft' || key === 'ArrowRight' || key === 'ArrowUp' || key === 'ArrowDown';

/** A step sideways counts more than one ahead, so that a column is walked before it is left. */
const sidewaysWeight = 2.5;

/** The node that an arrow key leads to from `from`; undefined at the edge. */
export function nearest(
  from: Placed,
  direction: Direction,
  nodes: readonly Placed[],
): Placed | undefined {
  let best: Placed | undefined;
  let least = Infinity;
  for (const node of nodes) {
    if (node.id === from.id) continue;
    const dx = node.x - from.x;
    const dy = node.y - from.y;
    const horizontal = direction === 'ArrowLeft' || direction === 'ArrowRight';
    const forward = direction === 'ArrowRight' || direction === 'ArrowDown' ? 1 : -1;
    const ahead = (horizontal ? dx : dy) * forward;
    if (ahead <= 1) continue;
    const distance = ahead + Math.abs(horizontal ? dy : dx) * sidewaysWeight;
    if (distance < least) {
      least = distance;
      best = node;
    }
  }
  return best;
}
