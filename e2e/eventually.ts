import { vi } from 'vitest';

/**
 * Waits until `expectation` no longer throws. Vitest's own second is too short for a machine that
 * does other things; what never comes fails with the last error all the same.
 */
export function eventually<T>(expectation: () => Promise<T>): Promise<T> {
  return vi.waitFor(expectation, { timeout: 30_000, interval: 50 });
}
