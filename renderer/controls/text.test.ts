import { describe, expect, it } from 'vitest';
import { bytes, counted, cutMiddle, evidenceText, fileName, whenOpened } from './text';

describe('words and numbers', () => {
  it('counts in words', () => {
    expect(counted(1, 'finding')).toBe('1 finding');
    expect(counted(0, 'finding')).toBe('0 findings');
    expect(counted(61904, 'line')).toBe('61,904 lines');
    expect(counted(2, 'entry')).toBe('2 entries');
  });

  it('gives sizes three digits at most', () => {
    expect(bytes(999)).toBe('999 B');
    expect(bytes(1234)).toBe('1.2 kB');
    expect(bytes(204_000_000)).toBe('204 MB');
  });

  it('cuts long names in the middle, keeping both ends', () => {
    const cut = cutMiddle('79eab0195b8c4a8f9a10_cbr0', 15);
    expect(cut).toHaveLength(15);
    expect(cut.startsWith('79eab01')).toBe(true);
    expect(cut.endsWith('_cbr0')).toBe(true);
    expect(cutMiddle('short', 15)).toBe('short');
  });

  it('names evidence by file and line', () => {
    expect(evidenceText({ file: 'logs/vfpOutput.txt', line: 7, endLine: 7 })).toBe(
      'vfpOutput.txt:7',
    );
    expect(evidenceText({ file: 'a\\b.txt', line: 7, endLine: 9 })).toBe('b.txt:7-9');
    expect(fileName('outer.zip!/inner/ip.txt')).toBe('ip.txt');
  });

  it('says when something was opened', () => {
    const noon = new Date(2024, 4, 5, 12, 0).getTime();
    expect(whenOpened(new Date(2024, 4, 5, 9, 12).getTime(), noon)).toBe('today 09:12');
    expect(whenOpened(new Date(2024, 4, 4, 9, 12).getTime(), noon)).toBe('yesterday');
    expect(whenOpened(new Date(2024, 3, 1, 9, 12).getTime(), noon)).toBe('2024-04-01');
  });
});
