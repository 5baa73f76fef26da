import type { ElectronApplication, Locator, Page } from 'playwright';
import { expect } from 'vitest';
import type { RunningApp } from './app';
import { seriousViolations } from './axe';

/* Nodes read live, as a user finds their way to them: connect dialog, questions, collections. */

/** A way to a node, as it is typed into the dialog. */
export interface Typed {
  readonly kind: 'SSH' | 'WinRM, HTTPS' | 'WinRM, HTTP';
  readonly port: number;
  readonly user: string;
  readonly name: string;
  readonly password?: string;
  /** A private key's file, and its passphrase. */
  readonly key?: { readonly file: string; readonly passphrase?: string };
}

export const connectDialog = (page: Page): Locator =>
  page.getByRole('dialog', { name: 'Connect to a node' });

/** The card of a collection, by the node's name and what is said of it. */
export const collection = (page: Page, name: string, state: string): Locator =>
  page.getByRole('article', { name: `${name}: ${state}`, exact: true });

/** Answers the next dialogs of the system that ask for a file. */
export async function chooseNext(app: ElectronApplication, file: string): Promise<void> {
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [filePath] });
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, file);
}

/** Opens the dialog and describes a node on this computer. */
export async function describeNode({ app, page }: RunningApp, typed: Typed): Promise<Locator> {
  await page.keyboard.press('Control+Shift+N');
  const dialog = connectDialog(page);
  await dialog.getByRole('radio', { name: typed.kind, exact: true }).click();
  await dialog.getByRole('textbox', { name: 'Address' }).fill('127.0.0.1');
  await dialog.getByRole('textbox', { name: 'Port' }).fill(String(typed.port));
  await dialog.getByRole('textbox', { name: 'User' }).fill(typed.user);
  await dialog.getByRole('textbox', { name: 'Name in the list' }).fill(typed.name);
  if (typed.key !== undefined) {
    await dialog.getByRole('radio', { name: 'Private key' }).click();
    await chooseNext(app, typed.key.file);
    await dialog.getByRole('button', { name: 'Choose key…' }).click();
    await dialog.getByText(typed.key.file.replace(/^.*\//, ''), { exact: true }).waitFor();
    if (typed.key.passphrase !== undefined)
      await dialog.getByLabel('Passphrase').fill(typed.key.passphrase);
  }
  if (typed.password !== undefined) await dialog.getByLabel('Password').fill(typed.password);
  return dialog;
}

/** Trusts what a node shows, once it is what it should be. */
export async function trust(page: Page, fingerprint: string): Promise<void> {
  const question = page
    .getByRole('alertdialog', { name: 'Is this 127.0.0.1?' })
    .filter({ hasText: fingerprint.slice(0, 47) });
  await question.getByRole('button', { name: 'Trust and go on' }).click();
  await question.waitFor({ state: 'detached' });
}

/**
 * What each node is found to have, by its newest snapshot: rule, sentences, and evidence by the names
 * of its bundle. What stands before these names, since several are open, is left out.
 */
export function findingsByNode(page: Page): Promise<Record<string, readonly unknown[]>> {
  return page.evaluate(async () => {
    const { workbench } = window;
    const summary = await workbench.call('case:summary', {});
    if (!summary.ok) throw new Error(summary.error.message);
    const found: Record<string, unknown[]> = {};
    for (const { name, snapshots } of summary.value.nodes) {
      const snapshotId = snapshots.at(-1)?.id ?? '';
      const paging = { offset: 0, limit: 500 };
      const list = await workbench.call('findings:list', { snapshotId, ...paging });
      const report = 'collection-report.txt';
      const files = await workbench.call('files:list', { snapshotId, filter: report, ...paging });
      if (!list.ok || !files.ok) throw new Error('the case was closed');
      const before = files.value.items[0]?.path.replace(report, '') ?? '';
      found[name] = list.value.items.map(({ ruleId, title, summary: said, evidence }) => [
        ruleId,
        title,
        said,
        evidence.map(({ file, line }) => [file.replace(before, ''), line]),
      ]);
    }
    return found;
  });
}

/** Waits until everything that was collected is analysed. */
export async function settled(page: Page): Promise<void> {
  const running = (): Promise<boolean> =>
    page.evaluate(async () => {
      const summary = await window.workbench.call('case:summary', {});
      if (!summary.ok) return true;
      const all = summary.value.nodes.flatMap((node) => node.snapshots);
      return all.some(({ live }) => live?.running !== false);
    });
  await expect.poll(running, { timeout: 20_000 }).toBe(false);
}

/** Holds what is on screen against axe, in both themes. */
export async function isFine({ page }: RunningApp, screen: string): Promise<void> {
  for (const theme of ['dark', 'light'] as const) {
    await page.evaluate(
      (wanted) => window.workbench.call('app:set-settings', { theme: wanted }),
      theme,
    );
    await page.waitForFunction(
      (dark) => matchMedia('(prefers-color-scheme: dark)').matches === dark,
      theme === 'dark',
    );
    const violations = await seriousViolations(page);
    expect({ screen, theme, violations }).toEqual({ screen, theme, violations: [] });
  }
}

/** Records everything that main tells the window, in events and answers, from now on. */
export async function recordWords({ app }: RunningApp): Promise<() => Promise<string>> {
  await app.evaluate(({ BrowserWindow, ipcMain }) => {
    const heard: string[] = [];
    Object.assign(globalThis, { heard });
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    if (contents === undefined) throw new Error('there is no window');
    const send = contents.send.bind(contents);
    contents.send = (channel: string, ...args: unknown[]) => {
      heard.push(JSON.stringify(args));
      send(channel, ...args);
    };
    type Handler = (...args: unknown[]) => unknown;
    const handlers = (ipcMain as unknown as { _invokeHandlers: Map<string, Handler> })
      ._invokeHandlers;
    const answer = handlers.get('workbench:call');
    if (answer === undefined) throw new Error('nobody answers calls');
    handlers.set('workbench:call', async (...args) => {
      const said = await answer(...args);
      heard.push(JSON.stringify(said));
      return said;
    });
  });
  return () => app.evaluate(() => (globalThis as unknown as { heard: string[] }).heard.join('\n'));
}
