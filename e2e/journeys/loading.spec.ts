import { mkdtemp, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { dropPaths, launch, type RunningApp } from '../app';
import { BUSY_NODES, writeBusyNode } from '../bench/busy-node';
import { eventually } from '../eventually';
import { slowness } from '../slowness';
import { openSample, rail, startOver, welcome } from '../window';

/*
 * A busy node is on screen within seconds, the window answers all the time, and Cancel means now.
 * The figures are printed; the bounds leave room for a machine with other things to do, and a slower
 * one may be as much slower.
 */

const mostSecondsToFindings = 4;
const mostTaskMilliseconds = 50;
const mostCancelMilliseconds = 500;

let running: RunningApp;
let folder: string;
let bundle: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'workbench-loading-'));
  const [node] = BUSY_NODES;
  if (node === undefined) throw new Error('there is no busy node');
  bundle = path.join(folder, 'busy-node');
  const file = writeBusyNode(node, bundle);
  expect((await stat(file)).size).toBeGreaterThan(45e6);
  running = await launch();
});
beforeEach(() => running.page.evaluate(watchTheWindow));
afterEach(async () => {
  expect(running.complaints).toEqual([]);
  await startOver(running.page);
});
afterAll(async () => {
  await running.close();
  await rm(folder, { recursive: true, force: true });
});

interface Watched {
  readonly droppedAt: number;
  readonly longTasks: readonly number[];
}

/** Runs in the page: notes when something is dropped, and every task of more than 50 ms after. */
function watchTheWindow(): void {
  if (!PerformanceObserver.supportedEntryTypes.includes('longtask'))
    throw new Error('no long tasks');
  const watched = { droppedAt: 0, longTasks: [] as number[] };
  Object.assign(window, { watched });
  addEventListener('drop', () => (watched.droppedAt = performance.now()), {
    capture: true,
    once: true,
  });
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      if (watched.droppedAt > 0 && startTime >= watched.droppedAt) watched.longTasks.push(duration);
    }
  }).observe({ type: 'longtask' });
}

/** Milliseconds from the drop to a frame that shows `text` as a heading of the page. */
function paintedAfter(text: RegExp): Promise<number> {
  return running.page.evaluate(
    (source) =>
      new Promise<number>((resolve) => {
        const look = (): void => {
          const headings = [...document.querySelectorAll('main h1, main article h2')];
          if (headings.some(({ textContent }) => new RegExp(source).test(textContent ?? ''))) {
            const { droppedAt } = (window as unknown as { watched: Watched }).watched;
            requestAnimationFrame(() => resolve(performance.now() - droppedAt));
          } else requestAnimationFrame(look);
        };
        look();
      }),
    text.source,
  );
}

async function longTasks(): Promise<readonly number[]> {
  return running.page.evaluate(() => (window as unknown as { watched: Watched }).watched.longTasks);
}

/** Drops the bundle and gives what a user would feel: seconds to the findings, the longest halt of the window. */
async function dropAndWatch(): Promise<{ readonly seconds: number; readonly longest: number }> {
  const shown = paintedAfter(/^\d · /);
  await dropPaths(running.page, [bundle]);
  const seconds = (await shown) / 1000;
  await rail(running.page).waitFor();
  return { seconds, longest: Math.max(0, ...(await longTasks())) };
}

test('50 MB are analysed within seconds, and the window never stands still', async () => {
  // A machine with other things to do may halt any task: the best of three tries is the program's own.
  const slower = slowness();
  const [mostTask, mostSeconds] = [mostTaskMilliseconds * slower, mostSecondsToFindings * slower];
  const tries: Awaited<ReturnType<typeof dropAndWatch>>[] = [];
  for (let n = 1; n <= 3; n += 1) {
    const felt = await dropAndWatch();
    tries.push(felt);
    const task = felt.longest === 0 ? 'none' : `${Math.round(felt.longest)} ms`;
    console.log(
      `50 MB: ${felt.seconds.toFixed(2)} s from the drop to the findings; ` +
        `longest task of the window over 50 ms: ${task}`,
    );
    if (felt.longest <= mostTask && felt.seconds <= mostSeconds) break;
    await startOver(running.page);
    await running.page.evaluate(watchTheWindow);
  }
  expect(Math.min(...tries.map(({ seconds }) => seconds))).toBeLessThan(mostSeconds);
  expect(Math.min(...tries.map(({ longest }) => longest))).toBeLessThanOrEqual(mostTask);
});

test('a load is cancelled at once', async () => {
  const { page } = running;
  const most = mostCancelMilliseconds * slowness();
  const tries: number[] = [];
  for (let n = 1; n <= 3; n += 1) {
    const answered = page.evaluate(cancelWhileReading, 1);
    await dropPaths(page, [bundle]);
    const milliseconds = await answered;
    tries.push(milliseconds);
    console.log(`Cancel: ${milliseconds.toFixed(0)} ms from the click to the welcome screen`);
    await welcome(page).waitFor();
    if (milliseconds < most) break;
  }
  expect(Math.min(...tries)).toBeLessThan(most);
  // Nothing of it comes back, and the window is as good as before.
  await openSample(page, 'Healthy node, flannel vxlan');
  await rail(page)
    .getByRole('button', { name: /^No fault found/ })
    .waitFor();
});

test('a cancelled load leaves what was open', async () => {
  const { page } = running;
  await openSample(page, 'A service loses a backend on one pod');
  const answered = page.evaluate(cancelWhileReading, 0);
  await dropPaths(page, [bundle]);
  await page.getByRole('button', { name: 'Open as a new case instead' }).click();
  await answered;
  await rail(page)
    .getByRole('button', { name: /does not reach all backends/ })
    .waitFor();
});

test('the graph of a busy node is folded, and opens group by group', async () => {
  const { page } = running;
  await dropPaths(page, [bundle]);
  await rail(page).waitFor();
  await page.keyboard.press('Control+Shift+G');
  const boxes = page.getByRole('listbox', { name: 'HNS objects' }).getByRole('option');
  const group = boxes.filter({ hasText: /\d+ load balancers/ }).first();
  await group.waitFor();
  const folded = await boxes.count();
  expect(folded).toBeLessThan(120);
  await group.click();
  await eventually(async () => expect(await boxes.count()).toBeGreaterThan(folded));
  await page.getByRole('button', { name: 'Fold groups' }).click();
  await eventually(async () => expect(await boxes.count()).toBe(folded));
});

/** Runs in the page: presses Cancel once `percent` was read; how long until the load is gone. */
function cancelWhileReading(percent: number): Promise<number> {
  return new Promise((resolve) => {
    const look = (): void => {
      const progress = document.querySelector('[role=progressbar]');
      const read = Number(progress?.getAttribute('aria-valuenow') ?? 0);
      const cancel = [...document.querySelectorAll('main button')].find(
        ({ textContent }) => textContent === 'Cancel',
      );
      if (progress === null || read < percent || !(cancel instanceof HTMLElement)) {
        requestAnimationFrame(look);
        return;
      }
      const pressedAt = performance.now();
      cancel.click();
      const gone = (): void => {
        if (document.querySelector('[role=progressbar]') === null) {
          resolve(performance.now() - pressedAt);
        } else requestAnimationFrame(gone);
      };
      gone();
    };
    look();
  });
}
