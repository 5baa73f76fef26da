import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SshLab, type FakeNode } from '../../electron/transports/testing/openssh';
import { FAKE_ACCOUNT, FakeWinrm } from '../../electron/transports/winrm/testing/fake-winrm';
import { dropPaths, launch, type RunningApp } from '../app';
import {
  chooseNext,
  collection,
  connectDialog,
  describeNode,
  isFine,
  settled,
  findingsByNode,
  trust,
} from '../live-window';
import { messages, rail, runCommand, sampleFolder, startOver, welcome } from '../window';

/*
 * Two nodes read live at the same time: one by a real OpenSSH server, one by a peer that speaks
 * WinRM; behind both a program that answers as a Windows node would.
 */

const overSsh = sampleFolder('broken-dns-overlay');
const overWinrm = sampleFolder('broken-services-l2bridge');
const passphrase = 'only-for-this-key';
const slowly = { timeout: 20_000 };
/** What of the operator's settings for SSH is about the node and does not count here. */
const ignored = 'Ignored in ~/.ssh/config: ProxyCommand (line 2).';
const lab = new SshLab();
let running: RunningApp;
let ssh: FakeNode;
let winrm: FakeWinrm;
let key = '';

/** A certificate as WinRM has it: nobody vouches for it. */
function selfSigned(): { cert: string; key: string } {
  const [cert, file] = [lab.path('cert.pem'), lab.path('cert.key')];
  const named = ['-subj', '/CN=node1', '-days', '3', '-keyout', file, '-out', cert];
  spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...named]);
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(file, 'utf8') };
}

beforeAll(async () => {
  mkdirSync(lab.path('home/.ssh'), { recursive: true });
  const settings = 'Host 127.0.0.1\n  ProxyCommand nc %h %p\nHost other\n  ForwardX11 yes\n';
  writeFileSync(lab.path('home/.ssh/config'), settings);
  key = lab.key('operator', 'ed25519', passphrase);
  ssh = await lab.node({ folder: overSsh });
  winrm = await FakeWinrm.start({
    replay: { folder: overWinrm },
    settings: lab.path('winrm.json'),
    certificate: selfSigned(),
  });
  running = await launch({
    env: { HOME: lab.path('home'), XDG_CONFIG_HOME: lab.path('home/.config'), SSH_AUTH_SOCK: '' },
  });
  await welcome(running.page).waitFor();
});
afterAll(async () => {
  await running.close();
  await winrm.stop();
  await lab.close();
});

test('a connection is described, tested stage by stage, and saved', async () => {
  const { page } = running;
  const dialog = await describeNode(running, {
    kind: 'SSH',
    port: ssh.port,
    user: ssh.user,
    name: 'ssh-node',
    key: { file: key, passphrase },
  });
  await dialog.getByRole('button', { name: 'What to collect: everything' }).click();
  await dialog.getByRole('checkbox', { name: 'hns-endpoints' }).waitFor();
  await isFine(running, 'connect dialog');
  await dialog.getByRole('button', { name: 'Test connection' }).click();
  await page.getByRole('alertdialog').getByText(ssh.fingerprint).waitFor();
  await isFine(running, 'is this the host?');
  await trust(page, ssh.fingerprint);
  const stages = dialog.getByRole('region', { name: 'Test of the connection' });
  await stages.getByText('Rights').waitFor();
  await stages.getByText(ignored).waitFor();
  await expect
    .poll(() => stages.getByRole('img', { name: 'passed' }).count(), slowly)
    .toBeGreaterThanOrEqual(4);
  await isFine(running, 'tested');
  // The secret went to main with the test; nothing of it is left in the window.
  await expect.poll(() => dialog.getByLabel('Passphrase').inputValue()).toBe('');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await connectDialog(page).waitFor({ state: 'detached' });
  await page.getByRole('region', { name: 'Nodes', exact: true }).getByText('ssh-node').waitFor();
});

test('what runs on the node is shown before anything is sent', async () => {
  const { page } = running;
  await page.keyboard.press('Control+Shift+N');
  await connectDialog(page).getByRole('button', { name: 'Show what will run' }).click();
  const shown = page.getByRole('dialog', { name: 'What runs on the node' });
  await shown.getByText('-EncodedCommand').waitFor();
  const script = readFileSync(
    path.join(import.meta.dirname, '../../assets/collector/collect.ps1'),
    'utf8',
  );
  const text = await shown.getByLabel(/^Script, SHA-256/).textContent();
  expect(text).toBe(script.replaceAll('\r\n', '\n'));
  await isFine(running, 'what runs');
  await shown.getByRole('button', { name: 'Back' }).click();
  await page.keyboard.press('Escape');
  await connectDialog(page).waitFor({ state: 'detached' });
});

test('both nodes are collected at once, and judged as their bundles are', async () => {
  const { page } = running;
  await describeNode(running, {
    kind: 'WinRM, HTTPS',
    port: winrm.port,
    user: FAKE_ACCOUNT.user,
    name: 'winrm-node',
    password: FAKE_ACCOUNT.password,
  });
  await connectDialog(page).getByRole('button', { name: 'Save' }).click();
  await runCommand(page, 'Nodes');
  await page.getByRole('checkbox', { name: 'Select ssh-node' }).check({ force: true });
  await page.getByRole('checkbox', { name: 'Select winrm-node' }).check({ force: true });
  await page.getByRole('button', { name: 'Collect 2 nodes' }).click();
  await page.getByRole('alertdialog').getByText(winrm.fingerprint.slice(0, 47)).waitFor();
  await isFine(running, 'is this the certificate?');
  await trust(page, winrm.fingerprint);
  await collection(page, 'ssh-node', 'Collected').getByText(ignored).waitFor();
  await collection(page, 'winrm-node', 'Collected').waitFor();
  await rail(page).waitFor();
  await expect.poll(() => nodesOpen(), slowly).toBe(2);
  await settled(page);
  const live = await findingsByNode(page);
  expect(Object.values(live).map((all) => all.length > 0)).toEqual([true, true]);

  for (const [name, file] of Object.entries(bundles)) {
    await chooseNext(running.app, file);
    await page.getByRole('button', { name: `Save ${name} as bundle` }).click();
    await messages(page)
      .getByText(`Bundle saved: ${path.basename(file)}`)
      .waitFor();
  }
  await startOver(page);
  await dropPaths(page, Object.values(bundles));
  await rail(page).waitFor();
  expect(await findingsByNode(page)).toEqual(live);
});
const bundles = {
  'ssh-node': lab.path('ssh-node.zip'),
  'winrm-node': lab.path('winrm-node.zip'),
};

const nodesOpen = (): Promise<number> =>
  running.page.evaluate(async () => {
    const summary = await window.workbench.call('case:summary', {});
    return summary.ok ? summary.value.nodes.length : 0;
  });
