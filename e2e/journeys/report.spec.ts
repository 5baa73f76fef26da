import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, type RunningApp } from '../app';
import { messages, openSample, rail } from '../window';

/* The report is one file that says by itself, anywhere, what the window says. */

const verdict = '10.244.19.29 does not reach all backends of 10.102.220.146:80/TCP';
let running: RunningApp;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'workbench-report-'));
  running = await launch();
  await openSample(running.page, 'A service loses a backend on one pod');
});
afterAll(async () => {
  await running.close();
  await rm(folder, { recursive: true, force: true });
});

/** The next save dialog answers with this file; null cancels it. */
async function saveTo(file: string | null): Promise<void> {
  await running.app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () =>
      Promise.resolve({ canceled: filePath === null, filePath: filePath ?? '' });
  }, file);
}

/** Opens a file in a window of its own, without scripts, and tells what it showed and loaded. */
function openAlone(file: string) {
  return running.app.evaluate(async ({ BrowserWindow, session }, address) => {
    const alone = session.fromPartition('report-alone');
    const loaded: string[] = [];
    alone.webRequest.onBeforeRequest((details, answer) => {
      loaded.push(details.url);
      answer({});
    });
    const window = new BrowserWindow({
      show: false,
      width: 1000,
      height: 800,
      webPreferences: { session: alone, javascript: false, sandbox: true },
    });
    const said: string[] = [];
    window.webContents.on('console-message', (...args: unknown[]) => {
      said.push(JSON.stringify(args.slice(1)));
    });
    await window.loadURL(address);
    // The page itself runs no script; what it holds is asked for from outside.
    const debug = window.webContents.debugger;
    debug.attach('1.3');
    const read = async (expression: string): Promise<unknown> => {
      const answer = (await debug.sendCommand('Runtime.evaluate', {
        expression,
        returnByValue: true,
      })) as { result: { value: unknown } };
      return answer.result.value;
    };
    const seen = {
      text: await read('document.body.innerText'),
      pictures: await read('document.querySelectorAll("svg").length'),
      wider: await read('document.documentElement.scrollWidth > innerWidth'),
    };
    const range = 'const range = document.createRange();';
    // A number that is broken in two is another number.
    const broken = await read(
      `${range} [...document.querySelectorAll('td.end')].filter((cell) => {
        range.selectNodeContents(cell);
        return new Set([...range.getClientRects()].map(({ top }) => top)).size > 1;
      }).map((cell) => cell.textContent)`,
    );
    await debug.sendCommand('Emulation.setEmulatedMedia', { media: 'print' });
    const ground = (selector: string): Promise<unknown> =>
      read(`getComputedStyle(document.querySelector(${JSON.stringify(selector)})).backgroundColor`);
    const onPaper = { evidence: await ground('pre .m'), beside: await ground('pre .l:not(.m)') };
    const pdf = await window.webContents.printToPDF({});
    window.destroy();
    return { ...seen, broken, onPaper, loaded, said, printed: pdf.length };
  }, pathToFileURL(file).href);
}

test('the HTML report is saved, names the verdict, and loads nothing from anywhere', async () => {
  const file = path.join(folder, 'report.html');
  await saveTo(file);
  await running.page.keyboard.press('Control+e');
  await messages(running.page).getByText('Report saved: report.html').waitFor();

  const html = await readFile(file, 'utf8');
  expect(html).toMatch(/http-equiv="content-security-policy"/i);
  expect(html).not.toMatch(/<script\b(?![^>]*type="application\/)/i);
  expect(html).not.toMatch(/<(?:link|img|iframe|object|embed)\b[^>]*(?:src|href)="(?!data:)/i);

  const seen = await openAlone(file);
  expect(seen.loaded.filter((url) => !url.startsWith('data:'))).toEqual([pathToFileURL(file).href]);
  expect(seen.said).toEqual([]);
  expect(seen.text).toContain(verdict);
  expect(seen.text).toContain('vfpOutput.txt:');
  expect(seen.text).toContain('kubectl delete pod');
  expect(seen.pictures).toBeGreaterThan(0);
  expect(seen.wider).toBe(false);
  expect(seen.broken).toEqual([]);
  expect(seen.onPaper.evidence).not.toBe(seen.onPaper.beside);
  expect(seen.printed).toBeGreaterThan(10_000);
});

test.each([
  ['JSON, for programs', 'report.json', /^\{[^]*"ruleId"/],
  ['Text, for a ticket', 'report.txt', /10\.244\.19\.29 does not reach all backends/],
])('the menu saves it as %s', async (entry, name, content) => {
  const { page } = running;
  await saveTo(path.join(folder, name));
  await page.getByRole('button', { name: 'Export report' }).click();
  await page.getByRole('menuitem', { name: entry }).click();
  await messages(page).getByText(`Report saved: ${name}`).waitFor();
  expect(await readFile(path.join(folder, name), 'utf8')).toMatch(content);
});

test('a table is saved as it is filtered', async () => {
  const { page } = running;
  const file = path.join(folder, 'endpoints.csv');
  await saveTo(file);
  await rail(page).getByRole('button', { name: 'Tables' }).click();
  await page.getByRole('grid', { name: 'Endpoints' }).waitFor();
  await page.getByRole('searchbox', { name: 'Filter endpoints' }).fill('10.244.19.30');
  await page.getByText(/^1 of \d+$/).waitFor();
  await page.getByRole('button', { name: 'CSV' }).click();
  await messages(page).getByText('Saved: endpoints.csv').waitFor();
  const lines = (await readFile(file, 'utf8')).trim().split(/\r?\n/);
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain('10.244.19.30');
});

test('a cancelled dialog saves nothing and says nothing', async () => {
  const { page } = running;
  const before = await messages(page).innerText();
  await saveTo(null);
  await page.keyboard.press('Control+e');
  // The palette opens after the dialog has answered: what was to be said would be there.
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Search and commands' }).waitFor();
  await page.keyboard.press('Escape');
  expect(before).toContain(await messages(page).innerText());
  expect(running.complaints).toEqual([]);
});
