import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Replay, ReplayCapture } from '../../electron/transports/testing/openssh';
import { dropPaths, type RunningApp } from '../app';
import { eventually } from '../eventually';
import { liveNode, type LiveNode } from '../live-node';
import { chooseNext, findingsByNode, isFine, settled } from '../live-window';
import { goToStep, goToView, rail, runCommand, sampleFolder, startOver } from '../window';

/* Packets captured on a node: the one thing that changes a node, and how it is taken back. */

const folder = sampleFolder('broken-inter-node-l2bridge');
const packets = path.join(folder, 'packets.pcapng');
/** A packet of a pod that was dropped by a filter, as pktmon tells it. */
const text =
  '10:27:08.034020500 Drop: PktGroupId 562949953421502, PktNumber 1, Appearance 1, Direction Rx , Type IP , Component 2, Edge 1, Filter 0, DropReason 12, DropLocation 0xE000100F, OriginalSize 60, LoggedSize 60\n' +
  '\tDrop: ip: 10.244.19.29.50005 > 10.244.17.50.80: Flags [S], seq 1, win 64240, length 0\n';
let live: LiveNode;
let running: RunningApp;

/** How the node captures from now on; what is on it stays. */
const answer = (capture: ReplayCapture, more: Partial<Replay> = {}): void =>
  live.answer({ folder, capture: { packets, text, ...capture }, ...more });
interface OnNode {
  readonly session: unknown;
  readonly filters: readonly unknown[];
  readonly folders: readonly unknown[];
  readonly tasks: Readonly<Record<string, number>>;
  readonly did: readonly string[];
}
const onNode = (): OnNode | undefined =>
  existsSync(live.stateFile)
    ? (JSON.parse(readFileSync(live.stateFile, 'utf8')) as OnNode)
    : undefined;
const isClean = (): void => {
  const { session, filters, folders, tasks } = onNode() ?? {};
  expect({ session, filters, folders, tasks }).toEqual({
    ...{ session: null, filters: [], folders: [], tasks: {} },
  });
};
const offer = (): Locator => live.dialog('Capture packets on this node');
const goes = (): Locator => live.dialog('Packet capture on node');
const chip = (): Locator => running.page.getByRole('group', { name: 'Capture on node' });

/** Answers the questions of the system from now on. */
const answerSystem = (response: number): Promise<void> =>
  running.app.evaluate(({ dialog: system }, button) => {
    system.showMessageBox = () => Promise.resolve({ response: button, checkboxChecked: false });
  }, response);

/** Holds back what main answers on a channel; the returned function lets it go. */
async function holdAnswers(channel: string): Promise<() => Promise<void>> {
  await running.app.evaluate(({ ipcMain }, held) => {
    type Handler = (event: unknown, name: string, ...args: unknown[]) => unknown;
    const handlers = (ipcMain as unknown as { _invokeHandlers: Map<string, Handler> })
      ._invokeHandlers;
    const answer = handlers.get('workbench:call');
    if (answer === undefined) throw new Error('nobody answers calls');
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    handlers.set('workbench:call', async (event, name, ...args) => {
      if (name === held) await released;
      return answer(event, name, ...args);
    });
    Object.assign(globalThis, { release });
  }, channel);
  return () =>
    running.app.evaluate(() => (globalThis as unknown as { release: () => void }).release());
}

/** Begins a capture from step 8. */
async function begin(
  change: (shown: Locator) => Promise<void> = async () => undefined,
): Promise<void> {
  const { page } = running;
  await goToStep(page, 8, 'Captures');
  await page.getByRole('button', { name: 'Capture packets on this node…' }).click();
  await change(offer());
  await offer().getByText('Change the node as said above', { exact: false }).click();
  await offer().getByRole('button', { name: 'Start capture' }).click();
}

beforeAll(async () => {
  live = await liveNode(folder);
  running = live.running;
  answer({});
  await rail(running.page).waitFor();
});
afterAll(async () => {
  // Where a test failed half-way, the window would ask.
  await answerSystem(1).catch(() => undefined);
  await live.close();
});

