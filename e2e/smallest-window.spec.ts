import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dropPaths, launch, type RunningApp } from './app';
import { allSteps, goToStep, goToView, openSample, rail, sampleFolder, tabNames } from './window';

/* In the smallest window there is nothing is cut off, and only tables and raw text scroll sideways. */

/** What may be wider than its room: rows of tables, lines of files, the picture of the graph, the matrix. */
const mayScroll =
  '.grid, .excerpt-lines, .cni-lines, .raw-lines, .packet-tree, .matrix, .trace-columns';

let running: RunningApp;
beforeAll(async () => {
  running = await launch();
  await running.app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    window?.setMenuBarVisibility(false);
    window?.setContentSize(1024, 700);
  });
  await running.page.waitForFunction(() => innerWidth === 1024 && innerHeight === 700);
});
afterAll(() => running.close());

/** Boxes that scroll sideways, and controls that stick out of the window. */
function tooWide(page: Page): Promise<string[]> {
  return page.evaluate((allowed) => {
    const say = (element: Element): string =>
      `${element.tagName}.${element.getAttribute('class') ?? ''}: ${element.scrollWidth} in ${element.clientWidth}`;
    return [...document.querySelectorAll('body, main *')].flatMap((element) => {
      if (element.closest(allowed) !== null || element instanceof SVGElement) return [];
      const scrolls = ['auto', 'scroll'].includes(getComputedStyle(element).overflowX);
      if ((scrolls || element === document.body) && element.scrollWidth > element.clientWidth + 1)
        return [`scrolls: ${say(element)}`];
      const out = element.matches('button, input:not([type=range]), textarea, h1, h2')
        ? element.getBoundingClientRect().right > innerWidth
        : false;
      return out ? [`sticks out: ${say(element)}`] : [];
    });
  }, mayScroll);
}

/** Nothing is too wide once the screen has settled: what is measured may be drawn anew after its first frame. */
const settlesInside = (page: Page, where = 'the screen'): Promise<void> =>
  expect.poll(() => tooWide(page), { message: where }).toEqual([]);

describe.each(['A service loses a backend on one pod', 'Healthy node, flannel vxlan'])(
  '%s',
  (sample) => {
    beforeAll(() => openSample(running.page, sample));
    afterAll(() => running.page.keyboard.press('Control+w'));

    test.each(allSteps)('step %i fits, each tab', async (step) => {
      const { page } = running;
      await goToStep(page, step);
      for (const tab of await tabNames(page)) {
        await goToStep(page, step, tab);
        await settlesInside(page, tab);
      }
    });

    test.each(['Files', 'Load balancers', 'VFP', 'Tables', 'Learn'])('%s fits', async (view) => {
      await goToView(running.page, view);
      await settlesInside(running.page);
    });
  },
);

test('a bundle of one file fits, where little is known', async () => {
  const { page } = running;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'workbench-small-'));
  try {
    const file = path.join(folder, 'endpoint.txt');
    await copyFile(path.join(sampleFolder('healthy-l2bridge'), 'endpoint.txt'), file);
    await dropPaths(page, [folder]);
    await rail(page).waitFor();
    for (const step of allSteps) {
      await goToStep(page, step);
      for (const tab of await tabNames(page)) {
        await goToStep(page, step, tab);
        await settlesInside(page, `step ${step}, ${tab}`);
      }
    }
  } finally {
    await page.keyboard.press('Control+w');
    await rm(folder, { recursive: true, force: true });
  }
});

test('the tools of the graph take one line', async () => {
  const { page } = running;
  await openSample(page, 'A service loses a backend on one pod');
  await page.keyboard.press('Control+Shift+G');
  const tools = page.getByRole('tabpanel', { name: 'Graph' }).getByRole('radiogroup');
  const tops = (): Promise<number[]> =>
    tools.evaluateAll((groups) => groups.map((group) => group.getBoundingClientRect().top));
  await expect.poll(async () => (await tops()).length).toBe(3);
  await expect.poll(async () => new Set(await tops()).size).toBe(1);
});

test('the way of a packet begins in the upper part of the window, with its ways and doubts above it', async () => {
  const { page } = running;
  await page.keyboard.press('Control+w');
  await openSample(page, 'A service loses a backend on one pod');
  await goToStep(page, 8, 'Trace');
  await page.getByRole('group', { name: 'Ways of the packet' }).waitFor();
  await page
    .getByText(/no packet of this port goes there/)
    .first()
    .waitFor();
  const way = page.getByRole('group', { name: 'Way of the packet' });
  const top = async (): Promise<number> => (await way.boundingBox())?.y ?? Infinity;
  await expect.poll(top).toBeLessThan(400);
});

test('a flow of a capture, its packets and one packet are on the screen, none of it sideways', async () => {
  const { page } = running;
  await page.keyboard.press('Control+w');
  await openSample(page, 'Pods of one peer are out of reach');
  await goToStep(page, 8, 'Captures');
  await page.getByRole('grid', { name: 'Flows' }).getByText('unanswered').first().click();
  await page.getByRole('list', { name: 'What changed these packets' }).waitFor();
  await page.getByRole('list', { name: 'Where this packet was seen' }).waitFor();
  await settlesInside(page);
});

test('text that is cut is shown whole under the pointer', async () => {
  const { page } = running;
  await page.keyboard.press('Control+w');
  await openSample(page, 'A service loses a backend on one pod');
  await goToView(page, 'VFP');
  const heading = page.getByRole('heading', { name: /^Rules of / });
  await expect.poll(() => heading.evaluate((it) => it.scrollWidth > it.clientWidth)).toBe(true);
  await heading.hover();
  const whole = await heading.textContent();
  await expect.poll(() => heading.getAttribute('title')).toBe(whole);
  // Lines stay to be read where a file's name is cut.
  await goToStep(page, 2, 'Tests and lookups');
  const cell = page
    .getByRole('grid', { name: 'Test results' })
    .getByText('DebugWindowsNode.txt:6', { exact: true });
  const parts = (): Promise<unknown[]> =>
    cell.evaluate((it) =>
      [...it.querySelectorAll('.middle > span')].map((part) => ({
        text: part.textContent,
        cut: part.scrollWidth > part.clientWidth,
      })),
    );
  await expect.poll(parts).toEqual([
    { text: 'DebugWindowsNode.txt', cut: true },
    { text: ':6', cut: false },
  ]);
  await cell.hover();
  await cell.locator('[data-whole][title="DebugWindowsNode.txt:6"]').waitFor();
});
