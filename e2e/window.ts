import path from 'node:path';
import type { Locator, Page } from 'playwright';
import { projectFolder } from './app';

/* The window as a user finds their way in it: by roles and names. */

export type Step = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;
export const allSteps: readonly Step[] = [1, 2, 3, 4, 5, 6, 7, 8];

/** The folder of a built-in sample node. */
export const sampleFolder = (id: string): string => path.join(projectFolder, 'assets/samples', id);

/** What the window says before anything is open. */
export const welcome = (page: Page): Locator =>
  page.getByRole('heading', { level: 1, name: /What is wrong with this node/ });
/** Verdict, steps and views of what is open. */
export const rail = (page: Page): Locator =>
  page.getByRole('navigation', { name: 'Steps and views' });
export const inspector = (page: Page): Locator =>
  page.getByRole('complementary', { name: 'Inspector' });
export const rawFile = (page: Page): Locator => page.getByRole('region', { name: 'Raw file' });
export const messages = (page: Page): Locator => page.getByRole('status', { name: 'Messages' });
/** The head of a step's page. */
export const stepHead = (page: Page, step: Step): Locator =>
  page.getByRole('heading', { level: 1, name: new RegExp(`^${step} · `) });

/** Opens a sample from the welcome screen. */
export async function openSample(page: Page, title: string): Promise<void> {
  await page.getByRole('button', { name: title, exact: true }).click();
  await rail(page).waitFor();
}

/** Goes to a step, and to a tab of it. */
export async function goToStep(page: Page, step: Step, tab?: string): Promise<void> {
  await page.keyboard.press(`Control+${step}`);
  await stepHead(page, step).waitFor();
  if (tab === undefined) return;
  await page.getByRole('tab', { name: tab }).click();
  await page.getByRole('tabpanel', { name: tab }).waitFor();
}

/** The tabs of the step on screen, as they are named. */
export function tabNames(page: Page): Promise<string[]> {
  return page.getByRole('tab').allTextContents();
}

/** Filters a table of the page, so that what is looked for is drawn. */
export async function filterTable(page: Page, table: string, words: string): Promise<void> {
  await page.getByRole('searchbox', { name: `Filter ${table}` }).fill(words);
}

/** Goes to a view by the list below the steps. */
export async function goToView(page: Page, name: string): Promise<void> {
  await rail(page)
    .getByRole('button', { name: new RegExp(`^${name}`) })
    .click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

/** Runs a command by typing its name into the palette. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search and commands' }).fill(`>${title}`);
  await page.getByRole('option', { name: title }).first().click();
}

/** Closes what is open: dialogs, what failed, the case. */
export async function startOver(page: Page): Promise<void> {
  for (let at = 0; at < 4; at += 1) await page.keyboard.press('Escape');
  await page.keyboard.press('Control+w');
  await welcome(page).waitFor();
}
