/** A walk through places that can be gone back and forth, like a browser's. */
export interface Walk<T> {
  readonly past: readonly T[];
  readonly present: T;
  readonly future: readonly T[];
}

const longest = 200;

export function startWalk<T>(present: T): Walk<T> {
  return { past: [], present, future: [] };
}

/** Goes on to `next`; what lay ahead is forgotten. Staying where one is changes nothing. */
export function goOn<T>(walk: Walk<T>, next: T, same: (a: T, b: T) => boolean): Walk<T> {
  if (same(walk.present, next)) return walk;
  return { past: [...walk.past, walk.present].slice(-longest), present: next, future: [] };
}

export function goBack<T>(walk: Walk<T>): Walk<T> {
  const present = walk.past.at(-1);
  if (present === undefined) return walk;
  return { past: walk.past.slice(0, -1), present, future: [walk.present, ...walk.future] };
}

export function goForward<T>(walk: Walk<T>): Walk<T> {
  const [present, ...future] = walk.future;
  if (present === undefined) return walk;
  return { past: [...walk.past, walk.present], present, future };
}
