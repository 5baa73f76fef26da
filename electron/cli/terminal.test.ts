import { afterEach, expect, it, vi } from 'vitest';
import { processTerminal } from './terminal';

afterEach(() => vi.restoreAllMocks());

it('shows control characters of what it warns of, and obeys none', () => {
  const written: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  processTerminal().warn('a\u001b[31m.txt:\n  not recognised \u202egnp.\u009b2J');
  expect(written).toEqual([
    'hns-workbench: a<U+001B>[31m.txt: not recognised <U+202E>gnp.<U+009B>2J\n',
  ]);
});
