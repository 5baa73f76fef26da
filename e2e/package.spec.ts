import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { chromium, type Browser } from 'playwright';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { chromiumSwitches, projectFolder } from './app';

/* The application as users get it: packed, with the fuses of a release. Linux only. */

const linux = process.platform === 'linux';
let folder: string;
let program: string;
let child: ChildProcess | undefined;
let browser: Browser | undefined;

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
  await browser?.close();
  if (child !== undefined && child.exitCode === null) {
    const ended = new Promise((resolve) => child?.once('exit', resolve));
    child.kill();
    await ended;
  }
  await rm(folder, { recursive: true, force: true });
});

test.runIf(linux)('the packed application opens its window and analyses a sample', async () => {
  child = spawn(
    program,
    [
      '--remote-debugging-port=0',
      '--sample=broken-services-l2bridge',
      ...chromiumSwitches(path.join(folder, 'profile')),
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  browser = await chromium.connectOverCDP(await debuggerAddress(child));
  const page = browser.contexts()[0]?.pages()[0];
  if (page === undefined) throw new Error('There is no page.');
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  expect(page.url()).toBe('app://workbench/index.html');
  expect(await page.title()).toBe('HNS Workbench');
  await vi.waitFor(
    async () => {
      const summary = await page.evaluate(() => window.workbench.call('case:summary', {}));
      expect(summary).toMatchObject({ ok: true });
    },
    { timeout: 20_000 },
  );
});

test.runIf(linux)('the packed program cannot be used as Node', () => {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  const result = spawnSync(program, ['-e', 'console.log("ran as Node")'], {
    env: { ...env, DISPLAY: '' },
    encoding: 'utf8',
    timeout: 20_000,
  });
  expect(result.stdout).not.toContain('ran as Node');
});

test.runIf(linux)('a folder planted beside the packed application does not run', async () => {
  const planted = path.join(folder, 'linux-unpacked/resources/app');
  await mkdir(planted, { recursive: true });
  await writeFile(path.join(planted, 'package.json'), '{"main": "main.cjs"}');
  await writeFile(path.join(planted, 'main.cjs'), 'console.log("planted"); process.exit();');
  // It would end by itself; the packed application is ended after a while.
  const result = spawnSync(program, chromiumSwitches(path.join(folder, 'profile-2')), {
    encoding: 'utf8',
    timeout: 3_000,
  });
  expect(result.stdout).not.toContain('planted');
});

/** The address that Chromium prints when it listens for a debugger. */
function debuggerAddress(program: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    program.once('exit', (code) => reject(new Error(`Ended with code ${code}:\n${output}`)));
    program.stderr?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const found = /DevTools listening on (ws:\S+)/.exec(output);
      if (found?.[1] !== undefined) resolve(found[1]);
    });
  });
}
