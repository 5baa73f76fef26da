import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright';
import { launch, projectFolder, type RunningApp } from './app';
import { atRest } from './at-rest';
import { takeKubernetesPictures } from './kubernetes-pictures';
import { takeLivePictures } from './live-pictures';
import { finding, pictures } from './pictures';
import { inspector, messages, openSample, rail, rawFile, welcome } from './window';

/* Takes the pictures of docs/screenshots, of the built-in samples; `npm run screenshots`. */

const folder = path.join(projectFolder, 'docs/screenshots');
const large = { width: 1440, height: 900 };
/** The smallest window there is. */
const small = { width: 1024, height: 700 };

/**
 * Takes every picture, light and dark, and says how large they are together. `shrink` gets the files
 * before that.
 */
export async function takeScreenshots(
  say: (line: string) => void,
  shrink: (files: readonly string[]) => void,
): Promise<void> {
  const wanted = process.env.SCREENSHOTS_TO ?? folder;
  await mkdir(wanted, { recursive: true });
  const taken: string[] = [];
  const fileOf = (name: string): string => {
    const file = path.join(wanted, `${name}.png`);
    taken.push(file);
    return file;
  };
  const running = await launch();
  try {
    for (const theme of ['light', 'dark'] as const) {
      await show(running, theme, large);
      let open: string | undefined;
      for (const picture of pictures) {
        if (picture.sample !== open) {
          if (open !== undefined) await running.page.keyboard.press('Control+w');
          await welcome(running.page).waitFor();
          if (picture.sample !== undefined) await openSample(running.page, picture.sample);
          open = picture.sample;
        }
        await picture.show(running.page);
        await take(running.page, fileOf(`${picture.name}-${theme}`));
        if (picture.small === true) {
          await show(running, theme, small);
          await take(running.page, fileOf(`${picture.name}-${theme}-1024`));
          await show(running, theme, large);
        }
        await tidy(running.page);
      }
      await takeReport(running, fileOf(`report-${theme}`), theme);
      await running.page.keyboard.press('Control+w');
      await welcome(running.page).waitFor();
    }
    if (running.complaints.length > 0) throw new Error(running.complaints.join('\n'));
  } finally {
    await running.close();
  }
  const takeLive = async (live: RunningApp, name: string): Promise<void> => {
    await show(live, 'light', large);
    await take(live.page, fileOf(name));
  };
  await takeLivePictures(takeLive);
  await takeKubernetesPictures(takeLive);
  shrink(taken);
  let bytes = 0;
  for (const file of taken) bytes += (await stat(file)).size;
  say(`${taken.length} pictures, ${(bytes / 1e6).toFixed(1)} MB, in ${wanted}`);
  // Nothing is deleted: what is left of pictures that are no longer taken is for the user to judge.
  const names = new Set(taken.map((file) => path.basename(file)));
  for (const name of await readdir(wanted)) if (!names.has(name)) say(`not taken now: ${name}`);
}

/** Sets theme and size of the content, and waits until both are there. */
async function show(
  { app, page }: RunningApp,
  theme: 'light' | 'dark',
  size: { readonly width: number; readonly height: number },
): Promise<void> {
  await page.evaluate(
    (wanted) => window.workbench.call('app:set-settings', { theme: wanted }),
    theme,
  );
  await app.evaluate(({ BrowserWindow }, { width, height }) => {
    const [window] = BrowserWindow.getAllWindows();
    window?.setMenuBarVisibility(false);
    window?.setContentSize(width, height);
  }, size);
  await page.waitForFunction(
    ({ dark, width, height }) =>
      matchMedia('(prefers-color-scheme: dark)').matches === dark &&
      innerWidth === width &&
      innerHeight === height,
    { dark: theme === 'dark', ...size },
  );
}

/** Closes what a picture opened: the raw file, the selection. */
async function tidy(page: Page): Promise<void> {
  for (let at = 0; at < 3; at += 1) await page.keyboard.press('Escape');
  await rawFile(page).waitFor({ state: 'detached' });
  await inspector(page).waitFor({ state: 'detached' });
}

/** Takes a picture once everything asked for is there and nothing moves. */
async function take(page: Page, file: string): Promise<void> {
  await page.mouse.move(0, 0);
  await atRest(page);
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
  await page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
}

/** Exports the report and takes a picture of it in a window of its own. */
async function takeReport(
  { app, page }: RunningApp,
  file: string,
  theme: 'light' | 'dark',
): Promise<void> {
  const out = await mkdtemp(path.join(os.tmpdir(), 'workbench-pictures-'));
  const report = path.join(out, 'report.html');
  try {
    await rail(page).waitFor();
    await app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    }, report);
    await page.keyboard.press('Control+e');
    await messages(page).getByText('Report saved').first().waitFor();
    await messages(page).getByRole('button', { name: 'Dismiss' }).first().click();
    const opened = app.waitForEvent('window');
    await app.evaluate(
      ({ BrowserWindow }, { address, width, height }) => {
        const window = new BrowserWindow({
          width,
          height,
          useContentSize: true,
          // The window of the application reads no files.
          webPreferences: { partition: 'pictures' },
        });
        window.setMenuBarVisibility(false);
        window.setContentSize(width, height);
        void window.loadURL(address);
      },
      { address: pathToFileURL(report).href, ...large },
    );
    const shown = await opened;
    await shown.emulateMedia({ colorScheme: theme });
    await shown.getByText(finding).filter({ visible: true }).first().waitFor();
    await shown.screenshot({ path: file, animations: 'disabled' });
    await shown.close();
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}
