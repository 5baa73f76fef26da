import { describe, expect, it } from 'vitest';
import {
  elementHeight,
  lastPosition,
  positionOf,
  positionToShow,
  rowsAt,
  scrollTopOf,
  tallestElement,
} from './scaled-scroll';

const row = 18;
const lines = 10_000_000;
const huge = { content: lines * row, view: 400 };
const small = { content: 1000 * row, view: 400 };

describe('scaled scrolling', () => {
  it('stays below what a browser allows', () => {
    expect(elementHeight(huge)).toBe(tallestElement);
    expect(elementHeight(huge)).toBeLessThan(33_554_428);
    expect(elementHeight(small)).toBe(18_000);
  });

  it('is plain scrolling for a file that fits', () => {
    expect(positionOf(1234, small)).toBe(1234);
    expect(scrollTopOf(1234, small)).toBe(1234);
  });

  it('reaches the last line of ten million exactly', () => {
    const end = positionOf(tallestElement - huge.view, huge);
    expect(end).toBe(lastPosition(huge));
    const seen = rowsAt(end, row, lines, huge.view);
    expect(seen.first + seen.count).toBe(lines);
    const bottom = (seen.first + seen.count) * row - end;
    expect(bottom).toBe(huge.view);
  });

  it('reaches the end though scrollTop is rounded down', () => {
    expect(positionOf(tallestElement - huge.view - 0.5, huge)).toBe(lastPosition(huge));
  });

  it('goes there and back within one line', () => {
    for (const line of [0, 1, 777_777, 5_000_001, 9_999_000]) {
      const position = line * row;
      expect(Math.abs(positionOf(scrollTopOf(position, huge), huge) - position)).toBeLessThan(row);
    }
  });

  it('shows a line without moving when it is in view, and a third down when not', () => {
    expect(positionToShow(10, 100, row, small)).toBe(100);
    const there = positionToShow(9_999_999, 0, row, huge);
    expect(there).toBe(lastPosition(huge));
    const middle = positionToShow(500, 0, row, small);
    expect(middle).toBeLessThan(500 * row);
    expect(middle + small.view).toBeGreaterThan(501 * row);
  });

  it('copes with an empty file', () => {
    expect(rowsAt(0, row, 0, 400)).toEqual({ first: 0, count: 0, shift: 0 });
    expect(positionOf(0, { content: 0, view: 400 })).toBe(0);
  });
});
