import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Locator } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { without } from '../../shared/synthetic/bundle';
import { scenario } from '../../shared/synthetic/scenarios';
import { clusterObjects } from '../../electron/transports/kubernetes/testing/cluster-fixture';
import { KubeLab } from '../../electron/transports/kubernetes/testing/kube-lab';
import { writeBundle } from '../../electron/sources/testing/bundles';
import { SshLab, type FakeNode, type Replay } from '../../electron/transports/testing/openssh';
import { launch, type RunningApp } from '../app';
import { eventually } from '../eventually';
import { chooseNext, collection, describeNode, trust } from '../live-window';
import { runCommand, welcome } from '../window';

/* Several nodes at once, a node behind another, and a node whose cluster is read beside it. */

const lab = new SshLab();
const kube = new KubeLab();
const broken = scenario('broken-services-overlay').bundle();
const ofCluster = ['nodes', 'pods', 'services', 'endpointslices', 'events'];
const folder = lab.path('node');
/** Longer than the test looks on; nobody ends the program of a node whose connection is gone. */
const LONG = 180_000;
let running: RunningApp;
let node: FakeNode;
let bastion: FakeNode;
let kubeconfig = '';
let keyFile = '';

/** What the node answers from now on. */
const answer = (replay: Replay): void =>
  writeFileSync(lab.path('replay.json-1'), JSON.stringify(replay));

beforeAll(async () => {
  mkdirSync(lab.path('home'));
  const onNode = without(broken, ...ofCluster.map((name) => `${name}.json`));
  writeBundle(folder, onNode);
  keyFile = lab.key('operator', 'ed25519');
  node = await lab.node({ folder });
  bastion = await lab.node({ folder, record: lab.path('bastion-commands') });
  const api = await kube.api({ objects: clusterObjects(broken, 'win-9p1xz4ct8rb') });
  kubeconfig = kube.kubeconfig(api.url);
  running = await launch({
    env: { HOME: lab.path('home'), XDG_CONFIG_HOME: lab.path('home/.config'), SSH_AUTH_SOCK: '' },
  });
  await welcome(running.page).waitFor();
});
afterAll(async () => {
  await running.close();
  await kube.close();
  await lab.close();
});

const describe = (name: string): Promise<Locator> =>
  describeNode(running, {
    ...{ kind: 'SSH', port: node.port, user: node.user, name },
    key: { file: keyFile },
  });
const connect = (dialog: Locator): Promise<void> =>
  dialog.getByRole('button', { name: 'Connect', exact: true }).click();
const card = (name: string, state: string): Locator => collection(running.page, name, state);

test('a node behind a jump host: the keys of both are asked for, and nothing runs on the first', async () => {
  const { page } = running;
  const dialog = await describe('behind');
  await dialog.getByRole('button', { name: 'Jump host' }).click();
  await dialog
    .getByRole('textbox', { name: 'Through' })
    .fill(`${bastion.user}@127.0.0.1:${bastion.port}`);
  await connect(dialog);
  await trust(page, bastion.fingerprint);
  await trust(page, node.fingerprint);
  await card('behind', 'Collected').waitFor();
  expect(() => readFileSync(lab.path('bastion-commands'))).toThrow(/ENOENT/);
});

test('the objects of its cluster are read beside a node', async () => {
  const { page, app } = running;
  const dialog = await describe('beside');
  await dialog.getByRole('button', { name: 'Kubernetes objects of its cluster' }).click();
  await dialog.getByText('Read nodes, pods, services and events').click();
  await chooseNext(app, kubeconfig);
  await dialog.getByRole('button', { name: 'Choose kubeconfig…' }).click();
  await dialog.getByRole('button', { name: /^lab/ }).waitFor();
  await connect(dialog);
  await card('beside', 'Collected').waitFor();
  const filesOf = (): Promise<Record<string, string[]>> =>
    page.evaluate(async () => {
      const { workbench } = window;
      const summary = await workbench.call('case:summary', {});
      const files: Record<string, string[]> = {};
      for (const { snapshots } of summary.ok ? summary.value.nodes : [])
        for (const { id } of snapshots) {
          const about = { snapshotId: id, filter: '', offset: 0, limit: 500 };
          const list = await workbench.call('files:list', about);
          files[id] = list.ok ? list.value.items.map(({ path }) => path) : [];
        }
      return files;
    });
  await eventually(async () => {
    const all = Object.values(await filesOf());
    const withCluster = all.filter((paths) => paths.some((path) => path.endsWith('services.json')));
    expect({ all: all.length, withCluster: withCluster.length }).toEqual({
      all: 2,
      withCluster: 1,
    });
  });
  // Read over SSH and from the API server, they are one node.
  const [both] = Object.values(await filesOf()).filter((paths) =>
    paths.some((path) => path.endsWith('services.json')),
  );
  expect(both?.some((path) => path.endsWith('hnsdiag.txt'))).toBe(true);
});

test('four nodes are read at once; the next begins when one of them has ended', async () => {
  const { page } = running;
  answer({ folder, delay: LONG });
  for (const name of ['one', 'two', 'three', 'four']) {
    await connect(await describe(name));
    await card(name, 'Connecting').waitFor();
  }
  await connect(await describe('five'));
  await card('five', 'Waiting').waitFor();
  await connect(await describe('six'));
  await card('six', 'Waiting').waitFor();
  await card('two', 'Connecting')
    .getByRole('button', { name: /^Cancel/ })
    .click();
  await card('five', 'Connecting').waitFor();
  expect(await card('six', 'Waiting').count()).toBe(1);
  await runCommand(page, 'Cancel all collecting');
  await eventually(async () => {
    for (const name of ['one', 'two', 'three', 'four', 'five', 'six'])
      expect(await card(name, 'Cancelled').count()).toBe(1);
  });
});