test('says what it changes and what runs, and asks before anything is sent', async () => {
  const { page } = running;
  await settled(page);
  await goToStep(page, 8, 'Trace');
  await page.getByText(/^trace in /).waitFor();
  await goToStep(page, 8, 'Captures');
  await page.getByRole('button', { name: 'Capture packets on this node…' }).click();
  await offer()
    .getByText(/A scheduled task is registered first/)
    .waitFor();
  // What the trace is about: packets of its sender.
  const address = offer().getByRole('textbox', { name: 'Only from or to address' });
  expect(await address.inputValue()).toMatch(/^10\.244\.19\.\d+$/);
  const start = offer().getByRole('button', { name: 'Start capture' });
  expect(await start.isDisabled()).toBe(true);
  await isFine(running, 'before a capture');
  await offer().getByRole('button', { name: 'What runs to start it, byte for byte' }).click();
  await offer()
    .getByLabel(/^Script, SHA-256/)
    .getByText('Section capture-start')
    .waitFor();
  await address.fill('10.244.300.1');
  await offer().getByText('This is no IP address.').waitFor();
  await offer().getByText('Change the node as said above', { exact: false }).click();
  expect(await start.isDisabled()).toBe(true);
  await address.fill('10.244.17.31');
  await offer().getByText('"address":"10.244.17.31"', { exact: false }).first().waitFor();
  await start.and(page.locator(':enabled')).waitFor();
  await page.keyboard.press('Escape');
  expect(onNode()).toBeUndefined();
});

test('what was agreed to for one wish starts nothing of another before that one stands there', async () => {
  const { page } = running;
  await goToStep(page, 8, 'Captures');
  await page.getByRole('button', { name: 'Capture packets on this node…' }).click();
  const start = offer().getByRole('button', { name: 'Start capture' });
  await offer().getByText('Change the node as said above', { exact: false }).click();
  await start.and(page.locator(':enabled')).waitFor();
  const release = await holdAnswers('live-capture:describe');
  await offer().getByRole('textbox', { name: 'Only port' }).fill('8053');
  // The plan of before is still what one reads.
  await start.and(page.locator(':disabled')).waitFor();
  await release();
  await offer().getByText('"port":8053', { exact: false }).first().waitFor({ state: 'attached' });
  await start.and(page.locator(':enabled')).waitFor();
  await page.keyboard.press('Escape');
  expect(onNode()).toBeUndefined();
});

test('is started, stays in sight, is stopped and fetched, and opens with its flows', async () => {
  const { page } = running;
  await begin();
  await goes()
    .getByText(/By Packet Monitor, the last 100 MB/)
    .waitFor();
  await isFine(running, 'a capture runs');
  await goes().getByRole('button', { name: 'Go on in the background' }).click();
  expect(onNode()?.session).not.toBeNull();
  expect(Object.keys(onNode()?.tasks ?? {})).toHaveLength(1);
  await goToStep(page, 3);
  await chip()
    .getByText(/^Capturing on node: 0:\d\d of 5:00$/)
    .waitFor();
  await isFine(running, 'a capture in the status bar');
  await chip().getByRole('button', { name: 'Stop and fetch the capture on node' }).click();
  await page.getByText('The capture on node was fetched; nothing is left on the node.').waitFor();
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await page.getByRole('tabpanel', { name: 'Captures' }).waitFor();
  await page.getByRole('button', { name: /capture-\d{8}T\d{6}Z\.pcapng/ }).waitFor();
  await page.getByText('29 flows', { exact: true }).waitFor();
  await chip().waitFor({ state: 'detached' });
  isClean();
  // The text that came beside it has what the capture has not: the reasons of drops.
  const rules = async (): Promise<string> => JSON.stringify(await findingsByNode(page));
  await expect.poll(rules).toContain('CAP-DROP-POLICY');
});

test('a connection that dies while it is fetched is made once more, and the node is clean', async () => {
  answer({ breakIn: 'capture-packets' });
  await begin();
  await goes().getByRole('button', { name: 'Stop and fetch' }).click();
  await goes()
    .getByText(/connection was lost/)
    .waitFor();
  await goes().getByText('Nothing of it is on the node.').waitFor();
  expect(onNode()?.did).toContain('break in capture-packets');
  isClean();
  await running.page.keyboard.press('Escape');
});

