import { describe, expect, it } from 'vitest';
import { levelOfLine } from './line-level';

describe('the level of a line', () => {
  it.each([
    ['E0507 09:30:11.123456    4242 kubelet.go:2345] failed', 'error'],
    ['I0507 09:30:11.123456    4242 proxier.go:12] Syncing', 'info'],
    ['time="2024-05-07T09:30:11Z" level=warning msg="cleaning up"', 'warning'],
    ['{"level":"error","time":"2024-05-07T09:30:11Z","msg":"x"}', 'error'],
    ['2018-07-11 13:57:07.182620 E | failed to find network', 'error'],
    ['2024-05-07 09:30:11.123 [WARNING][123] felix/int_dataplane.go 45: x', 'warning'],
  ])('is read from its head: %s', (line, level) => {
    expect(levelOfLine(line)).toBe(level);
  });
  it('is that of the entry before for a line without a head', () => {
    expect(levelOfLine('goroutine 1 [running]:')).toBeUndefined();
    expect(levelOfLine('')).toBeUndefined();
  });
});
