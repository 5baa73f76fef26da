import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Locator } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { dropPaths, launch, type RunningApp } from '../app';
import { goToStep, messages, rail, sampleFolder, startOver } from '../window';

/* A check that lacks evidence runs as soon as someone pastes or drops it. */

const notInACollectLogsFolder = [
  'pods.json',
  'events.json',
  'nodes.json',
  'services.json',
  'endpointslices.json',
  'kubelet.log',
  'kubeproxy.log',
  'flanneld.log',
];
const podsCommand = 'kubectl get pods -A -o json';
let running: RunningApp;
let folder: string;
let bundle: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'workbench-evidence-'));
  bundle = path.join(folder, 'node');
  await cp(sampleFolder('healthy-l2bridge'), bundle, { recursive: true });
  for (const name of notInACollectLogsFolder) await rm(path.join(bundle, name));
  running = await launch();
});
beforeEach(async () => {
  await dropPaths(running.page, [bundle]);
  await rail(running.page).waitFor();
});
afterEach(async () => {
  expect(running.complaints).toEqual([]);
  // At one go: a message that goes by itself meanwhile cannot be clicked.
  await messages(running.page)
    .getByRole('button', { name: 'Dismiss' })
    .evaluateAll((all) => all.forEach((each) => (each as HTMLElement).click()));
  await startOver(running.page);
});
afterAll(async () => {
  await running.close();
  await rm(folder, { recursive: true, force: true });
});

const read = (name: string): Promise<string> =>
  readFile(path.join(sampleFolder('healthy-l2bridge'), name), 'utf8');

/** The card of the checks that lack what this command makes. */
const cardOf = (command: string): Locator =>
  running.page
    .getByRole('tabpanel', { name: 'Not checked' })
    .getByRole('region')
    .filter({ hasText: command });

async function seesNotChecked(command: string): Promise<void> {
  await goToStep(running.page, 3, 'Not checked');
  await cardOf(command).first().waitFor();
}

const toast = (): Locator => messages(running.page).getByText(/\d+ checks? ran now/);

describe('pasted kubectl output', () => {
  test('is recognised, belongs to the likely place, runs checks, and can be taken back', async () => {
    const { page } = running;
    await seesNotChecked(podsCommand);
    await running.app.evaluate(
      ({ clipboard }, text) => clipboard.writeText(text),
      await read('pods.json'),
    );
    await page.keyboard.press('Control+v');

    const dialog = page.getByRole('dialog', { name: 'Add evidence' });
    await dialog.getByRole('heading', { name: /Kubernetes/ }).waitFor();
    // Pods of all nodes belong to the cluster.
    await dialog.getByRole('radio', { name: 'Cluster-wide', checked: true }).waitFor();
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();

    await toast().waitFor();
    const ran = Number(/\d+/.exec(await toast().innerText())?.[0]);
    expect(ran).toBeGreaterThan(0);
    expect(ran).toBeLessThan(20);
    await cardOf(podsCommand).waitFor({ state: 'detached' });
    await page.getByRole('tab', { name: 'Events and pods' }).click();
    await page
      .getByRole('grid', { name: 'Pods' })
      .getByText(/win-webserver/)
      .first()
      .waitFor();

    await messages(page).getByRole('button', { name: 'Undo' }).click();
    await messages(page)
      .getByText(/^Taken back: /)
      .waitFor();
    await seesNotChecked(podsCommand);
  });

  test('goes into the box beside the check, too', async () => {
    await seesNotChecked('kubectl get nodes -o json');
    const card = cardOf('kubectl get nodes -o json').first();
    await card
      .getByRole('textbox', { name: /Paste .*nodes.* here/ })
      .fill(await read('nodes.json'));
    await card.getByRole('button', { name: 'Add and run' }).click();
    await toast().waitFor();
    await cardOf('kubectl get nodes -o json').waitFor({ state: 'detached' });
  });

  test('looks like nothing else by controls that reorder it', async () => {
    const { page } = running;
    const text =
      'NAME           READY   STATUS    RESTARTS   AGE\nweb\u202egnp   1/1     Running   0          5m\n';
    await running.app.evaluate(({ clipboard }, pods) => clipboard.writeText(pods), text);
    await page.keyboard.press('Control+v');
    const dialog = page.getByRole('dialog', { name: 'Add evidence' });
    await dialog.getByText('web<U+202E>gnp').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
  });

  test('that is not understood is still kept, and said to be so', async () => {
    const { page } = running;
    await running.app.evaluate(({ clipboard }) =>
      clipboard.writeText('a sentence that no command prints'),
    );
    await page.keyboard.press('Control+v');
    const dialog = page.getByRole('dialog', { name: 'Add evidence' });
    await dialog
      .getByRole('region')
      .getByRole('heading', { name: /not recognised/i })
      .waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });
});

describe('files', () => {
  test('dropped on an open case are added to it', async () => {
    const { page } = running;
    const before = await page.getByText(/\d+ files read/).innerText();
    const file = path.join(folder, 'events-of-today.json');
    await writeFile(file, await read('events.json'));
    await dropPaths(page, [file, path.join(sampleFolder('healthy-l2bridge'), 'kubelet.log')]);
    const dialog = page.getByRole('dialog', { name: 'Add evidence' });
    await dialog.getByRole('region', { name: 'events-of-today.json' }).waitFor();
    await dialog.getByRole('region', { name: 'kubelet.log' }).waitFor();
    await dialog.getByRole('button', { name: 'Add 2 items' }).click();
    await toast().waitFor();
    await expect.poll(() => page.getByText(/\d+ files read/).innerText()).not.toBe(before);
  });

  test('dropped on the box of a check are added, too', async () => {
    const { page } = running;
    await seesNotChecked(podsCommand);
    const box = cardOf(podsCommand).first().getByRole('textbox');
    await box.scrollIntoViewIfNeeded();
    const at = await box.boundingBox();
    await dropPaths(page, [path.join(sampleFolder('healthy-l2bridge'), 'pods.json')], {
      x: (at?.x ?? 0) + 20,
      y: (at?.y ?? 0) + 10,
    });
    const dialog = page.getByRole('dialog', { name: 'Add evidence' });
    await dialog.getByRole('region', { name: 'pods.json' }).waitFor();
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await toast().waitFor();
  });
});

test('Esc closes the dialog after the text was looked at', async () => {
  const { page } = running;
  await page.keyboard.press('Control+Shift+V');
  const dialog = page.getByRole('dialog', { name: 'Add evidence' });
  await dialog.getByRole('textbox', { name: 'Paste command output' }).fill(await read('pods.json'));
  await dialog.getByRole('button', { name: 'Look at it' }).click();
  await dialog.getByRole('radiogroup', { name: 'Where it belongs' }).waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
});
