import { describe, expect, it } from 'vitest';
import { readTime } from './time-field';

describe('times typed into the log filter', () => {
  it('are read as UTC, to the second, minute or day', () => {
    expect(readTime('2019-04-30 13:11')).toBe(Date.UTC(2019, 3, 30, 13, 11));
    expect(readTime('2019-04-30T13:11:02Z')).toBe(Date.UTC(2019, 3, 30, 13, 11, 2));
    expect(readTime('2019-04-30')).toBe(Date.UTC(2019, 3, 30));
  });

  it('are no time when they are something else', () => {
    expect(readTime('yesterday')).toBeNull();
    expect(readTime('')).toBeNull();
  });
});
