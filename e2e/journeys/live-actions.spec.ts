import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningApp } from '../app';
import { liveNode, type LiveNode } from '../live-node';
import { isFine, settled } from '../live-window';
import { filterTable, goToStep, inspector, sampleFolder } from '../window';

/* What is done on a node from inside the steps, by a real OpenSSH server. */

let live: LiveNode;
let running: RunningApp;
let before: readonly unknown[];

const answer: LiveNode['answer'] = (replay) => live.answer(replay);
const dialog: LiveNode['dialog'] = (name) => live.dialog(name);
const findings = (): Promise<readonly unknown[]> => live.findings();
const rules = (found: readonly unknown[]): string[] => [
  ...new Set(found.map((each) => String((each as unknown[])[0]))),
];

beforeAll(async () => {
  live = await liveNode(sampleFolder('broken-services-l2bridge'));
  running = live.running;
});
afterAll(() => live.close());

test('a step is refreshed: what will run is shown first, and the checks are run again', async () => {
  const { page } = running;
  await settled(page);
  before = await findings();
  expect(before.length).toBeGreaterThan(0);
  answer({ folder: sampleFolder('healthy-l2bridge') });
  await goToStep(page, 6);
  await page.getByRole('button', { name: 'Refresh this step from the node' }).click();
  const shown = dialog('Refresh step 6');
  await shown.getByText('Nothing: it only reads.').waitFor();
  await shown.getByLabel('Parameters, on standard input').getByText('hns-endpoints').waitFor();
  await shown.getByText('-EncodedCommand').waitFor();
  await isFine(running, 'what will run');
  expect(await findings()).toEqual(before);
  await shown.getByRole('button', { name: 'Run' }).click();
  await shown.getByText('Done. The checks were run again').waitFor();
  await isFine(running, 'what was done');
  await page.keyboard.press('Escape');
  await expect.poll(async () => rules(await findings())).not.toEqual(rules(before));
});

test('a connection that dies leaves what was read before, and says so', async () => {
  const { page } = running;
  const known = await findings();
  answer({ folder: sampleFolder('broken-services-l2bridge'), breakAfter: 1 });
  await page.keyboard.press('F5');
  const shown = dialog('Refresh step 6');
  await shown.getByRole('button', { name: 'Run' }).click();
  await shown.getByText('Not all came whole').waitFor();
  await shown.getByText(/connection was lost/).waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(async () => rules(await findings())).toEqual(rules(known));
});

test('an endpoint is read afresh from the inspector', async () => {
  const { page } = running;
  answer({ folder: sampleFolder('healthy-l2bridge') });
  await goToStep(page, 6, 'Tables');
  await page.getByRole('row').nth(1).click();
  await inspector(page).getByRole('button', { name: 'Read afresh from the node' }).click();
  const shown = dialog('Read the endpoint afresh');
  await shown.getByRole('button', { name: 'Run' }).click();
  await shown.getByText('Done. The checks were run again').waitFor();
  await page.keyboard.press('Escape');
});

test('connections of the node are tested, and the results judged in step 2', async () => {
  const { page } = running;
  await goToStep(page, 2);
  await page.getByRole('button', { name: 'Test connections of the node' }).click();
  await dialog('What to test').getByRole('button', { name: 'Show what will run…' }).click();
  const shown = dialog('Test connections');
  const legs = await shown.getByLabel('Parameters, on standard input').textContent();
  const vip = /"name":"Host should be able to reach the service VIP [^"]*","host":"([^"]+)"/.exec(
    legs ?? '',
  )?.[1];
  expect(vip).toBeDefined();
  answer({ folder: sampleFolder('healthy-l2bridge'), unreachable: [vip ?? ''] });
  await isFine(running, 'connections');
  await shown.getByRole('button', { name: 'Run' }).click();
  await shown.getByText('Done. The checks were run again').waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(async () => rules(await findings())).toContain('CT-HOST-SVC-VIP');
  await goToStep(page, 2, 'Tests and lookups');
  await filterTable(page, 'test results', 'its NodePort');
  await page
    .getByRole('row', { name: /reach its NodePort/ })
    .first()
    .waitFor();
});

test('the switch is asked about the packet of a trace, and its answer held against it', async () => {
  const { page } = running;
  answer({
    folder: sampleFolder('healthy-l2bridge'),
    switchSays: ['Packet dropped by layer ACL_ENDPOINT_LAYER'],
  });
  await goToStep(page, 8, 'Trace');
  const says = page.getByRole('region', { name: 'What the switch says' });
  await says.getByRole('button', { name: 'Ask the switch…' }).click();
  const shown = dialog('Ask the switch');
  await shown
    .getByText(/vfpctrl\.exe .*\/process-tuples "/)
    .first()
    .waitFor();
  await isFine(running, 'ask the switch');
  await shown.getByRole('button', { name: 'Run' }).click();
  await shown.getByText('Done. The checks were run again').waitFor();
  await page.keyboard.press('Escape');
  await says
    .getByText(/the switch drops the packet; the trace passes it/)
    .first()
    .waitFor();
  await isFine(running, 'what the switch says');
});
