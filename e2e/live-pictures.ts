import { mkdirSync, readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import type { Page } from 'playwright';
import { SshLab } from '../electron/transports/testing/openssh';
import { FAKE_ACCOUNT, FakeWinrm } from '../electron/transports/winrm/testing/fake-winrm';
import { launch, type RunningApp } from './app';
import { collection, connectDialog, describeNode, trust } from './live-window';
import { sampleFolder, welcome } from './window';

/* Pictures of the first connection to a node, for docs/live-ssh.md and docs/live-winrm.md. */

/**
 * Takes them of peers on this computer that answer as Windows nodes do.
 * @param take prepares the window and takes a picture of that name
 */
export async function takeLivePictures(
  take: (running: RunningApp, name: string) => Promise<void>,
): Promise<void> {
  const lab = new SshLab();
  mkdirSync(lab.path('home'));
  const winrm = await startWinrm(lab);
  const plain = await FakeWinrm.start({
    replay: { folder: sampleFolder('healthy-l2bridge') },
    settings: lab.path('plain.json'),
  });
  const key = lab.key('id_ed25519', 'ed25519', 'made for a picture');
  const ssh = await lab.node({ folder: sampleFolder('broken-dns-overlay'), delay: 60 });
  const home = lab.path('home');
  const running = await launch({
    env: { HOME: home, XDG_CONFIG_HOME: `${home}/.config`, SSH_AUTH_SOCK: '' },
  });
  const { page } = running;
  try {
    await welcome(page).waitFor();
    const dialog = await describeNode(running, {
      kind: 'SSH',
      port: ssh.port,
      user: ssh.user,
      name: 'win-node-1',
      key: { file: key, passphrase: 'made for a picture' },
    });
    await dialog.getByRole('button', { name: 'Test connection' }).click();
    await page.getByRole('alertdialog').getByText(ssh.fingerprint).waitFor();
    await take(running, 'live-ssh-fingerprint');
    await trust(page, ssh.fingerprint);
    await dialog.getByText('Rights').waitFor();
    await take(running, 'live-ssh-tested');
    await dialog.getByRole('button', { name: 'Save' }).click();

    const sealed = await describeNode(running, {
      kind: 'WinRM, HTTP',
      port: plain.port,
      user: FAKE_ACCOUNT.user,
      name: 'win-node-3',
      password: FAKE_ACCOUNT.password,
    });
    await sealed.getByRole('button', { name: 'Test connection' }).click();
    await sealed.getByText('Rights').waitFor();
    await take(running, 'live-winrm-http-tested');
    await sealed.getByRole('button', { name: 'Cancel' }).click();

    await describeNode(running, {
      kind: 'WinRM, HTTPS',
      port: winrm.port,
      user: FAKE_ACCOUNT.user,
      name: 'win-node-2',
      password: FAKE_ACCOUNT.password,
    });
    await take(running, 'live-winrm-connect');
    await connectDialog(page).getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByRole('alertdialog').getByText('SHA-256').waitFor();
    await take(running, 'live-winrm-certificate');
    await trust(page, winrm.fingerprint);
    await collection(page, 'win-node-2', 'Collected').waitFor();
    await page.getByRole('button', { name: 'Collect from win-node-1' }).click();
    await halfway(page);
    await take(running, 'live-collecting');
  } finally {
    await running.close();
    await winrm.stop();
    await plain.stop();
    await lab.close();
  }
}

const halfway = (page: Page): Promise<void> =>
  collection(page, 'win-node-1', 'Collecting')
    .getByText(/^[12]\d of \d+ sections/)
    .waitFor();

function startWinrm(lab: SshLab): Promise<FakeWinrm> {
  const [cert, key] = [lab.path('cert.pem'), lab.path('cert.key')];
  const named = ['-subj', '/CN=win-node-2', '-days', '365', '-keyout', key, '-out', cert];
  spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...named]);
  return FakeWinrm.start({
    replay: { folder: sampleFolder('broken-services-l2bridge') },
    settings: lab.path('winrm.json'),
    certificate: { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') },
  });
}
