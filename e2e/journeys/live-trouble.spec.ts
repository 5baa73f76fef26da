import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import type { Locator } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SshLab, type FakeNode, type Replay } from '../../electron/transports/testing/openssh';
import { FAKE_ACCOUNT, FakeWinrm } from '../../electron/transports/winrm/testing/fake-winrm';
import { launch, type RunningApp } from '../app';
import { chooseNext, collection, describeNode, isFine, recordWords, trust } from '../live-window';
import { messages, rail, runCommand, sampleFolder, welcome } from '../window';

/*
 * What goes wrong while nodes are read: a connection that dies, a wrong password, a key that has
 * changed; and that no secret is found anywhere afterwards.
 */

/** Secrets that must show up nowhere. */
const passphrase = 'canary-Pässphrase-5d1e';
const wrongPassword = 'canary-wrong-9b0c';
const canary = /canary-(P|wrong)|S3cret/;

const folder = sampleFolder('broken-services-l2bridge');
const slowly = { timeout: 20_000 };
const lab = new SshLab();
let running: RunningApp;
let heard: () => Promise<string>;
let key = '';
let said = '';
let winrm: FakeWinrm;
let count = 0;

beforeAll(async () => {
  mkdirSync(lab.path('home'));
  mkdirSync(lab.path('tmp'));
  key = lab.key('operator', 'ed25519', passphrase);
  winrm = await FakeWinrm.start({ replay: { folder }, settings: lab.path('winrm.json') });
  running = await launch({
    env: {
      HOME: lab.path('home'),
      XDG_CONFIG_HOME: lab.path('home/.config'),
      SSH_AUTH_SOCK: '',
      TMPDIR: lab.path('tmp'),
    },
  });
  const child = running.app.process();
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (bytes: Buffer) => (said += bytes.toString()));
  await welcome(running.page).waitFor();
  heard = await recordWords(running);
});
afterAll(async () => {
  await running.close();
  await winrm.stop();
  await lab.close();
});

/** A node whose answers can be changed later, by writing `settings` anew. */
async function node(replay: Replay): Promise<FakeNode & { readonly settings: string }> {
  count += 1;
  return { ...(await lab.node(replay)), settings: lab.path(`replay.json-${count}`) };
}

async function connect(to: FakeNode, name: string): Promise<void> {
  const typed = { kind: 'SSH', port: to.port, user: to.user, name } as const;
  const dialog = await describeNode(running, { ...typed, key: { file: key, passphrase } });
  await dialog.getByRole('button', { name: 'Connect', exact: true }).click();
}

test('a connection that dies midway leaves what came, says what is missing, and can be retried', async () => {
  const { page } = running;
  const dying = await node({ folder, breakAfter: 20 });
  await connect(dying, 'dying');
  await trust(page, dying.fingerprint);
  const card = collection(page, 'dying', 'Incomplete');
  await card.getByText(/connection was lost/).waitFor();
  await rail(page)
    .getByText(/Incomplete collection/)
    .waitFor();
  await page
    .getByRole('button', { name: /^Snapshot / })
    .getByRole('img', { name: 'incomplete' })
    .waitFor();
  await card.getByRole('button', { name: /sections$/ }).click();
  await card.getByRole('cell', { name: 'cut off' }).first().waitFor();

  writeFileSync(dying.settings, JSON.stringify({ folder }));
  await card.getByRole('button', { name: 'Retry dying' }).click();
  await collection(page, 'dying', 'Collected').waitFor();
  await rail(page)
    .getByText(/Incomplete collection/)
    .waitFor({ state: 'detached' });
});

test('collecting again keeps the snapshot before', async () => {
  const { page } = running;
  await page.getByRole('button', { name: 'Collect dying again' }).click();
  await expect.poll(() => collection(page, 'dying', 'Collected').count(), slowly).toBe(2);
  await page.getByRole('button', { name: /^Snapshot / }).click();
  await expect.poll(() => page.getByRole('menuitemradio').count(), slowly).toBe(2);
  await page.keyboard.press('Escape');
});

test('a collection that is cancelled leaves what came', async () => {
  const { page } = running;
  const slow = await node({ folder, delay: 150 });
  await connect(slow, 'slow');
  await trust(page, slow.fingerprint);
  const card = collection(page, 'slow', 'Collecting');
  await card.getByText(/^([3-9]|\d\d) of \d+ sections/).waitFor();
  await card.getByRole('button', { name: 'Cancel slow' }).click();
  await collection(page, 'slow', 'Cancelled')
    .getByText(/was cancelled/)
    .waitFor();
});

test('a wrong password is said to be wrong, and asked for again', async () => {
  const { page } = running;
  const dialog = await describeNode(running, {
    kind: 'WinRM, HTTP',
    port: winrm.port,
    user: FAKE_ACCOUNT.user,
    name: 'guarded',
    password: wrongPassword,
  });
  await dialog.getByRole('button', { name: 'Connect', exact: true }).click();
  const card = collection(page, 'guarded', 'Not collected');
  await card.getByRole('alert').waitFor();
  await card.getByRole('button', { name: 'Retry guarded' }).click();
  const question = page.getByRole('dialog', { name: 'Password for guarded' });
  await question.waitFor();
  await isFine(running, 'password');
  await question.getByLabel(/^Password of/).fill(FAKE_ACCOUNT.password);
  await question.getByRole('button', { name: 'Sign in' }).click();
  await collection(page, 'guarded', 'Collected').waitFor();
});