test('one that dies at the start leaves nothing on the node', async () => {
  answer({ breakIn: 'capture-start', breaks: 2 });
  const before = onNode()?.did.length ?? 0;
  await begin();
  await goes().getByText('Nothing was captured.').waitFor();
  await goes().getByText('Nothing of it is on the node.').waitFor();
  expect(onNode()?.did.slice(before)).toContain('break in capture-start');
  isClean();
  await running.page.keyboard.press('Escape');
});

test('a node that is not reached any more is said to clean up by itself, and is asked again', async () => {
  const { page } = running;
  answer({});
  await begin();
  await goes().getByText('Capturing', { exact: true }).waitFor();
  answer({}, { blocked: true });
  await goes().getByRole('button', { name: 'Discard' }).click();
  await goes().getByText('The node is not cleaned up yet.').waitFor();
  await goes()
    .getByText(/The node ends it and removes everything of it by itself, by \d\d:\d\d/)
    .waitFor();
  await isFine(running, 'a node is not cleaned up');
  await page.keyboard.press('Escape');
  await chip()
    .getByRole('button', { name: /not cleaned up/ })
    .click();
  answer({});
  await goes().getByRole('button', { name: 'Clean up' }).click();
  await goes().getByText('Given up. Nothing was fetched.').waitFor();
  isClean();
  await page.keyboard.press('Escape');
});

test('is refused where somebody else captures, and theirs is not touched', async () => {
  answer({ busy: 'pktmon' });
  const before = onNode()?.did ?? [];
  await begin();
  await goes()
    .getByText(/Packet Monitor is already running on this node/)
    .waitFor();
  await goes().getByText('Nothing of it is on the node.').waitFor();
  expect(onNode()?.did).toEqual(before);
  await isFine(running, 'a capture is refused');
  await running.page.keyboard.press('Escape');
});

test('a node without Packet Monitor gives its trace, and what converts it', async () => {
  const { page } = running;
  answer({ tool: 'netsh' });
  await begin();
  await goes()
    .getByText(/By netsh trace/)
    .waitFor();
  await goes().getByRole('button', { name: 'Stop and fetch' }).click();
  await goes()
    .getByText(/etl2pcapng\.exe capture-\d{8}T\d{6}Z\.etl capture-\d{8}T\d{6}Z\.pcapng/)
    .waitFor();
  await goes().getByRole('button', { name: 'Show capture' }).click();
  await page.getByRole('button', { name: '1 trace to convert first' }).click();
  await page.getByText(/^etl2pcapng\.exe capture-\d{8}T\d{6}Z\.etl server\.pcapng$/).waitFor();
  isClean();
});

test('captures of a node lie side by side, and in its bundle', async () => {
  const { page } = running;
  await goToView(page, 'Nodes');
  const bundle = live.path('with-captures.zip');
  await chooseNext(running.app, bundle);
  await page.getByRole('button', { name: 'Save node as bundle' }).click();
  await page.getByText('Bundle saved: with-captures.zip').waitFor();
  await startOver(page);
  await dropPaths(page, [bundle]);
  await rail(page).waitFor();
  await goToStep(page, 8, 'Captures');
  await page
    .getByRole('button', { name: /pcapng/ })
    .first()
    .click();
  const captures = page.getByRole('option', { name: /captures\/capture-\d{8}T\d{6}Z\.pcapng/ });
  await captures.nth(1).waitFor();
  await captures.first().click();
  await page.getByText('29 flows', { exact: true }).waitFor();
  await page.getByRole('button', { name: '1 trace to convert first' }).waitFor();
  // A bundle is no node: nothing can be captured there.
  expect(await page.getByRole('button', { name: 'Capture packets on this node…' }).count()).toBe(0);
  await startOver(page);
});

test('a window that is closed meanwhile asks, and cleans the node up', async () => {
  const { page, app } = running;
  answer({});
  await runCommand(page, 'Nodes');
  await page.getByRole('button', { name: 'Open node', exact: true }).click();
  await rail(page).waitFor();
  await begin();
  await goes().getByText('Capturing', { exact: true }).waitFor();
  await answerSystem(0);
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await eventually(() => Promise.resolve(isClean()));
});
