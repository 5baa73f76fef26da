/** Milliseconds of the work below on a machine of the kind that the bounds are made for, when it has nothing else to do. */
const usual = 45;
const rounds = 40_000_000;

/**
 * How many times slower this machine is now than the one that time bounds are made for: 1 where it is
 * as fast or faster. A bound that is multiplied by it asks the same of the program everywhere.
 */
export function slowness(): number {
  const times = Array.from({ length: 5 }, () => {
    const begun = performance.now();
    let value = 1;
    for (let at = 0; at < rounds; at += 1)
      value = (Math.imul(value, 1_664_525) + 1_013_904_223) | 0;
    // The result is used, or the work may be left out.
    return performance.now() - begun + (value === 0 ? 1 : 0);
  });
  return Math.max(1, (times.sort((a, b) => a - b)[2] ?? usual) / usual);
}
