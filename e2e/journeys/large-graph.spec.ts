import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  endpointTextV2,
  namespacesText,
  networkTextV2,
  policyTextV2,
} from '../../shared/synthetic/hns-v2-text';
import { planNode } from '../../shared/synthetic/node-plan';
import { writtenFile } from '../../shared/synthetic/written-bundle';
import { launch, type RunningApp } from '../app';
import { slowness } from '../slowness';
import { goToStep, rail } from '../window';

/*
 * The HNS graph of a node with 500 endpoints and more than 600 load balancers moves as the hand
 * does: 16.7 ms a frame on an idle machine, without a task over 50 ms. Software drawing on a machine
 * with other things to do may lose any frame, so a gesture is judged by its best of a few tries, the
 * bounds leave room, and a slower machine may be as much slower; the figures are printed.
 */

const mostMedianMilliseconds = 34;
const mostTaskMilliseconds = 100;
const mostTries = 8;

let running: RunningApp;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'workbench-graph-'));
  mkdirSync(path.join(folder, 'large-node'));
  for (const [file, text] of hnsOfLargeNode())
    writeFileSync(path.join(folder, 'large-node', file), writtenFile(file, text));
  running = await launch({ args: [path.join(folder, 'large-node')] });
  await rail(running.page).waitFor();
  await goToStep(running.page, 6, 'Graph');
  await running.page.getByRole('listbox', { name: 'HNS objects' }).waitFor();
});
afterAll(async () => {
  await running.close();
  await rm(folder, { recursive: true, force: true });
});

/** The HNS files of a node of that size; its VFP rules would be hundreds of megabytes. */
function hnsOfLargeNode(): readonly (readonly [string, string])[] {
  const plan = planNode({
    mode: 'l2bridge',
    schema: 2,
    podCidr: '10.244.4.0/22',
    pods: 500,
    services: 600,
  });
  return [
    ['network.txt', networkTextV2(plan)],
    ['endpoint.txt', endpointTextV2(plan)],
    ['policy.txt', policyTextV2(plan)],
    ['namespaces.txt', namespacesText(plan)],
  ];
}

interface Felt {
  readonly median: number;
  readonly p95: number;
  /** The longest task of more than 50 ms; 0 without one. */
  readonly longest: number;
}

/** Runs in the page: a gesture of one event a frame, and how long each frame took. */
async function gesture(kind: 'pan' | 'zoom' | 'drag'): Promise<Felt> {
  const stage = document.querySelector('[role=listbox][aria-label="HNS objects"]');
  if (stage === null) throw new Error('there is no graph');
  const tasks: number[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) tasks.push(duration);
  });
  observer.observe({ type: 'longtask' });
  const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
  const box = stage.getBoundingClientRect();
  const middle = { clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 };
  const common = { bubbles: true, cancelable: true };
  const pointer = (type: string, by: number): boolean =>
    stage.dispatchEvent(
      new PointerEvent(type, { ...common, ...middle, clientX: middle.clientX + by, pointerId: 1 }),
    );
  const times: number[] = [];
  if (kind === 'drag') pointer('pointerdown', 0);
  let before = await frame();
  for (let at = 1; at <= 90; at += 1) {
    const there = at <= 45 ? 1 : -1;
    if (kind === 'drag') pointer('pointermove', 4 * (45 - Math.abs(45 - at)));
    else
      stage.dispatchEvent(
        new WheelEvent('wheel', {
          ...common,
          ...middle,
          deltaY: 12 * there,
          ctrlKey: kind === 'zoom',
        }),
      );
    const now = await frame();
    times.push(now - before);
    before = now;
  }
  if (kind === 'drag') pointer('pointerup', 0);
  await frame();
  observer.disconnect();
  times.sort((a, b) => a - b);
  const of = (part: number): number => times[Math.floor(part * (times.length - 1))] ?? 0;
  return { median: of(0.5), p95: of(0.95), longest: Math.max(0, ...tasks) };
}

async function smooth(kind: 'pan' | 'zoom' | 'drag', what: string): Promise<void> {
  const slower = slowness();
  const [mostMedian, mostTask] = [mostMedianMilliseconds * slower, mostTaskMilliseconds * slower];
  const tries: Felt[] = [];
  for (let n = 1; n <= mostTries; n += 1) {
    const felt = await running.page.evaluate(gesture, kind);
    tries.push(felt);
    console.log(
      `${what}, ${kind}: a frame takes ${felt.median.toFixed(1)} ms (median), ` +
        `${felt.p95.toFixed(1)} ms (95 %), longest task over 50 ms: ${felt.longest.toFixed(0)} ms; ` +
        `this machine is ${slower.toFixed(1)} times slower`,
    );
    if (felt.median <= mostMedian && felt.longest <= mostTask) break;
  }
  expect(Math.min(...tries.map(({ median }) => median))).toBeLessThan(mostMedian);
  expect(Math.min(...tries.map(({ longest }) => longest))).toBeLessThanOrEqual(mostTask);
}

test('500 endpoints and 600 load balancers, folded, follow the hand', async () => {
  for (const kind of ['pan', 'drag', 'zoom'] as const) await smooth(kind, 'folded');
});

test('with groups opened, as many as are drawn at once, they still do', async () => {
  const { page } = running;
  const objects = page.getByRole('option');
  const folded = await objects.count();
  for (let opened = 0; opened < 16; opened += 1) {
    const group = page.getByRole('option', { name: /^Group / }).first();
    const name = (await group.getAttribute('aria-label')) ?? '';
    await group.dispatchEvent('click', { detail: 1 });
    await page.getByRole('option', { name, exact: true }).waitFor({ state: 'detached' });
  }
  expect(await objects.count()).toBeGreaterThan(3 * folded);
  console.log(`${await objects.count()} objects`);
  for (const kind of ['pan', 'drag', 'zoom'] as const) await smooth(kind, 'unfolded');
});
