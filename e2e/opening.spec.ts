import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Progress } from '../shared/ipc/case-schemas';
import { chromiumSwitches, launch, projectFolder, type RunningApp } from './app';
import { eventually } from './eventually';

/* What main does around the analysis process; journeys through the views have files of their own. */

const sample = path.join(projectFolder, 'assets/samples/broken-services-l2bridge');
let folder: string;
let running: RunningApp;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'workbench-opening-'));
  await mkdir(path.join(folder, 'tmp'));
  running = await launch({ env: { TMPDIR: path.join(folder, 'tmp') } });
  await running.page.evaluate(() => {
    const progress: unknown[] = [];
    Object.assign(window, { progress });
    window.workbench.on('progress', (each) => progress.push(each));
  });
});
afterAll(async () => {
  await running.close();
  await rm(folder, { recursive: true, force: true });
});

/** Asks main to open paths, as the system's dialog would. */
async function open(...paths: readonly string[]): Promise<unknown> {
  await running.app.evaluate(({ dialog }, filePaths) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [...filePaths] });
  }, paths);
  return running.page.evaluate(async () => {
    const chosen = await window.workbench.call('app:choose', { what: 'folder' });
    if (!chosen.ok) return chosen;
    const sources = chosen.value.items.map(({ token }) => ({ kind: 'token' as const, token }));
    return window.workbench.call('case:open', { sources });
  });
}

function progressSoFar(): Promise<Progress[]> {
  return running.page.evaluate(() => [...(window as unknown as { progress: Progress[] }).progress]);
}

async function caseTitle(): Promise<string | undefined> {
  const summary = await running.page.evaluate(() => window.workbench.call('case:summary', {}));
  return summary.ok ? summary.value.title : undefined;
}

/** A bundle that takes seconds to read. */
async function hugeBundle(): Promise<string> {
  const bundle = path.join(folder, 'huge');
  await mkdir(bundle, { recursive: true });
  const names = await readdir(sample, { recursive: true });
  const name = names.find((each) => /vfpoutput/i.test(each)) ?? '';
  const text = await readFile(path.join(sample, name));
  const times = Math.ceil((150 * 2 ** 20) / Math.max(1, text.length));
  await writeFile(path.join(bundle, 'vfpOutput.txt'), Buffer.concat(Array(times).fill(text)));
  return bundle;
}

describe('opening', () => {
  test('a folder is analysed and remembered, by id and not by path', async () => {
    expect(await open(sample)).toEqual({ ok: true, value: null });
    expect(await caseTitle()).toBe('broken-services-l2bridge');
    const phases = async (): Promise<string[]> => (await progressSoFar()).map(({ phase }) => phase);
    await expect.poll(async () => (await phases()).at(-1)).toBe('done');
    expect((await phases())[0]).toBe('listing');
    await eventually(async () => {
      const state = await running.page.evaluate(() => window.workbench.call('app:state', {}));
      expect(state.ok && state.value.recent.map(({ name }) => name)).toEqual([
        'broken-services-l2bridge',
      ]);
      expect(JSON.stringify(state)).not.toContain(sample);
    });
  });

  test('what cannot be read is said, and what was open stays open', async () => {
    const broken = path.join(folder, 'gone');
    expect(await open(broken)).toMatchObject({ ok: false, error: { code: 'unreadable' } });
    await expect.poll(async () => (await progressSoFar()).at(-1)?.phase).toBe('failed');
    expect(await caseTitle()).toBe('broken-services-l2bridge');
  });

  test('a cancelled opening ends at once, and what was open stays open', async () => {
    const opening = open(await hugeBundle());
    const before = (await progressSoFar()).length;
    await eventually(async () =>
      expect((await progressSoFar()).length).toBeGreaterThan(before + 1),
    );
    const started = Date.now();
    await running.page.evaluate(() => window.workbench.call('case:cancel', {}));
    expect(await opening).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(Date.now() - started).toBeLessThan(1_000);
    await expect.poll(async () => (await progressSoFar()).at(-1)?.phase).toBe('cancelled');
    expect(await caseTitle()).toBe('broken-services-l2bridge');
  });

  test('the report is written to the file the user chose', async () => {
    const file = path.join(folder, 'report.html');
    await running.app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    }, file);
    const saved = await running.page.evaluate(() =>
      window.workbench.call('report:export', { format: 'html' }),
    );
    expect(saved).toEqual({ ok: true, value: { saved: 'report.html' } });
    const html = await readFile(file, 'utf8');
    expect(html).toMatch(/^<!doctype html>/i);
    expect(html).toMatch(/<\/html>\s*$/i);
    expect(await readdir(folder)).not.toContain('report.html.new');
  });

  test('a second start hands its bundle to the window that is there', async () => {
    const other = path.join(projectFolder, 'assets/samples/healthy-overlay');
    const second = spawn(
      process.env.ELECTRON_EXECUTABLE ?? '',
      [...chromiumSwitches(running.userData), projectFolder, other],
      { stdio: 'ignore' },
    );
    await new Promise((resolve) => second.once('exit', resolve));
    await eventually(async () => expect(await caseTitle()).toBe('healthy-overlay'));
  });

  test('closing ends the process of the case and leaves nothing in the temporary folder', async () => {
    await running.page.evaluate(() => window.workbench.call('case:close', {}));
    const summary = await running.page.evaluate(() => window.workbench.call('case:summary', {}));
    expect(summary).toMatchObject({ ok: false, error: { code: 'not-open' } });
    await eventually(async () =>
      expect(
        (await readdir(path.join(folder, 'tmp'))).filter((each) => each.startsWith('hns-')),
      ).toEqual([]),
    );
  });
});

test('the picture that a start without a display takes holds the page, not only its frame', async () => {
  const picture = path.join(folder, 'window.png');
  const other = await launch({ args: ['--sample=healthy-overlay', `--capture=${picture}`] });
  try {
    const colours = (): Promise<number> =>
      other.app.evaluate(({ nativeImage }, file) => {
        const image = nativeImage.createFromPath(file);
        // It is not there yet, or not whole.
        if (image.isEmpty()) return 0;
        const { width, height } = image.getSize();
        // Right of the rail, under the head of the page.
        const page = image.crop({ x: 300, y: 200, width: width - 320, height: height - 240 });
        return new Set(new Uint32Array(page.toBitmap().slice().buffer)).size;
      }, picture);
    await expect.poll(colours).toBeGreaterThan(20);
  } finally {
    await other.close();
  }
});
