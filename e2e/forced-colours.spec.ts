import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch, type RunningApp } from './app';
import { atRest } from './at-rest';
import { allSteps, goToStep, goToView, inspector, openSample, tabNames } from './window';

/* With the user's own colours (high contrast) backgrounds of ours are gone: what is current, selected
   or on must still differ from what is not, and be readable. */

const marked =
  '[aria-current]:not([aria-current=false]), [aria-selected=true], [aria-pressed=true], [data-selected]';

/** Marked elements that look as their unmarked siblings do, or whose text has the colour of its ground. */
async function hidden(page: Page): Promise<string[]> {
  await atRest(page);
  return page.evaluate((selector) => {
    const look = (element: Element, part?: string): string => {
      const style = getComputedStyle(element, part);
      const { content, backgroundColor, fontWeight, borderTopColor, borderTopWidth } = style;
      const outline = style.outlineStyle === 'none' ? '' : style.outline;
      return [content, backgroundColor, fontWeight, borderTopColor, borderTopWidth, outline].join();
    };
    const looks = (element: Element): string =>
      [
        look(element),
        look(element, '::before'),
        look(element, '::after'),
        ...[...element.children].map((child) => look(child)),
      ].join('|');
    const say = (element: Element): string =>
      `${element.className} "${(element.textContent ?? '').slice(0, 40)}"`;
    return [...document.querySelectorAll(selector)].flatMap((element) => {
      if (element.getClientRects().length === 0) return [];
      if (element.closest('.visually-hidden') !== null) return [];
      // Where the keyboard would go on: shown once it is there.
      if (element.matches('.log-entry')) return [];
      const kind = element.classList[0];
      const list = element.closest('li')?.parentElement ?? element.parentElement;
      const items = list?.querySelectorAll(
        kind === undefined ? element.tagName : `.${CSS.escape(kind)}`,
      );
      const other = [...(items ?? [])].find((item) => item !== element && !item.matches(selector));
      const same = other !== undefined && looks(other) === looks(element);
      const { color, backgroundColor } = getComputedStyle(element);
      return [
        ...(same ? [`looks as any other: ${say(element)}`] : []),
        ...(color === backgroundColor ? [`unreadable: ${say(element)}`] : []),
      ];
    });
  }, marked);
}

describe.each(['light', 'dark'] as const)('%s', (scheme) => {
  let running: RunningApp;
  beforeAll(async () => {
    running = await launch();
    await running.page.emulateMedia({ forcedColors: 'active', colorScheme: scheme });
    await openSample(running.page, 'Pods of one peer are out of reach');
  });
  afterAll(() => running.close());

  test.each(allSteps)('step %i, each tab', async (step) => {
    const { page } = running;
    await goToStep(page, step);
    for (const tab of await tabNames(page)) {
      await goToStep(page, step, tab);
      expect({ tab, hidden: await hidden(page) }).toEqual({ tab, hidden: [] });
    }
  });

  test.each(['Files', 'Load balancers', 'VFP', 'Tables', 'Learn'])('%s', async (view) => {
    await goToView(running.page, view);
    expect(await hidden(running.page)).toEqual([]);
  });

  test('what is selected: in the graph, in a table, in a capture', async () => {
    const { page } = running;
    await page.keyboard.press('Control+Shift+G');
    const graph = page.getByRole('listbox', { name: 'HNS objects' });
    await graph.getByRole('option', { name: /^Endpoint 10\.244\.19\.30/ }).click();
    await inspector(page).getByRole('heading').first().waitFor();
    expect(await hidden(page)).toEqual([]);
    await goToStep(page, 6, 'Tables');
    await page
      .getByRole('grid', { name: 'Endpoints' })
      .getByRole('row', { selected: true })
      .waitFor();
    expect(await hidden(page)).toEqual([]);
    await goToStep(page, 8, 'Captures');
    await page.getByRole('grid', { name: 'Flows' }).getByText('unanswered').first().click();
    await page.getByRole('list', { name: 'Where this packet was seen' }).waitFor();
    expect(await hidden(page)).toEqual([]);
  });

  test('no table shows a focus that it has not', async () => {
    const { page } = running;
    await goToStep(page, 1, 'Processes and services');
    const cells = page.getByRole('grid', { name: 'Processes' }).getByRole('gridcell');
    await cells.first().waitFor();
    const outlines = await cells.evaluateAll((all) =>
      all.map((cell) => getComputedStyle(cell).outlineStyle),
    );
    expect(new Set(outlines)).toEqual(new Set(['none']));
  });

  test('a box that is not ticked shows no tick', async () => {
    const { page } = running;
    await page.keyboard.press('Control+Shift+N');
    const dialog = page.getByRole('dialog', { name: 'Connect to a node' });
    await dialog.getByRole('button', { name: /^What to collect/ }).click();
    const box = dialog.locator('label.checkbox:visible').first();
    await box.waitFor();
    const tick = box.locator('svg');
    await tick.waitFor();
    await box.click();
    await tick.waitFor({ state: 'hidden' });
    await page.keyboard.press('Escape');
  });
});
