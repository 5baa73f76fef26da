import { cp, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dropPaths, launch, type RunningApp } from '../app';
import { eventually } from '../eventually';
import { inspector, rail, runCommand, sampleFolder, welcome } from '../window';

/* What the next start remembers of the one before. */

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'workbench-restart-'));
  await cp(sampleFolder('broken-services-l2bridge'), path.join(folder, 'node-7'), {
    recursive: true,
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const colours = ({ page }: RunningApp): Promise<{ dark: boolean; light: number }> =>
  page.evaluate(() => {
    const [red = 0, green = 0, blue = 0] = (
      getComputedStyle(document.body).backgroundColor.match(/[\d.]+/g) ?? []
    ).map(Number);
    return {
      dark: matchMedia('(prefers-color-scheme: dark)').matches,
      light: (red + green + blue) / 3,
    };
  });

test('what was opened and the theme are there after a restart', async () => {
  const userData = path.join(folder, 'profile');
  const first = await launch({ userData });
  try {
    await dropPaths(first.page, [path.join(folder, 'node-7')]);
    await rail(first.page).waitFor();
    await runCommand(first.page, 'Theme: dark');
    await eventually(async () => expect(await colours(first)).toMatchObject({ dark: true }));
    // The setting is on disk when main has answered.
    await eventually(async () => {
      const state = await first.page.evaluate(() => window.workbench.call('app:state', {}));
      expect(state.ok && state.value.settings.theme).toBe('dark');
      expect(state.ok && state.value.recent).toHaveLength(1);
    });
  } finally {
    await first.close();
  }

  const second = await launch({ userData });
  try {
    await welcome(second.page).waitFor();
    const { dark, light } = await colours(second);
    expect(dark).toBe(true);
    expect(light).toBeLessThan(80);
    const recent = second.page.getByRole('region', { name: 'Recent' });
    await recent.getByRole('button', { name: /^node-7 .*1 error/ }).click();
    await rail(second.page)
      .getByRole('button', { name: /does not reach all backends/ })
      .waitFor();
    expect(second.complaints).toEqual([]);
  } finally {
    await second.close();
  }
});

test('an inspector that was closed stays closed', async () => {
  const userData = path.join(folder, 'profile-2');
  const node = path.join(folder, 'node-7');
  const first = await launch({ userData, args: [node] });
  try {
    await rail(first.page).waitFor();
    await first.page.getByRole('button', { name: 'Hide inspector' }).click();
    await eventually(async () => {
      const state = await first.page.evaluate(() => window.workbench.call('app:state', {}));
      expect(state.ok && state.value.settings.inspectorOpen).toBe(false);
    });
  } finally {
    await first.close();
  }
  const second = await launch({ userData, args: [node] });
  try {
    await rail(second.page).waitFor();
    await second.page.getByRole('button', { name: 'Show inspector' }).waitFor();
    expect(await inspector(second.page).count()).toBe(0);
  } finally {
    await second.close();
  }
});
