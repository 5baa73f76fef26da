import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch, type RunningApp } from '../app';
import { eventually } from '../eventually';
import {
  allSteps,
  goToStep,
  goToView,
  inspector,
  openSample,
  rail,
  rawFile,
  sampleFolder,
  stepHead,
  tabNames,
} from '../window';

/* A broken node from the welcome screen to the raw line, and from object to object. */

const sample = 'broken-services-l2bridge';
const finding = '10.244.19.29 does not reach all backends of 10.102.220.146:80/TCP';
let running: RunningApp;
beforeAll(async () => {
  running = await launch();
});
afterAll(() => running.close());

/** Presses a key until the focus is in `target`, once that is there. */
async function pressUntilFocused(key: string, target: Locator, most = 60): Promise<void> {
  await target.first().waitFor({ state: 'attached' });
  for (let presses = 0; presses < most; presses += 1) {
    await running.page.keyboard.press(key);
    const there = await target.evaluateAll((found) =>
      found.some((element) => element === document.activeElement),
    );
    if (there) return;
  }
  throw new Error(`${most} times ${key} did not reach ${String(target)}`);
}

/** Lines of a file of the sample, as an editor shows them. */
async function linesOf(name: string): Promise<string[]> {
  const bytes = await readFile(path.join(sampleFolder(sample), name));
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe;
  const text = wide ? bytes.subarray(2).toString('utf16le') : bytes.toString('utf8');
  return text.split(/\r?\n/);
}

interface MarkedLine {
  readonly line: number;
  readonly text: string;
  /** It looks different from lines that are not marked. */
  readonly differs: boolean;
}

/** What the raw file shows as marked, once that has its text: a line is there before its text is. */
function markedLines(lines: readonly string[]): Promise<MarkedLine[]> {
  return eventually(async () => {
    const marked = await markedNow();
    expect(marked).not.toEqual([]);
    for (const { line, text } of marked) expect(text).toBe(lines[line - 1]);
    return marked;
  });
}

async function markedNow(): Promise<MarkedLine[]> {
  return rawFile(running.page)
    .locator('[data-line]')
    .evaluateAll((all) => {
      const background = (element: Element): string => getComputedStyle(element).backgroundColor;
      const plain = all.find((element) => !element.classList.contains('marked'));
      return all
        .filter((element) => element.classList.contains('marked'))
        .map((element) => ({
          line: Number(element.getAttribute('data-line')),
          text: element.querySelector('.text')?.textContent ?? '',
          differs: plain === undefined || background(element) !== background(plain),
        }));
    });
}

describe('by keyboard alone', () => {
  test('a sample is opened', async () => {
    const { page } = running;
    await pressUntilFocused(
      'Tab',
      page.getByRole('button', { name: 'A service loses a backend on one pod' }),
    );
    await page.keyboard.press('Enter');
    await rail(page).getByRole('button', { name: finding }).waitFor();
  });

  test.each(allSteps)('step %i and each of its tabs is reached', async (step) => {
    const { page } = running;
    await page.keyboard.press(`Control+${step}`);
    await stepHead(page, step).waitFor();
    await rail(page)
      .locator('[aria-current=page]')
      .filter({ hasText: String(step) })
      .waitFor();
    await pressUntilFocused('F6', page.getByRole('tab'), 5);
    const names = await tabNames(page);
    expect(names[0]).toMatch(step === 8 ? /^Trace/ : /^Findings/);
    expect(names.at(-1)).toMatch(/^Not checked/);
    await page.keyboard.press('Home');
    for (const name of names) {
      await page.getByRole('tab', { name, selected: true }).waitFor();
      await page.getByRole('tabpanel', { name }).waitFor();
      await page.keyboard.press('ArrowRight');
    }
  });

  test('the menu calls the steps as the window does', async () => {
    const inMenu = await running.app.evaluate(
      ({ Menu }, ids) =>
        ids.map((id) => Menu.getApplicationMenu()?.getMenuItemById(id)?.label.replace('&&', '&')),
      allSteps.map((step) => `step-${step}`),
    );
    const inRail = await rail(running.page).locator('ol .label').allTextContents();
    expect(inMenu).toEqual(inRail);
  });

  test('a finding is followed to its raw line and back', async () => {
    const { page } = running;
    await page.keyboard.press('Control+7');
    await pressUntilFocused('F6', page.getByRole('tab'), 5);
    await page.keyboard.press('Home');
    const article = page.getByRole('article', { name: finding });
    await article.waitFor();
    await pressUntilFocused(
      'Tab',
      article.getByRole('button', { name: /^vfpOutput\.txt:\d+/ }).first(),
    );
    await page.keyboard.press('Enter');

    const drawer = rawFile(page);
    await drawer.getByRole('heading', { name: 'vfpOutput.txt' }).waitFor();
    const marked = await markedLines(await linesOf('vfpOutput.txt'));
    for (const { differs } of marked) expect(differs).toBe(true);
    // The list of backends that lacks 10.244.19.30.
    expect(marked.map(({ text }) => text).join('\n')).toMatch(/DIP Range[^]*10\.244\.19\.29 : 80/);

    await pressUntilFocused('F6', drawer.getByRole('button'), 5);
    await pressUntilFocused('Tab', drawer.getByRole('group', { name: 'Lines of vfpOutput.txt' }));
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
  });

  test('rows of a table are walked, and the inspector follows', async () => {
    const { page } = running;
    await goToStep(page, 6);
    await pressUntilFocused('F6', page.getByRole('tab'), 5);
    await page.keyboard.press('Home');
    await pressUntilFocused('ArrowRight', page.getByRole('tab', { name: 'Tables' }), 5);
    await pressUntilFocused('Tab', page.getByRole('grid', { name: 'Endpoints' }));
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const heading = inspector(page).getByRole('heading', { level: 2 }).first();
    await heading.waitFor();
    const first = await heading.innerText();
    await page.keyboard.press('ArrowDown');
    await eventually(async () => expect(await heading.innerText()).not.toBe(first));
  });

  test('objects of the graph are walked, and the inspector follows, back and forward', async () => {
    const { page } = running;
    await page.keyboard.press('Control+Shift+G');
    const graph = page.getByRole('listbox', { name: 'HNS objects' });
    await graph.waitFor();
    await pressUntilFocused('F6', page.getByRole('tab'), 5);
    await pressUntilFocused('Tab', graph);
    const heading = inspector(page).getByRole('heading', { level: 2 }).first();
    const ofTheTable = await heading.innerText();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await eventually(async () => expect(await heading.innerText()).not.toBe(ofTheTable));
    const before = await heading.innerText();
    await page.keyboard.press('ArrowDown');
    await eventually(async () => expect(await heading.innerText()).not.toBe(before));
    await page.keyboard.press('Alt+ArrowLeft');
    await eventually(async () => expect(await heading.innerText()).toBe(before));
    await page.keyboard.press('Alt+ArrowRight');
    await eventually(async () => expect(await heading.innerText()).not.toBe(before));
  });
});

