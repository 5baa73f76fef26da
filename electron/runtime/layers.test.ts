import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'workbench-layers-'));
  plant('shared/rules/rule.ts', 'export const rule = 1;\n');
  plant('shared/ipc/contract.ts', 'export const contract = 1;\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function plant(file: string, text: string): void {
  const target = path.join(folder, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text);
}

function check(): { code: number | null; output: string } {
  const script = path.resolve('electron/runtime/layers.mjs');
  const rooms = ['shared', 'electron', 'renderer'];
  for (const room of rooms) mkdirSync(path.join(folder, room), { recursive: true });
  const result = spawnSync(process.execPath, [script, ...rooms], { cwd: folder, encoding: 'utf8' });
  return { code: result.status, output: result.stderr };
}

test('allowed imports pass', () => {
  plant('renderer/a.ts', "import { contract } from '../shared/ipc/contract';\nvoid contract;\n");
  plant(
    'renderer/b.ts',
    "import type { rule } from '../shared/rules/rule';\nexport type B = typeof rule;\n",
  );
  expect(check()).toEqual({ code: 0, output: '' });
});

test.each([
  ['shared/model/a.ts', '../rules/rule'],
  ['shared/ipc/a.ts', '../rules/rule'],
  ['renderer/a.ts', '../shared/rules/rule'],
  ['electron/main/a.ts', '../../shared/rules/rule'],
  ['electron/preload/a.ts', '../../shared/rules/rule'],
  ['electron/sources/a.ts', '../../shared/rules/rule'],
  ['shared/rules/a.ts', 'node:fs'],
  ['renderer/a.ts', 'node:fs'],
  ['electron/cli/a.ts', 'electron'],
  ['shared/rules/a.ts', './missing'],
])('%s importing %s fails', (file, imported) => {
  plant(file, `import * as planted from '${imported}';\nexport default planted;\n`);
  const { code, output } = check();
  expect(output).toContain(file);
  expect(code).toBe(1);
});

test('a cycle fails', () => {
  plant('shared/model/a.ts', "import { b } from './b';\nexport const a = (): unknown => b;\n");
  plant('shared/model/b.ts', "import { a } from './a';\nexport const b = (): unknown => a;\n");
  const { code, output } = check();
  expect(output).toContain('no-cycles');
  expect(code).toBe(1);
});

test('a check that does not see all files fails', () => {
  // Excluded from the check by its name, but a source file all the same.
  plant('shared/node_modules/a.ts', 'export const a = 1;\n');
  const { code, output } = check();
  expect(output).toMatch(/Only 2 of 3 source files were seen/);
  expect(code).toBe(1);
});
