import { describe, expect, it } from 'vitest';
import { nextCell } from './grid-keys';

const grid = { rows: 100, columns: 5, pageRows: 20 };

describe('keys in a grid', () => {
  it('move by cell, page and to the ends', () => {
    expect(nextCell({ row: 3, column: 2 }, 'ArrowDown', false, grid)).toEqual({
      row: 4,
      column: 2,
    });
    expect(nextCell({ row: 3, column: 2 }, 'PageDown', false, grid)).toEqual({
      row: 23,
      column: 2,
    });
    expect(nextCell({ row: 3, column: 2 }, 'End', false, grid)).toEqual({ row: 3, column: 4 });
    expect(nextCell({ row: 3, column: 2 }, 'End', true, grid)).toEqual({ row: 99, column: 4 });
    expect(nextCell({ row: 3, column: 2 }, 'Home', true, grid)).toEqual({ row: 0, column: 0 });
  });

  it('reach the head above the first row, and stop at the edges', () => {
    expect(nextCell({ row: 0, column: 0 }, 'ArrowUp', false, grid)).toEqual({ row: -1, column: 0 });
    expect(nextCell({ row: -1, column: 0 }, 'ArrowUp', false, grid)?.row).toBe(-1);
    expect(nextCell({ row: 99, column: 4 }, 'ArrowDown', false, grid)?.row).toBe(99);
    expect(nextCell({ row: 5, column: 0 }, 'PageUp', false, grid)?.row).toBe(0);
  });

  it('leave other keys alone', () => {
    expect(nextCell({ row: 0, column: 0 }, 'a', false, grid)).toBeUndefined();
  });
});