describe('from object to object', () => {
  test('an endpoint of the graph shows in the inspector, in the table and in its raw lines', async () => {
    const { page } = running;
    await page.keyboard.press('Control+Shift+G');
    const graph = page.getByRole('listbox', { name: 'HNS objects' });
    await page.getByRole('button', { name: 'Fit' }).click();
    await graph.getByRole('option', { name: /^Endpoint .*10\.244\.19\.29/ }).click();
    const pane = inspector(page);
    await pane.getByText('10.244.19.29').first().waitFor();
    // What is wrong with it is said there, too.
    await pane.getByRole('article', { name: finding }).waitFor();

    await pane.getByRole('button', { name: 'Show raw' }).click();
    const file = await rawFile(page).getByRole('heading', { level: 2 }).innerText();
    await markedLines(await linesOf(file));
    await page.keyboard.press('Escape');

    await pane.getByRole('button', { name: 'Show in table' }).click();
    await page
      .getByRole('grid', { name: 'Endpoints' })
      .getByRole('row', { selected: true })
      .filter({ hasText: '10.244.19.29' })
      .waitFor();
    await page.keyboard.press('Alt+ArrowLeft');
    await graph.waitFor();
    expect(running.complaints).toEqual([]);
  });

  test('a load balancer shows its backends, and on how many ports its rule is', async () => {
    const { page } = running;
    while ((await inspector(page).count()) > 0) await page.keyboard.press('Escape');
    await goToView(page, 'Load balancers');
    // The broken one is first, and shown before one is chosen.
    const broken = page.getByRole('grid', { name: 'Backends of 10.102.220.146:80/TCP' });
    await broken.getByRole('row').filter({ hasText: '10.244.19.30' }).waitFor();
    await page
      .getByRole('grid', { name: 'Load balancers' })
      .getByRole('row')
      .filter({ hasText: '10.96.0.1:443' })
      .getByRole('gridcell')
      .first()
      .click();
    await page.getByRole('grid', { name: 'Backends of 10.96.0.1:443/TCP' }).waitFor();
    await page
      .getByRole('grid', { name: 'Load balancers' })
      .getByRole('row')
      .filter({ hasText: '10.102.220.146' })
      .getByRole('gridcell')
      .first()
      .click();
    const backends = page.getByRole('grid', { name: /^Backends of / });
    await backends.getByRole('row').filter({ hasText: '10.244.19.30' }).waitFor();
    await backends
      .getByText(/\b2 of 3\b/)
      .first()
      .waitFor();
  });

  test('a name that is cut in its middle is copied whole', async () => {
    const { page } = running;
    await goToView(page, 'Load balancers');
    const cell = page
      .getByRole('grid', { name: 'Load balancers' })
      .getByRole('gridcell', { name: /^default\/win/ })
      .first();
    await cell.waitFor();
    const copied = await cell.evaluate((element) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      getSelection()?.removeAllRanges();
      getSelection()?.addRange(range);
      const data = new DataTransfer();
      element.dispatchEvent(
        new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true }),
      );
      getSelection()?.removeAllRanges();
      return data.getData('text/plain');
    });
    expect(copied.trim()).toBe('default/win-webserver');
  });

  test('Alt and an arrow walk back while a table has the focus', async () => {
    const { page } = running;
    await goToView(page, 'Load balancers');
    const cell = (name: string): Locator =>
      page.getByRole('grid', { name: 'Load balancers' }).getByRole('gridcell', { name }).first();
    await cell('10.96.0.1:443/TCP').click();
    await inspector(page).getByRole('heading', { name: '10.96.0.1:443/TCP' }).waitFor();
    await cell('10.96.0.10:53/UDP').click();
    await inspector(page).getByRole('heading', { name: '10.96.0.10:53/UDP' }).waitFor();
    await page.getByRole('grid', { name: 'Load balancers' }).focus();
    await page.keyboard.press('Alt+ArrowLeft');
    await inspector(page).getByRole('heading', { name: '10.96.0.1:443/TCP' }).waitFor();
    await page.keyboard.press('Alt+ArrowRight');
    await inspector(page).getByRole('heading', { name: '10.96.0.10:53/UDP' }).waitFor();
  });

  test('Esc closes a pane at once, an open tooltip or not', async () => {
    const { page } = running;
    await goToView(page, 'Load balancers');
    await page.getByRole('gridcell', { name: '10.96.0.1:443/TCP' }).first().click();
    await inspector(page).waitFor();
    await inspector(page).getByRole('button', { name: 'Close inspector' }).hover();
    await page.getByRole('tooltip').waitFor();
    await page.keyboard.press('Escape');
    await inspector(page).waitFor({ state: 'detached' });
    await page.mouse.move(0, 0);
  });

  test('VFP begins with the port that a finding is about', async () => {
    const { page } = running;
    await goToView(page, 'VFP');
    const ports = page.getByRole('group', { name: 'VFP ports' });
    const shown = ports.locator('[aria-current]');
    await shown.filter({ hasText: '10.244.19.29' }).waitFor();
    await shown.getByRole('img', { name: 'error' }).waitFor();
  });

  test('the broken link of a symptom path leads to what it is about', async () => {
    const { page } = running;
    await goToStep(page, 7, 'Symptom paths');
    const path = page.getByRole('region', { name: /^Services/ });
    await path.getByRole('button', { name: /Error:/ }).click();
    await inspector(page).waitFor();
    await rawFile(page).waitFor();
    await page.keyboard.press('Escape');
    await rawFile(page).waitFor({ state: 'detached' });
  });
});

