import { readFile, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Locator } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch, type RunningApp } from '../app';
import { seriousViolations } from '../axe';
import { goToStep, inspector, messages, openSample, rawFile, stepHead } from '../window';

/* A packet from the finding to the raw rule, watched by keyboard, and who reaches what. */

let running: RunningApp;
let out: string;
beforeAll(async () => {
  running = await launch();
  out = await mkdtemp(path.join(os.tmpdir(), 'workbench-trace-'));
});
afterAll(async () => {
  await running.close();
  await rm(out, { recursive: true, force: true });
});

const way = (): Locator => running.page.getByRole('group', { name: 'Way of the packet' });
const end = (): Locator => running.page.getByRole('region', { name: 'How it ends' });
const field = (name: 'From' | 'To'): Locator => running.page.getByRole('combobox', { name });

/** The system's save dialog answers with this file. */
async function saveTo(file: string): Promise<string> {
  const filePath = path.join(out, file);
  await running.app.evaluate(({ dialog }, wanted) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: wanted });
  }, filePath);
  return filePath;
}

describe('a service that loses a backend on one pod', () => {
  beforeAll(() => openSample(running.page, 'A service loses a backend on one pod'));

  test('a broken link opens the trace that shows it, and the trace the raw rule', async () => {
    const { page } = running;
    await goToStep(page, 7, 'Symptom paths');
    await page.getByRole('button', { name: /^Show the packet of: VFP rule/ }).click();
    await stepHead(page, 8).waitFor();
    await expect.poll(() => field('To').inputValue()).toBe('10.102.220.146:80');
    // What step 7 says stands beside what the trace says.
    await page.getByText(/calls “Services: win-webserver/).waitFor();
    await page
      .getByText(/^HNS balances 10\.102\.220\.146:80\/TCP to 10\.244\.19\.30/)
      .first()
      .waitFor();
    const rule = way().getByRole('listitem').filter({ hasText: 'LB_FE6D6' });
    await rule.getByRole('button', { name: /^LB/ }).click();
    const drawer = rawFile(page);
    await drawer.getByRole('heading', { name: 'vfpOutput.txt' }).waitFor();
    await expect
      .poll(() => drawer.locator('[data-line].marked').first().innerText())
      .toContain('RULE');
    await inspector(page)
      .getByRole('heading', { name: /^LB_FE6D6/ })
      .waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
  });

  test('its ways are compared, and one is chosen', async () => {
    const { page } = running;
    await page.getByRole('button', { name: 'Compare' }).click();
    const compared = page.getByRole('group', { name: 'Ways compared' });
    await expect.poll(() => compared.getByRole('row').count()).toBe(4);
    await compared.getByRole('button', { name: '10.244.18.49:80' }).click();
    await end()
      .getByText(/win-7k2fq0dm3vs gets it for 10\.244\.18\.49/)
      .waitFor();
    await end().getByText('collectlogs.ps1').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Compare' }).click();
  });

  test('full depth says what a rule was held against, and what lost', async () => {
    const { page } = running;
    await page.getByRole('radio', { name: 'Full' }).click();
    await way().getByRole('list', { name: 'Rules that lost' }).first().waitFor();
    await way().getByRole('list', { name: 'Why it matches' }).first().waitFor();
    await page.getByRole('button', { name: /^\d+ assumptions$/ }).click();
    await page.getByRole('dialog', { name: 'What this trace rests on' }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('radio', { name: 'Summary' }).click();
  });

  test('a packet of a flow that is there already says what that rests on', async () => {
    const { page } = running;
    const choose = async (from: string, to: string): Promise<void> => {
      await page.getByRole('button', { name: `${from} Protocol` }).click();
      await page.getByRole('option', { name: to, exact: true }).click();
    };
    await choose('TCP SYN', 'TCP ACK, flow is there');
    await page.getByRole('button', { name: /^\d+ assumptions$/ }).click();
    await page.getByText(/^The packet belongs to a flow that is there already/).waitFor();
    await page.keyboard.press('Escape');
    await choose('TCP ACK, flow is there', 'TCP SYN');
    await end().waitFor();
  });

  test('a question by keyboard: completion, and what is wrong with it in words', async () => {
    const { page } = running;
    await goToStep(page, 6);
    await page.keyboard.press('Control+t');
    await stepHead(page, 8).waitFor();
    await expect
      .poll(() => field('From').evaluate((each) => each === document.activeElement))
      .toBe(true);
    await page.keyboard.type('client');
    await page.getByRole('option', { name: /^win-client/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => field('From').inputValue()).toMatch(/^default\/win-client/);
    await field('To').fill('no-such-service:80');
    await page.keyboard.press('Enter');
    await page.getByText(/^"no-such-service" is no address/).waitFor();
    await expect.poll(() => field('To').getAttribute('aria-invalid')).toBe('true');
    expect(await seriousViolations(page)).toEqual([]);
    await field('To').fill('203.0.113.10:443');
    await page.keyboard.press('Enter');
    await end().getByText('Delivered after NAT').waitFor();
    // It is remembered while the case is open.
    await goToStep(page, 7);
    await goToStep(page, 8, 'Trace');
    await expect.poll(() => field('To').inputValue()).toBe('203.0.113.10:443');
  });

  test('the return path is shown when asked for', async () => {
    const { page } = running;
    await field('To').fill('10.244.19.30:80');
    await page.keyboard.press('Enter');
    await end()
      .getByText(/gets it/)
      .waitFor();
    await page.getByRole('button', { name: 'Return path' }).click();
    await page.getByRole('group', { name: 'Way of the answer' }).waitFor();
    await page.getByRole('button', { name: 'Return path' }).click();
  });

  test('objects lead to their traces: inspector, right click, log line', async () => {
    const { page } = running;
    await goToStep(page, 6, 'Tables');
    const endpoints = page.getByRole('grid', { name: 'Endpoints' });
    await endpoints
      .getByRole('row')
      .filter({ hasText: '10.244.19.31' })
      .getByRole('gridcell')
      .first()
      .click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Trace' }).click();
    await stepHead(page, 8).waitFor();
    await expect.poll(() => field('From').inputValue()).toMatch(/^default\/win-client/);

    await goToStep(page, 6, 'Tables');
    await endpoints
      .getByRole('row')
      .filter({ hasText: '10.244.19.30' })
      .getByRole('gridcell')
      .first()
      .click();
    await page.keyboard.press('Control+Shift+T');
    await stepHead(page, 8).waitFor();
    await expect.poll(() => field('From').inputValue()).toMatch(/^default\/win-webserver/);

    await goToStep(page, 4, 'Logs');
    await page.getByRole('searchbox', { name: 'Filter logs' }).fill('10.244.');
    const line = page
      .getByRole('option')
      .filter({ hasText: /10\.244\.\d+\.\d+/ })
      .first();
    await line.click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Trace the addresses of this line' }).click();
    await stepHead(page, 8).waitFor();
    await expect
      .poll(async () => `${await field('From').inputValue()} ${await field('To').inputValue()}`)
      .toMatch(/10\.244\./);
    // The trace of before, for what follows.
    await field('From').fill('10.244.19.31');
    await page.keyboard.press('Enter');
    await field('To').fill('203.0.113.10:443');
    await page.keyboard.press('Enter');
    await end().getByText('Delivered after NAT').waitFor();
  });

  test('kept: as a picture in a file, and in the report', async () => {
    const { page } = running;
    await goToStep(page, 8, 'Trace');
    const picture = await saveTo('trace.svg');
    await page.getByRole('button', { name: 'Save this trace as a picture' }).click();
    await messages(page).getByText('Saved: trace.svg').waitFor();
    const svg = await readFile(picture, 'utf8');
    expect(svg).toMatch(/^<\?xml[^>]*>\s*<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg).not.toMatch(/<script|href=|url\(/);
    await page.getByRole('button', { name: 'Show this trace in the report' }).click();
    const report = await saveTo('report.html');
    await page.keyboard.press('Control+e');
    await messages(page).getByText('Report saved').first().waitFor();
    const html = await readFile(report, 'utf8');
    // The broken path of the service, and the one that was chosen.
    expect(html.match(/<svg class="story"/g)).toHaveLength(2);
  });
});

describe('a peer that was rebuilt', () => {
  beforeAll(async () => {
    await running.page.keyboard.press('Control+w');
    await openSample(running.page, 'Silence after a peer was rebuilt');
  });

  test('a walk-through is played by keyboard, and stops where the flow breaks', async () => {
    const { page } = running;
    await goToStep(page, 8, 'Walk-throughs');
    const stage = page.getByRole('group', { name: /^Walk-through, / });
    await stage.waitFor();
    await stage.focus();
    const at = (): Promise<string> =>
      stage
        .getByRole('group', { name: 'Play the way' })
        .getByText(/^step \d+ of/)
        .innerText();
    await expect.poll(at).toMatch(/^step 1 of/);
    await page.keyboard.press('ArrowRight');
    await expect.poll(at).toMatch(/^step 2 of/);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Space');
    await stage.getByRole('button', { name: 'Pause' }).waitFor();
    // It plays on, however late one looks.
    await expect.poll(at).toMatch(/^step ([2-9]|\d\d) of/);
    await page.keyboard.press('Space');
    await stage.getByRole('button', { name: 'Play', exact: true }).waitFor();
    await page.keyboard.press('End');
    const last = stage.getByRole('list', { name: 'Moments' }).locator('[aria-current=step]');
    await last.getByText(/so that node drops it/).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await expect
      .poll(() => stage.locator('[aria-live=polite]').innerText())
      .toMatch(/so that node drops it/);
    await page.keyboard.press('Home');
    await expect.poll(at).toMatch(/^step 1 of/);
  });

  test('the matrix shows what is lost, filtered and as a list, and a cell opens its trace', async () => {
    const { page } = running;
    await goToStep(page, 8, 'Reachability');
    const grid = page.getByRole('grid', { name: 'Who reaches what' });
    await grid.waitFor();
    await page.getByRole('radio', { name: /^Problems [1-9]/ }).click();
    await grid.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    const chosen = page.getByRole('region', { name: 'Chosen cell' });
    await expect.poll(() => chosen.innerText()).toMatch(/ → /);
    await page.getByRole('radio', { name: 'List' }).click();
    expect(await seriousViolations(page)).toEqual([]);
    const first = page
      .getByRole('list', { name: 'Packets that do not arrive' })
      .getByRole('button')
      .first();
    await first.click();
    await stepHead(page, 8).waitFor();
    await end()
      .getByText(/so that node drops it/)
      .waitFor();
  });
});

test('what the case has no rules for is not known, with the command that would tell', async () => {
  const { page } = running;
  await page.keyboard.press('Control+w');
  await openSample(page, 'Pods never leave ContainerCreating');
  await page.keyboard.press('Control+t');
  await end().getByText('No endpoint').waitFor();
});
