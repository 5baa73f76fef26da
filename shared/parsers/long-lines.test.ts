import { expect, it } from 'vitest';
import { textFileOf } from '../text/text-file';
import { parseFile } from './parse-file';

/** Lines that made a pattern try every character against all that follow it: 5 to 20 s each. */
const SIZE = 120_000;

it.each([
  ['numbers', 'network.txt', `{"a": [${'1,'.repeat(SIZE / 2)}`],
  ['brackets', 'pods.json', '['.repeat(SIZE)],
  ['blanks', 'dns-direct.txt', `Server:  dns\nAddress:  10.96.0.10\n\n${' '.repeat(SIZE)}x`],
  ['carriage returns', 'ip.txt', `Windows IP Configuration${'\r'.repeat(SIZE)}x\r`],
  ['one word', 'reservedports.txt', 'reserve '.repeat(SIZE / 8)],
])('a very long line of %s is read in time that grows with its length', (_, path, text) => {
  const started = performance.now();
  parseFile(textFileOf(path, `${text}\n`));
  expect(performance.now() - started).toBeLessThan(2000);
});
