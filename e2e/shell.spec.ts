import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dropPaths, launch, projectFolder, type RunningApp } from './app';
import { eventually } from './eventually';

let running: RunningApp;
beforeAll(async () => {
  running = await launch();
});
afterAll(() => running.close());

/** Collects an event of main in the page; the returned function reads what came. */
async function collect(name: string): Promise<() => Promise<unknown[]>> {
  const handle = await running.page.evaluateHandle((event) => {
    const seen: unknown[] = [];
    // The name is a plain string out here.
    window.workbench.on(event as 'command', (payload) => seen.push(payload));
    return seen;
  }, name);
  return () => handle.jsonValue();
}

test('the window opens with a welcome, and the page complains about nothing', async () => {
  expect(await running.page.title()).toBe('HNS Workbench');
  await running.page.getByRole('heading', { level: 1 }).first().waitFor();
  expect(running.complaints).toEqual([]);
});

test('the window does not get smaller than its content', async () => {
  const size = await running.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.getMinimumSize(),
  );
  expect(size).toEqual([1024, 700]);
});

test('the menu sends its commands to the page', async () => {
  const seen = await collect('command');
  const menu = await running.app.evaluate(({ Menu }) => {
    const shown = Menu.getApplicationMenu();
    for (const id of ['open-folder', 'shortcuts']) shown?.getMenuItemById(id)?.click();
    return {
      labels: shown?.items.map((item) => item.label.replace('&', '')),
      stepsEnabled: shown?.getMenuItemById('step-3')?.enabled,
    };
  });
  // Nothing is open, so there is no step to go to.
  expect(menu).toEqual({ labels: ['File', 'Edit', 'View', 'Help'], stepsEnabled: false });
  await eventually(async () =>
    expect(await seen()).toEqual([{ id: 'open-folder' }, { id: 'shortcuts' }]),
  );
});

test('a dropped folder reaches main with its path, the page gets a token', async () => {
  const registered = await running.page.evaluateHandle(() => {
    const answers: unknown[] = [];
    addEventListener('dragover', (event) => event.preventDefault());
    addEventListener('drop', (event) => {
      event.preventDefault();
      const files = [...(event.dataTransfer?.files ?? []), new File(['text'], 'made-up.txt')];
      void window.workbench.register(files).then((answer) => answers.push(...answer));
    });
    return answers;
  });
  await dropPaths(running.page, [path.join(projectFolder, 'assets')]);
  await eventually(async () => expect(await registered.jsonValue()).toHaveLength(2));
  expect(await registered.jsonValue()).toEqual([
    { token: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, name: 'assets' },
    { token: '', name: '' },
  ]);
});

test('size, place and theme are the same after a restart', async () => {
  const userData = await mkdtemp(path.join(os.tmpdir(), 'workbench-e2e-'));
  const bounds = { x: 60, y: 40, width: 1100, height: 720 };
  try {
    const first = await launch({ userData });
    await first.page.evaluate(() => window.workbench.call('app:set-settings', { theme: 'dark' }));
    await first.app.evaluate(
      ({ BrowserWindow }, wanted) => BrowserWindow.getAllWindows()[0]?.setBounds(wanted),
      bounds,
    );
    await first.close();

    const second = await launch({ userData });
    const dark = await second.page.evaluate(
      () => matchMedia('(prefers-color-scheme: dark)').matches,
    );
    const found = await second.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.getBounds(),
    );
    await second.close();
    expect(dark).toBe(true);
    expect(found).toEqual(bounds);
  } finally {
    await rm(userData, { recursive: true, force: true });
  }
});
