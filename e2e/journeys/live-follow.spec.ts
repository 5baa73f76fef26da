import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningApp } from '../app';
import { eventually } from '../eventually';
import { liveNode, type LiveNode } from '../live-node';
import { isFine, settled } from '../live-window';
import { goToStep, sampleFolder } from '../window';

/* A log of a node is followed as it is written, by a real OpenSSH server. */

const folder = mkdtempSync(path.join(tmpdir(), 'followed-'));
/** What is written to on the node. */
const log = path.join(folder, 'kubelet.log');
let live: LiveNode;
let running: RunningApp;

const heads = { I: 'kubelet.go:99]', W: 'cni.go:12]', E: 'pod_workers.go:190]' } as const;
const entry = (level: keyof typeof heads, second: number, text: string): string =>
  `${level}0507 09:31:${String(second).padStart(2, '0')}.000000    4242 ${heads[level]} ${text}\n`;

beforeAll(async () => {
  const node = path.join(folder, 'node');
  cpSync(sampleFolder('healthy-l2bridge'), node, { recursive: true });
  const collected = path.join(node, 'logs/C/k/kubelet.log');
  mkdirSync(path.dirname(collected), { recursive: true });
  const before = Array.from({ length: 30 }, (_, at) => entry('I', at, `old ${at}`)).join('');
  writeFileSync(collected, before);
  writeFileSync(log, before);
  live = await liveNode(node);
  live.answer({ folder: node, followed: log });
  running = live.running;
});
afterAll(async () => {
  await live.close();
  rmSync(folder, { recursive: true, force: true });
});

const followed = (): Locator => running.page.getByRole('region', { name: 'Followed log' });
const lines = (): Locator => followed().getByRole('log', { name: 'Followed lines' });
const button = (name: string): Locator => followed().getByRole('button', { name });
const begin = async (): Promise<void> => {
  const shown = live.dialog('Follow a log');
  await shown.getByText('C:\\k\\kubelet.log').first().waitFor();
  await shown.getByLabel('Parameters, on standard input').getByText('"seconds":1800').waitFor();
  await shown.getByRole('button', { name: 'Follow' }).click();
};

test('what will run is shown first; then lines come as they are written', async () => {
  const { page } = running;
  await settled(page);
  await goToStep(page, 4, 'Logs');
  await page.getByRole('button', { name: 'Follow kubelet.log' }).last().click();
  await live.dialog('Follow a log').getByText('Nothing: it only reads.').waitFor();
  await isFine(running, 'follow: what will run');
  await begin();
  await lines().getByText('old 29').waitFor();
  await followed().getByText('Following, for 30 minutes at most').waitFor();
  appendFileSync(log, entry('E', 31, 'the sandbox of web-1 was not made'));
  await lines().getByText('the sandbox of web-1').waitFor();
  await lines().getByRole('img', { name: 'error' }).waitFor();
  await isFine(running, 'a log that is followed');
});

test('lines are filtered by level and words', async () => {
  appendFileSync(log, entry('W', 32, 'no network config found'));
  await lines().getByText('no network config').waitFor();
  await followed().getByRole('button', { name: 'Warnings' }).click();
  await lines().getByText('old 29').waitFor({ state: 'detached' });
  await lines().getByText('no network config').waitFor();
  await followed().getByRole('button', { name: 'Warnings' }).click();
  await followed().getByRole('searchbox', { name: 'Filter followed lines' }).fill('SANDBOX');
  await lines().getByText('no network config').waitFor({ state: 'detached' });
  await followed().getByRole('searchbox', { name: 'Filter followed lines' }).fill('');
  await lines().getByText('no network config').waitFor();
});

test('who scrolls up or pauses reads on undisturbed', async () => {
  appendFileSync(
    log,
    Array.from({ length: 120 }, (_, at) => entry('I', 33, `many ${at}`)).join(''),
  );
  await lines().getByText('many 119').waitFor();
  await lines().evaluate((element) => (element.scrollTop = 0));
  await button('To the newest').waitFor();
  appendFileSync(log, entry('I', 34, 'one more'));
  await followed().getByText('153 lines').waitFor();
  expect(await lines().evaluate((element) => element.scrollTop)).toBe(0);
  await button('To the newest').click();
  await lines().getByText('one more').waitFor();
  await button('Pause').click();
  appendFileSync(log, entry('I', 35, 'while paused'));
  await followed().getByText('Paused, 1 new line').waitFor();
  expect(await lines().getByText('while paused').count()).toBe(0);
  await button('Resume').click();
  await lines().getByText('while paused').waitFor();
});

test('what was followed is kept as more lines of the log, and the checks run again', async () => {
  const { page } = running;
  await button('Stop').click();
  await followed().getByText('It was stopped.').waitFor();
  await isFine(running, 'a log that was followed');
  await button('Keep in the snapshot').click();
  await followed().waitFor({ state: 'detached' });
  const found = (words: string): Promise<number> =>
    page.evaluate(async (text) => {
      const { workbench } = window;
      const summary = await workbench.call('case:summary', {});
      const snapshotId = summary.ok ? (summary.value.nodes[0]?.snapshots.at(-1)?.id ?? '') : '';
      const all = { components: [], levels: [], from: null, to: null, offset: 0, limit: 50 };
      const page = await workbench.call('logs:page', { snapshotId, text, ...all });
      return page.ok ? page.value.matching : -1;
    }, words);
  await eventually(async () => expect(await found('the sandbox of web-1')).toBe(1));
  // The lines that were there before are there once.
  expect(await found('old 29')).toBe(1);
  expect(await found('while paused')).toBe(1);
});

test('a lost connection says so, and offers to follow again', async () => {
  const { page } = running;
  live.answer({ folder: path.join(folder, 'node'), followed: log, breakAfter: 155 });
  await page.getByRole('button', { name: 'Follow kubelet.log' }).last().click();
  await begin();
  await followed().getByText('Following, for').waitFor();
  appendFileSync(log, entry('E', 36, 'the last word'));
  await followed()
    .getByText(/connection was lost/)
    .waitFor();
  await lines().getByText('the last word').waitFor();
  live.answer({ folder: path.join(folder, 'node'), followed: log });
  await button('Follow again…').click();
  await live.dialog('Follow a log').getByText('is dropped when this begins').waitFor();
  await begin();
  await followed().getByText('Following, for').waitFor();
  await button('Stop').click();
  await button('Drop').click();
  await followed().waitFor({ state: 'detached' });
});
