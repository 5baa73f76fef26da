/** What a column needs, in CSS pixels. */
export interface ColumnNeed {
  /** Its name. */
  readonly title: number;
  /** The widest of the rows that were looked at. */
  readonly content: number;
  /** What its table wants for it. */
  readonly wanted: number;
}

/** Wider than this, text is cut and shown whole on hover and in the inspector. */
const widest = 460;
/** Where room lacks, long text gives up a part of what its table wants for it, and no more. */
const leastShare = 0.55;
/** Text no wider than this is short: it is never cut. What a row is about stands in the first half. */
const short = { first: 200, later: 112 } as const;

/**
 * Widths for the columns of a table in `room` pixels. All that fits is shown whole; what is left
 * over goes to those that have less than they want. Where it does not fit, long text is cut as far
 * as it stays readable; where that is not enough, the table scrolls sideways.
 */
export function fitColumns(columns: readonly ColumnNeed[], room: number): number[] {
  const whole = columns.map(({ title, content }) => Math.max(title, Math.min(content, widest)));
  const least = columns.map(({ title, content, wanted }, at) =>
    content <= wanted
      ? (whole[at] ?? 0)
      : Math.min(
          whole[at] ?? 0,
          Math.max(title, wanted * leastShare, at < columns.length / 2 ? short.first : short.later),
        ),
  );
  const roomy = columns.map(({ wanted }, at) => Math.max(whole[at] ?? 0, wanted));
  if (sum(least) > room) return least.map(Math.round);
  const [from, to] = sum(whole) > room ? [least, whole] : [whole, roomy];
  const share = Math.min(1, (room - sum(from)) / Math.max(1, sum(to) - sum(from)));
  return from.map((width, at) => Math.floor(width + ((to[at] ?? 0) - width) * share));
}

const sum = (list: readonly number[]): number => list.reduce((total, each) => total + each, 0);
