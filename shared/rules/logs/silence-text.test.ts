import { describe, expect, it } from 'vitest';
import { silenceText } from './silence-text';

describe('a silence in words', () => {
  it.each([
    [20_000, '1 minute'],
    [119 * 60_000, '119 minutes'],
    [120 * 60_000, '2 hours'],
    [47 * 3_600_000, '47 hours'],
    [22_266 * 3_600_000, '928 days'],
  ])('%i ms is %s', (ms, text) => {
    expect(silenceText(ms)).toBe(text);
  });
});
