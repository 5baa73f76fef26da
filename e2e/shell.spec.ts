import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, type RunningApp } from './app';

let running: RunningApp;
beforeAll(async () => {
  running = await launch();
});
afterAll(() => running.close());

test('the window opens with a welcome, and the page complains about nothing', async () => {
  expect(await running.page.title()).toBe('HNS Workbench');
  await running.page.getByRole('heading', { level: 1 }).first().waitFor();
  expect(running.complaints).toEqual([]);
});
