import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FAKE_ACCOUNT, FakeWinrm } from '../../electron/transports/winrm/testing/fake-winrm';
import { launch } from '../app';
import { KeyringLab } from '../keyring-lab';
import { collection, connectDialog, describeNode } from '../live-window';
import { sampleFolder, welcome } from '../window';

/* With GNOME Keyring a password is kept beyond the run, encrypted by it. */

const folder = mkdtempSync(path.join(tmpdir(), 'workbench-keyring-'));
const userData = path.join(folder, 'profile');
const keyring = new KeyringLab();
let winrm: FakeWinrm | undefined;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  env = { ...(await keyring.start(folder)), XDG_CONFIG_HOME: path.join(folder, 'config') };
  winrm = await FakeWinrm.start({
    replay: { folder: sampleFolder('healthy-l2bridge') },
    settings: path.join(folder, 'winrm.json'),
  });
});
afterAll(async () => {
  await winrm?.stop();
  keyring.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('a password that is to be remembered is known at the next start, and nowhere in the clear', async () => {
  const first = await launch({ userData, env });
  await welcome(first.page).waitFor();
  const dialog = await describeNode(first, {
    kind: 'WinRM, HTTP',
    port: winrm?.port ?? 0,
    user: FAKE_ACCOUNT.user,
    name: 'remembered',
    password: FAKE_ACCOUNT.password,
  });
  await dialog.getByText('Remember it in the keyring').click();
  await dialog.getByRole('button', { name: 'Connect', exact: true }).click();
  await collection(first.page, 'remembered', 'Collected').waitFor();
  await first.close();
  const kept = readFileSync(path.join(userData, 'secrets.json'), 'utf8');
  expect(kept).not.toContain('S3cret');
  expect(
    Buffer.from(Object.values(JSON.parse(kept) as object).join(), 'base64').toString('latin1'),
  ).not.toContain('S3cret');

  const second = await launch({ userData, env });
  await welcome(second.page).waitFor();
  await second.page.getByRole('button', { name: /^remembered/ }).click();
  await collection(second.page, 'remembered', 'Collected').waitFor();

  // What a test asked for, of a copy that is not kept, is not kept either.
  const { page } = second;
  await page.getByRole('button', { name: 'More about remembered' }).click();
  await page.getByRole('menuitem', { name: 'Duplicate…' }).click();
  const copy = connectDialog(page);
  await copy.getByRole('button', { name: 'Test connection' }).click();
  const question = page.getByRole('dialog', { name: /^Password for / });
  await question.getByLabel(/^Password of/).fill(FAKE_ACCOUNT.password);
  await question.getByText('Remember it in the keyring').click();
  await question.getByRole('button', { name: 'Sign in' }).click();
  const secrets = (): number =>
    Object.keys(JSON.parse(readFileSync(path.join(userData, 'secrets.json'), 'utf8')) as object)
      .length;
  await expect.poll(secrets).toBe(2);
  await copy.getByRole('button', { name: 'Cancel' }).click();
  await expect.poll(secrets).toBe(1);
  await second.close();
});