test('everything is done by keys alone', async () => {
  const { page, app } = running;
  const fresh = await node({ folder });
  const press = async (...keys: string[]): Promise<void> => {
    for (const each of keys) await page.keyboard.press(each);
  };
  await press('Control+Shift+N');
  await page.getByRole('textbox', { name: 'Address' }).and(page.locator(':focus')).waitFor();
  await page.keyboard.type('127.0.0.1');
  await press('Tab');
  await page.keyboard.type(String(fresh.port));
  await press('Tab');
  await page.keyboard.type(fresh.user);
  await press('Tab');
  await page.keyboard.type('by keys');
  // From the agent to the key, which opens the system's dialog.
  await press('Tab', 'ArrowRight', 'Enter');
  await chooseNext(app, key);
  await press('Tab', 'Enter');
  await page.getByText('operator', { exact: true }).waitFor();
  await press('Tab');
  await page.keyboard.type(passphrase);
  await press('Enter');
  // What is safe has the focus.
  await page.getByRole('button', { name: 'Do not connect' }).and(page.locator(':focus')).waitFor();
  await press('Shift+Tab', 'Enter');
  await collection(page, 'by keys', 'Collected').waitFor();
});

test('a host whose key has changed is refused, with both keys and no way on', async () => {
  const { page } = running;
  const [before, after] = [await node({ folder }), await node({ folder })];
  const [, ...other] = before.knownHostsLine.split(' ');
  const list = lab.path('home/.config/hns-workbench/known_hosts');
  writeFileSync(list, `[127.0.0.1]:${after.port} ${other.join(' ')}\n`, { flag: 'a' });
  await connect(after, 'changed');
  const card = collection(page, 'changed', 'Not collected');
  await card.getByText(before.fingerprint).waitFor();
  await card.getByText(after.fingerprint).waitFor();
  await isFine(running, 'nodes');
  expect(await page.getByRole('alertdialog').count()).toBe(0);
  expect(await card.getByRole('button', { name: /trust|go on|continue/i }).count()).toBe(0);
});

test('where there is no keyring, that is said', async () => {
  const { page } = running;
  const typed = { kind: 'WinRM, HTTP', port: 1, user: 'x', name: 'x' } as const;
  const dialog = await describeNode(running, typed);
  await dialog.getByText(/known until the program ends/).waitFor();
  expect(await dialog.getByRole('checkbox', { name: /^Remember it/ }).isDisabled()).toBe(true);
  await page.keyboard.press('Escape');
});

test('a passphrase is never taken for a password: of another way to sign in nothing is known', async () => {
  const { page } = running;
  const edit = async (): Promise<Locator> => {
    await page.getByRole('button', { name: 'More about slow' }).click();
    await page.getByRole('menuitem', { name: 'Edit…' }).click();
    return page.getByRole('dialog', { name: 'Edit connection' });
  };
  const row = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'slow' }) });
  await row.getByText('Key operator, known for this run').waitFor();
  const dialog = await edit();
  await dialog.getByPlaceholder('known; type to replace it').waitFor();
  await dialog.getByRole('radio', { name: 'Password' }).click();
  await dialog.getByPlaceholder('asked for when it is needed').waitFor();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await row.getByText('Password', { exact: true }).waitFor();
  await (await edit()).getByPlaceholder('asked for when it is needed').waitFor();
  await page.keyboard.press('Escape');
});

test('a test ends when another connection is meant, and says nothing of the one before', async () => {
  const { page } = running;
  // It takes connections and says nothing.
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = silent.address() as AddressInfo;
    const typed = { kind: 'SSH', port, user: 'x', name: 'x' } as const;
    const dialog = await describeNode(running, typed);
    await dialog.getByRole('button', { name: 'Test connection' }).click();
    const stages = dialog.getByRole('region', { name: 'Test of the connection' });
    await stages.getByText('Testing…').waitFor();
    await dialog.getByRole('textbox', { name: 'Port' }).fill('1');
    await dialog.getByRole('button', { name: 'Test connection' }).waitFor();
    await stages.waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
  } finally {
    silent.close();
  }
});

test('no secret is found anywhere', async () => {
  const { page, app, userData } = running;
  const bundle = lab.path('saved.zip');
  await chooseNext(app, bundle);
  await page.getByRole('button', { name: 'Save guarded as bundle' }).click();
  await messages(page).getByText('Bundle saved').first().waitFor();
  const report = lab.path('report.json');
  await chooseNext(app, report);
  await runCommand(page, 'Export findings as JSON');
  await messages(page).getByText('Report saved').first().waitFor();

  const words = await heard();
  expect(words).toContain('live-changed');
  expect(words).not.toMatch(canary);
  expect(said).not.toMatch(canary);
  expect(await page.content()).not.toMatch(canary);
  const places = [userData, lab.path('home'), lab.path('tmp'), bundle, report];
  const files = places.flatMap((place) => filesBelow(place));
  // The collected files were there to be looked at, too.
  expect(files.some((file) => file.includes('hns-workbench-live-'))).toBe(true);
  const holding = files.filter((file) =>
    [passphrase, wrongPassword, FAKE_ACCOUNT.password].some((secret) => {
      const bytes = readFileSync(file);
      return bytes.includes(secret) || bytes.includes(Buffer.from(secret, 'utf16le'));
    }),
  );
  expect(holding).toEqual([]);
});

test('what was received goes with the program', async () => {
  await running.close();
  expect(readdirSync(lab.path('tmp')).filter((name) => name.includes('workbench'))).toEqual([]);
});

function filesBelow(place: string): string[] {
  try {
    return readdirSync(place, { recursive: true, withFileTypes: true })
      .filter((each) => each.isFile())
      .map((each) => path.join(each.parentPath, each.name));
  } catch {
    return [place];
  }
}
