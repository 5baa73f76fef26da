import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { quantise } from './quantise.mjs';

const icon = path.join(import.meta.dirname, '../../assets/icons/256x256.png');
const folder = mkdtempSync(path.join(os.tmpdir(), 'workbench-quantise-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What the header of a PNG says of its colours: 6 is true colour with transparency, 3 a palette. */
const coloursOf = (file: string): number | undefined => readFileSync(file)[25];

test('pictures get a palette where pngquant is there; where it is not, they stay, and that is said', () => {
  const { PATH } = process.env;
  const file = path.join(folder, 'picture.png');
  copyFileSync(icon, file);
  const said: string[] = [];
  const say = (line: string): void => void said.push(line);
  process.env['PATH'] = folder;
  try {
    quantise([file], say);
  } finally {
    process.env['PATH'] = PATH;
  }
  expect(said).toEqual([expect.stringMatching(/^pngquant is not here/)]);
  expect(readFileSync(file)).toEqual(readFileSync(icon));

  const here = spawnSync('pngquant', ['--version']).error === undefined;
  quantise([file], say);
  expect(said).toHaveLength(here ? 1 : 2);
  expect(coloursOf(file)).toBe(here ? 3 : coloursOf(icon));
});