describe('search', () => {
  async function find(text: string): Promise<Locator> {
    await running.page.keyboard.press('Control+k');
    const dialog = running.page.getByRole('dialog', { name: 'Search and commands' });
    await dialog.getByRole('combobox').fill(text);
    return dialog.getByRole('group', { name: 'Objects' }).getByRole('option');
  }

  test('finds an object by its IP', async () => {
    const found = await find('10.244.19.30');
    await found.filter({ hasText: '10.244.19.30' }).first().waitFor();
    await running.page.keyboard.press('Enter');
    await inspector(running.page).getByText('10.244.19.30').first().waitFor();
  });

  test('finds an object by the first digits of its GUID, whatever their case', async () => {
    const text = (await linesOf('endpoint.txt')).join('\n');
    const id = /"ID":\s*"([0-9A-F-]{36})"/i.exec(text)?.[1] ?? '';
    const found = await find(id.slice(0, 9).toLowerCase());
    await found.first().waitFor();
    await running.page.keyboard.press('Enter');
    await inspector(running.page).getByText(id, { exact: false }).first().waitFor();
  });

  test('finds a file and shows it', async () => {
    await running.page.keyboard.press('Control+k');
    await running.page.getByRole('combobox', { name: 'Search and commands' }).fill('kubelet.log');
    await running.page
      .getByRole('group', { name: 'Files' })
      .getByRole('option', { name: /kubelet\.log/ })
      .first()
      .click();
    await rawFile(running.page).getByRole('heading', { name: 'kubelet.log' }).waitFor();
    expect(running.complaints).toEqual([]);
  });
});

test('the page of a healthy node says so', async () => {
  await running.page.keyboard.press('Control+w');
  await openSample(running.page, 'Healthy node, flannel host-gw');
  await rail(running.page)
    .getByRole('button', { name: /^No fault found/ })
    .waitFor();
  for (const step of allSteps) {
    await goToStep(running.page, step, 'Findings');
    // It says so, rather than nothing yet.
    await running.page.getByText(/^Nothing (wrong was found|was looked at) in this step/).waitFor();
    expect(await running.page.getByRole('article').count()).toBe(0);
  }
});
