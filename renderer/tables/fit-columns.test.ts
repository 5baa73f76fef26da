import { describe, expect, it } from 'vitest';
import { fitColumns } from './fit-columns';

const column = (content: number, wanted = content, title = 60) => ({ content, wanted, title });
const total = (widths: readonly number[]): number => widths.reduce((all, each) => all + each, 0);

describe('widths of columns', () => {
  it('show everything where it fits, and give what is left to those that want it', () => {
    expect(fitColumns([column(100), column(200, 400), column(50)], 600)).toEqual([100, 400, 60]);
    expect(fitColumns([column(100), column(200, 400)], 350)).toEqual([100, 250]);
  });

  it('cut long text where room lacks, and keep short text whole', () => {
    const widths = fitColumns(
      [column(80, 120), column(190, 120), column(400, 300), column(300, 200)],
      620,
    );
    expect(widths.slice(0, 2)).toEqual([80, 190]);
    expect(Math.min(...widths.slice(2))).toBeGreaterThanOrEqual(112);
    expect(total(widths)).toBeLessThanOrEqual(620);
  });

  it('pass the room rather than make text unreadable', () => {
    expect(fitColumns([column(440, 400), column(130, 90)], 200)).toEqual([220, 112]);
    expect(fitColumns([column(20, 10, 150), column(20, 10, 150)], 200)).toEqual([150, 150]);
  });

  it('bound what is endless', () => {
    expect(fitColumns([column(20_000, 150)], 1000)).toEqual([460]);
  });

  it('have no columns', () => {
    expect(fitColumns([], 500)).toEqual([]);
  });
});
