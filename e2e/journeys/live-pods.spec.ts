import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningApp } from '../app';
import { liveNode, type LiveNode } from '../live-node';
import { isFine, settled } from '../live-window';
import { filterTable, goToStep, inspector, sampleFolder } from '../window';

/* What is run inside of containers of a node: connections and names of a pod, its addresses. */

const folder = sampleFolder('healthy-l2bridge');
let live: LiveNode;
let running: RunningApp;

beforeAll(async () => {
  live = await liveNode(folder);
  running = live.running;
});
afterAll(() => live.close());

/** The parameters of what will run, as they are shown. */
const parameters = async (title: string): Promise<Record<string, { host?: string }[]>> => {
  const text = await live.dialog(title).getByLabel('Parameters, on standard input').textContent();
  return JSON.parse(text ?? '{}') as Record<string, { host?: string }[]>;
};
const run = async (title: string, ending: string): Promise<void> => {
  const shown = live.dialog(title);
  await shown.getByRole('button', { name: 'Run' }).click();
  await shown.getByText(ending).waitFor();
  await running.page.keyboard.press('Escape');
};
const DONE = 'Done. The checks were run again';

test('a pod that does not reach a pod elsewhere is found; what is left out is not run', async () => {
  const { page } = running;
  await settled(page);
  expect(await live.rules()).not.toContain('CT-POD-POD-REMOTE');
  await goToStep(page, 2);
  await page.getByRole('button', { name: 'Test connections of the node' }).click();
  const choice = live.dialog('What to test');
  await choice.getByText('Pod should be able to reach remote pod').first().waitFor();
  await isFine(running, 'what to test');
  const group = choice.getByRole('group', { name: /^From the node/ });
  await group.getByRole('button', { name: 'None' }).click();
  await choice.getByText(/^Pod should have internet/).click();
  await choice.getByRole('button', { name: 'Show what will run…' }).click();
  const { legs, asks, include } = await parameters('Test connections');
  expect(legs).toBeUndefined();
  expect(include).toEqual(['host-lookups', 'inside-containers']);
  const hosts = (asks ?? []).flatMap(({ host }) => host ?? []);
  expect(hosts).not.toContain('www.msftconnecttest.com');
  await live
    .dialog('Test connections')
    .getByText(/docker exec [0-9a-f]{12} curl\.exe .* telnet:/)
    .first()
    .waitFor();
  await isFine(running, 'what will run in a pod');
  const pods = await remotePods(page);
  live.answer({ folder, unreachable: pods });
  await run('Test connections', DONE);
  await expect.poll(() => live.rules()).toContain('CT-POD-POD-REMOTE');
  expect(await live.rules()).not.toContain('CT-POD-POD-LOCAL');
  await goToStep(page, 2, 'Tests and lookups');
  await filterTable(page, 'test results', 'Pod should');
  await page
    .getByRole('row', { name: /reach remote pod .*\(from default\/win-/ })
    .first()
    .waitFor();
});

test('a pod is looked into: its addresses and a lookup join the snapshot', async () => {
  const { page } = running;
  live.answer({ folder });
  await goToStep(page, 6);
  await page.getByRole('button', { name: 'Look inside a container of the node' }).click();
  const choice = live.dialog('Look inside a container');
  await choice.getByLabel('Name to look up (nslookup)').fill('-type=any example');
  await choice.getByRole('button', { name: 'Show what will run…', disabled: true }).waitFor();
  await choice.getByLabel('Name to look up (nslookup)').fill('cart.shop.svc.cluster.local');
  await isFine(running, 'look inside');
  await choice.getByRole('button', { name: 'Show what will run…' }).click();
  await live
    .dialog('Look inside default/win-webserver-d4b9ed4438-t1s1l')
    .getByText(/docker exec [0-9a-f]{12} nslookup\.exe .* cart\.shop\.svc\.cluster\.local$/)
    .waitFor();
  await run('Look inside default/win-webserver-d4b9ed4438-t1s1l', DONE);
  await goToStep(page, 2, 'Tests and lookups');
  await filterTable(page, 'DNS lookups', 'cart');
  await page
    .getByRole('row', { name: /cart\.shop\.svc\.cluster\.local/ })
    .first()
    .waitFor();
  expect(await live.rules()).not.toContain('CT-POD-IP-MATCH');
});

test('an endpoint leads to its container, and one of another node to none', async () => {
  const { page } = running;
  await goToStep(page, 6, 'Tables');
  for (const [address, name] of [
    ['10.244.19.30', 'default/win-webserver-d4b9ed4438-wzxxa'],
    ['10.244.18.49', 'Choose a container'],
  ] as const) {
    await filterTable(page, 'endpoints', address);
    await page.getByRole('row', { name: new RegExp(address) }).click();
    await inspector(page).getByText(address).first().waitFor();
    await inspector(page).getByRole('button', { name: 'Look inside its container' }).click();
    const choice = live.dialog('Look inside a container');
    await choice.getByRole('button', { name }).waitFor();
    const disabled = name === 'Choose a container';
    await choice.getByRole('button', { name: 'Show what will run…', disabled }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
  }
});

test('an image without the programs leaves it at not checked, and finds nothing', async () => {
  const { page } = running;
  const known = await live.rules();
  await goToStep(page, 6);
  await page.getByRole('button', { name: 'Look inside a container of the node' }).click();
  const choice = live.dialog('Look inside a container');
  await choice.getByRole('button', { name: /Container/ }).click();
  await page.getByRole('option', { name: /^default.win-webserver-.*wzxxa/ }).click();
  await choice.getByRole('button', { name: 'Show what will run…' }).click();
  const [first] = (await parameters('Look inside default/win-webserver-d4b9ed4438-wzxxa'))
    .asks as unknown as { container: string }[];
  live.answer({ folder, nanoServer: [first?.container ?? ''] });
  await run('Look inside default/win-webserver-d4b9ed4438-wzxxa', DONE);
  await goToStep(page, 2, 'Tests and lookups');
  await filterTable(page, 'test results', 'wzxxa');
  const row = page.getByRole('row', { name: /Addresses inside of .*wzxxa/ });
  await expect.poll(() => row.textContent()).toMatch(/skipped.*The image has no ipconfig\.exe/s);
  expect(await live.rules()).toEqual(known);
});

test('what is cancelled midway keeps what was read before', async () => {
  const { page } = running;
  const known = await live.findings();
  // Slow enough that it never ends by itself while the test looks on.
  live.answer({ folder, unreachable: [], delay: 60_000 });
  await goToStep(page, 2);
  await page.getByRole('button', { name: 'Test connections of the node' }).click();
  await live.dialog('What to test').getByRole('button', { name: 'Show what will run…' }).click();
  const shown = live.dialog('Test connections');
  await shown.getByRole('button', { name: 'Run' }).click();
  await shown.getByText(/Running: host-lookups|Running: inside-containers/).waitFor();
  await shown.getByRole('button', { name: 'Cancel it' }).click();
  await shown.getByText('Cancelled.', { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  // The failed connection of the first test is still there: its results were not replaced by half.
  await expect.poll(() => live.findings()).toEqual(known);
});

/** The backends elsewhere, as the dialog offers them. */
async function remotePods(page: RunningApp['page']): Promise<string[]> {
  const text = await page.getByLabel('Parameters, on standard input').textContent();
  const asks = (JSON.parse(text ?? '{}') as { asks: { host?: string }[] }).asks;
  return asks.flatMap(({ host }) =>
    host !== undefined && !host.startsWith('10.244.19.') && host.startsWith('10.244.')
      ? [host]
      : [],
  );
}
