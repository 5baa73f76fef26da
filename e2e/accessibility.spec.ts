import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch, type RunningApp } from './app';
import { seriousViolations } from './axe';
import {
  allSteps,
  goToStep,
  goToView,
  inspector,
  openSample,
  rail,
  rawFile,
  stepHead,
  tabNames,
  welcome,
} from './window';

/* No serious or critical violation, no console error and no CSP violation on any screen. */

describe.each(['light', 'dark'] as const)('%s', (theme) => {
  let running: RunningApp;
  beforeAll(async () => {
    running = await launch();
    await running.page.evaluate((wanted) => {
      const refused: string[] = [];
      Object.assign(window, { refused });
      document.addEventListener('securitypolicyviolation', (event) =>
        refused.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`),
      );
      return window.workbench.call('app:set-settings', { theme: wanted });
    }, theme);
    await running.page.waitForFunction(
      (dark) => matchMedia('(prefers-color-scheme: dark)').matches === dark,
      theme === 'dark',
    );
  });
  afterAll(() => running.close());

  async function isFine(screen: string): Promise<void> {
    const { page } = running;
    const found = {
      violations: await seriousViolations(page),
      complaints: [...running.complaints],
      refused: await page.evaluate(() => (window as unknown as { refused: string[] }).refused),
    };
    expect({ screen, ...found }).toEqual({ screen, violations: [], complaints: [], refused: [] });
  }

  test('axe sees what is wrong', async () => {
    const { page } = running;
    await page.evaluate(() => {
      const nameless = document.createElement('button');
      nameless.id = 'nameless';
      document.body.append(nameless);
    });
    expect((await seriousViolations(page)).join('\n')).toMatch(/button-name at #nameless/);
    await page.evaluate(() => document.getElementById('nameless')?.remove());
  });

  test('welcome', async () => {
    await welcome(running.page).waitFor();
    await isFine('welcome');
  });

  test('a broken node: opened', async () => {
    await openSample(running.page, 'A service loses a backend on one pod');
    await isFine('first screen');
  });

  test.each(allSteps)('step %i, each tab', async (step) => {
    await goToStep(running.page, step);
    for (const tab of await tabNames(running.page)) {
      await goToStep(running.page, step, tab);
      await isFine(`step ${step}, ${tab}`);
    }
  });

  test('the lesson of a step', async () => {
    const { page } = running;
    await goToStep(page, 6, 'Findings');
    await page.keyboard.press('Control+l');
    await page.getByRole('complementary', { name: /^Learn: / }).waitFor();
    await isFine('lesson of step 6');
    await page.keyboard.press('Control+l');
  });

  test.each(['Files', 'Load balancers', 'VFP', 'Tables', 'Learn'])('%s', async (view) => {
    await goToView(running.page, view);
    await isFine(view);
  });

  test('graph as a list', async () => {
    const { page } = running;
    await page.keyboard.press('Control+Shift+G');
    await page.getByRole('radio', { name: 'List' }).click();
    await page.getByRole('list', { name: /^HNS objects and what/ }).waitFor();
    await isFine('graph as a list');
    await page.getByRole('radio', { name: 'Picture' }).click();
  });

  test('inspector and raw file', async () => {
    const { page } = running;
    await goToStep(page, 7, 'Findings');
    const article = page.getByRole('main').getByRole('article').first();
    await article.getByRole('button', { name: /^10\./ }).first().click();
    await inspector(page).getByRole('heading').first().waitFor();
    await isFine('inspector');
    await article
      .getByRole('button', { name: /^vfpOutput\.txt:/ })
      .first()
      .click();
    await rawFile(page).locator('[data-line]').first().waitFor();
    await isFine('raw file');
    await page.keyboard.press('Control+f');
    await rawFile(page).getByRole('textbox', { name: 'Find in file' }).waitFor();
    await isFine('find in the raw file');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+g');
    await rawFile(page)
      .getByRole('textbox', { name: /^Line, 1 to / })
      .waitFor();
    await isFine('go to a line');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await rawFile(page).waitFor({ state: 'detached' });
  });

  test('palette', async () => {
    const { page } = running;
    await page.keyboard.press('Control+k');
    const box = page.getByRole('combobox', { name: 'Search and commands' });
    await box.waitFor();
    await isFine('palette, commands');
    await box.fill('10.244.19');
    await page.getByRole('group', { name: 'Objects' }).waitFor();
    await isFine('palette, results');
    await page.keyboard.press('Escape');
  });

  test('dialogs and menus', async () => {
    const { page } = running;
    await page.keyboard.press('F1');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await isFine('shortcuts');
    await page.keyboard.press('Escape');

    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search and commands' }).fill('>About');
    await page.getByRole('option', { name: /^About/ }).click();
    await page.getByRole('dialog', { name: /^About/ }).waitFor();
    await isFine('about');
    await page.keyboard.press('Escape');

    await page.keyboard.press('Control+Shift+V');
    const evidence = page.getByRole('dialog', { name: 'Add evidence' });
    await evidence.waitFor();
    await isFine('evidence, empty');
    await evidence
      .getByRole('textbox', { name: 'Paste command output' })
      .fill('NAME   STATUS   ROLES   AGE   VERSION\nnode-1   Ready   agent   3d   v1.14.1\n');
    await evidence.getByRole('button', { name: 'Look at it' }).click();
    await evidence.getByRole('radiogroup').waitFor();
    await isFine('evidence, recognised');
    await evidence.getByRole('button', { name: 'Cancel' }).click();
    await evidence.waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Export report' }).click();
    await page.getByRole('menu').waitFor();
    await isFine('export menu');
    await page.keyboard.press('Escape');

    await goToStep(page, 7, 'Findings');
    await page
      .getByRole('button', { name: /^About rule / })
      .first()
      .click();
    await page.getByRole('dialog').getByRole('heading').waitFor();
    await isFine('about a rule');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+w');
    await welcome(page).waitFor();
  });

  test('a node with more wrong', async () => {
    const { page } = running;
    await openSample(page, 'Pods never leave ContainerCreating');
    await rail(page)
      .getByRole('button', { name: /Kubernetes events/ })
      .click();
    await stepHead(page, 3).waitFor();
    await isFine('step 3, broken');
    await goToStep(page, 5, 'Configuration files');
    await isFine('step 5, with problems in the text');
    await goToStep(page, 3, 'Not checked');
    await isFine('step 3, not checked');
  });
});
