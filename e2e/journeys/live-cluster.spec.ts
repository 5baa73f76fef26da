import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { without } from '../../shared/synthetic/bundle';
import { scenario } from '../../shared/synthetic/scenarios';
import { writeBundle } from '../../electron/sources/testing/bundles';
import { clusterObjects } from '../../electron/transports/kubernetes/testing/cluster-fixture';
import type { FakeApiServer } from '../../electron/transports/kubernetes/testing/fake-api-server';
import { KubeLab, TOKEN_CANARY } from '../../electron/transports/kubernetes/testing/kube-lab';
import { dropPaths, launch, type RunningApp } from '../app';
import {
  chooseNext,
  collection,
  connectDialog,
  findingsByNode,
  isFine,
  recordWords,
  settled,
} from '../live-window';
import { goToStep, messages, rail, startOver, welcome } from '../window';

/* A node that is reached through the API server of its cluster: a server that kubectl takes for one. */

const nodeName = 'win-9p1xz4ct8rb';
const broken = scenario('broken-services-overlay').bundle();
const apiFiles = ['nodes', 'pods', 'services', 'endpointslices', 'events'];
const lab = new KubeLab();
let running: RunningApp;
let kubeconfig = '';
let api: FakeApiServer | undefined;

beforeAll(async () => {
  mkdirSync(lab.path('home'));
  const onNode = without(broken, ...apiFiles.map((name) => `${name}.json`));
  writeBundle(lab.path('node'), onNode);
  api = await lab.api({
    objects: clusterObjects(broken, nodeName),
    exec: { replay: { folder: lab.path('node') }, settings: lab.path('replay.json') },
  });
  kubeconfig = lab.kubeconfig(api.url, {
    user: {
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: '/bin/echo',
        args: [
          JSON.stringify({
            apiVersion: 'client.authentication.k8s.io/v1',
            kind: 'ExecCredential',
            status: { token: TOKEN_CANARY },
          }),
        ],
        interactiveMode: 'Never',
      },
    },
  });
  running = await launch({
    env: { HOME: lab.path('home'), XDG_CONFIG_HOME: lab.path('home/.config'), KUBECONFIG: '' },
  });
  await welcome(running.page).waitFor();
});
afterAll(async () => {
  await running.close();
  await lab.close();
});

test('a node is picked from the cluster, read in a pod that runs there, and judged as its bundle is', async () => {
  const { page, app } = running;
  const heard = await recordWords(running);
  await page.keyboard.press('Control+Shift+N');
  const dialog = connectDialog(page);
  await dialog.getByRole('radio', { name: 'Kubernetes' }).click();
  // There is no kubeconfig of the user's own, which is said.
  await dialog.getByRole('alert').waitFor();
  await chooseNext(app, kubeconfig);
  await dialog.getByRole('button', { name: 'Choose kubeconfig…' }).click();
  await dialog.getByRole('button', { name: /^lab/ }).waitFor();
  await dialog.getByRole('button', { name: 'List nodes' }).click();

  const plugin = page.getByRole('alertdialog', { name: 'May this program run?' });
  await plugin.getByText('/bin/echo').waitFor();
  await isFine(running, 'may this program run?');
  await plugin.getByRole('button', { name: 'Run it', exact: true }).click();

  await dialog.getByRole('button', { name: 'List nodes' }).waitFor();
  await dialog.getByRole('button', { name: /Node$/ }).click();
  await page
    .getByRole('option', { name: nodeName })
    .getByText(/Windows \d+/)
    .waitFor();
  await page.getByRole('option', { name: nodeName }).click();
  await isFine(running, 'connect through Kubernetes');
  await dialog.getByRole('button', { name: 'Connect', exact: true }).click();
  await collection(page, nodeName, 'Collected').waitFor();
  await rail(page).waitFor();
  await goToStep(page, 3);
  await settled(page);
  const live = await findingsByNode(page);
  expect(Object.values(live).map((all) => all.length > 0)).toEqual([true]);

  // The cluster is watched as long as the case is open.
  const name = 'watched-while-open';
  api?.put('services', {
    metadata: { name, namespace: 'default', uid: 'u-1' },
    spec: { type: 'ClusterIP', clusterIP: '10.110.3.3', ports: [{ port: 80, protocol: 'TCP' }] },
  });
  await expect
    .poll(
      () =>
        page.evaluate(async (wanted) => {
          const file = { path: 'services.json', text: wanted, from: 1 };
          const found = await window.workbench.call('file:search', {
            ...file,
            backwards: false,
            matchCase: true,
          });
          return found.ok && found.value.line !== null;
        }, name),
      { timeout: 20_000 },
    )
    .toBe(true);
  const watched = await findingsByNode(page);

  const bundle = lab.path('saved.zip');
  await page.keyboard.press('Control+k');
  await page
    .getByRole('combobox', { name: 'Search and commands' })
    .fill('>Save the node on screen');
  await chooseNext(app, bundle);
  await page.getByRole('option', { name: /^Save the node on screen/ }).click();
  await messages(page).getByText('Bundle saved').waitFor();
  await startOver(page);
  await dropPaths(page, [bundle]);
  await rail(page).waitFor();
  expect(await findingsByNode(page)).toEqual(watched);
  // The command of the plugin is shown to the user, and holds the token here; nothing else does.
  const words = (await heard()).split('\n').filter((each) => !each.includes('allow-plugin'));
  expect(words.join('\n')).not.toContain(TOKEN_CANARY);
});
