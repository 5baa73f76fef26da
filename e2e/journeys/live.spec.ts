import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SshLab, type FakeNode } from '../../electron/transports/testing/openssh';
import { launch, projectFolder, type RunningApp } from '../app';
import { rail, welcome } from '../window';

/* Nodes read live: real OpenSSH servers that answer as a Windows node would. */

const sample = path.join(projectFolder, 'assets/samples/broken-dns-overlay');
const lab = new SshLab();
let running: RunningApp;
let node: FakeNode;
let key = '';

beforeAll(async () => {
  mkdirSync(lab.path('home'));
  key = lab.key('operator', 'ed25519');
  node = await lab.node({ folder: sample });
  running = await launch({
    env: { HOME: lab.path('home'), XDG_CONFIG_HOME: lab.path('home/.config'), SSH_AUTH_SOCK: '' },
  });
  await welcome(running.page).waitFor();
});
afterAll(async () => {
  await running.close();
  await lab.close();
});

/** Answers the system's dialog for files with a path. */
async function chooseNext(file: string): Promise<void> {
  await running.app.evaluate(({ dialog }, filePath) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [filePath] });
  }, file);
}

async function describeSsh(page: Page, to: FakeNode): Promise<void> {
  await page.keyboard.press('Control+Shift+N');
  const dialog = page.getByRole('dialog', { name: 'Connect to a node' });
  await dialog.getByRole('textbox', { name: 'Address' }).fill('127.0.0.1');
  await dialog.getByRole('textbox', { name: 'Port' }).fill(String(to.port));
  await dialog.getByRole('textbox', { name: 'User' }).fill(to.user);
  await dialog.getByRole('radio', { name: 'Private key' }).click();
  await chooseNext(key);
  await dialog.getByRole('button', { name: 'Choose key…' }).click();
  await dialog.getByText('operator', { exact: true }).waitFor();
}

describe('a node over SSH', () => {
  test('is trusted by its fingerprint, collected, and judged', async () => {
    const { page } = running;
    await describeSsh(page, node);
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    const trust = page.getByRole('alertdialog', { name: 'Is this 127.0.0.1?' });
    await trust.getByText(node.fingerprint).waitFor();
    await trust.getByRole('button', { name: 'Trust and go on' }).click();
    await page.getByRole('article', { name: '127.0.0.1: Collected' }).waitFor();
    await rail(page).waitFor();
    expect(running.complaints).toEqual([]);
  });
});
