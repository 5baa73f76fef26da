import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chromiumSwitches, projectFolder } from './app';
import { eventually } from './eventually';
import { startPacked, type PackedApp } from './packed-app';

/* The application as users get it: packed, with the fuses of a release. Linux only. */

const linux = process.platform === 'linux';
let folder: string;
let program: string;
let packed: PackedApp | undefined;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'workbench-package-'));
  program = path.join(folder, 'linux-unpacked/hns-workbench');
  if (!linux) return;
  const script = path.join(projectFolder, 'electron/runtime/package.mjs');
  const built = spawnSync(process.execPath, [script, '--dir', '--output', folder], {
    encoding: 'utf8',
  });
  expect(built.status, built.stdout + built.stderr).toBe(0);
}, 180_000);

afterAll(async () => {
  await packed?.close();
  await rm(folder, { recursive: true, force: true });
});

test.runIf(linux)(
  'the packed application opens its window and analyses a sample',
  async () => {
    packed = await startPacked(program, [
      '--sample=broken-services-l2bridge',
      ...chromiumSwitches(path.join(folder, 'profile')),
    ]);
    const { page } = packed;
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    expect(page.url()).toBe('app://workbench/index.html');
    expect(await page.title()).toBe('HNS Workbench');
    await eventually(async () => {
      const summary = await page.evaluate(() => window.workbench.call('case:summary', {}));
      expect(summary).toMatchObject({ ok: true });
    });
  },
  180_000,
);

test.runIf(linux)(
  'licences lie beside the packed program, its own and those of its libraries',
  async () => {
    const licences = path.join(path.dirname(program), 'licences');
    expect(await readFile(path.join(licences, 'LICENSE.txt'), 'utf8')).toContain('MIT License');
    for (const [part, library] of [
      ['main', 'zod'],
      ['analysis', 'yauzl'],
      ['live', 'ssh2'],
      ['renderer', 'cytoscape'],
    ] as const) {
      const text = await readFile(path.join(licences, part, 'licences.md'), 'utf8');
      expect(text).toContain(`## ${library} - `);
    }
  },
);

test.runIf(linux)('the packed program cannot be used as Node', () => {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  const result = spawnSync(program, ['-e', 'console.log("ran as Node")'], {
    env: { ...env, DISPLAY: '' },
    encoding: 'utf8',
    timeout: 20_000,
  });
  expect(result.stdout).not.toContain('ran as Node');
});

test.runIf(linux)(
  'a folder planted beside the packed application does not run',
  async () => {
    const planted = path.join(folder, 'linux-unpacked/resources/app');
    await mkdir(planted, { recursive: true });
    await writeFile(path.join(planted, 'package.json'), '{"main": "main.cjs"}');
    await writeFile(path.join(planted, 'main.cjs'), 'console.log("planted"); process.exit();');
    // It would end at once; the packed application opens its window.
    const again = await startPacked(program, chromiumSwitches(path.join(folder, 'profile-2')));
    expect(await again.page.title()).toBe('HNS Workbench');
    await again.close();
  },
  180_000,
);
