import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';

/** The project's folder: the application under test. */
export const projectFolder = path.resolve(import.meta.dirname, '..');

/** One running application with a profile of its own. */
export interface RunningApp {
  readonly app: ElectronApplication;
  /** The window's page. */
  readonly page: Page;
  readonly userData: string;
  /** What the page complained about so far: errors in its console, and uncaught exceptions. */
  readonly complaints: readonly string[];
  /** Ends the application and removes its profile. */
  close(): Promise<void>;
}

/** How to launch. `args` go after the application's folder, as a user would write them. */
export interface LaunchOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Use this profile folder, and keep it at the end. */
  readonly userData?: string;
}

/** Starts the built application; its window is drawn, and listens, when this returns. */
export async function launch(options: LaunchOptions = {}): Promise<RunningApp> {
  const userData = options.userData ?? (await mkdtemp(path.join(os.tmpdir(), 'workbench-e2e-')));
  const { app, page } = await start(userData, options);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.locator('#root > *').first().waitFor({ state: 'attached' });
  return {
    app,
    page,
    userData,
    complaints,
    close: async () => {
      await app.close();
      if (options.userData === undefined) await rm(userData, { recursive: true, force: true });
    },
  };
}

/** How long each try of a start may take: Electron is up within 2 s on an idle machine. */
const patience = [10_000, 20_000, 30_000, 40_000];

/**
 * Starts Electron and waits for its window. Playwright attaches while the first targets of a
 * starting Chromium come and go, and may then wait for ever: such a start is ended and made anew,
 * and says so.
 */
async function start(
  userData: string,
  options: LaunchOptions,
): Promise<{ app: ElectronApplication; page: Page }> {
  const executablePath = process.env.ELECTRON_EXECUTABLE;
  if (executablePath === undefined) {
    throw new Error('Run end-to-end tests by: npm run test:e2e -- e2e/NAME.spec.ts');
  }
  const attempt = async (timeout: number): Promise<{ app: ElectronApplication; page: Page }> => {
    const app = await _electron.launch({
      executablePath,
      cwd: projectFolder,
      args: [...chromiumSwitches(userData), projectFolder, ...(options.args ?? [])],
      env: { ...definedVariables(process.env), ...options.env },
      // The application's own theme setting counts, not Playwright's light default.
      colorScheme: null,
      timeout,
    });
    try {
      return { app, page: await app.firstWindow({ timeout }) };
    } catch (error) {
      app.process().kill('SIGKILL');
      throw error;
    }
  };
  let failure: unknown;
  for (const timeout of patience) {
    try {
      return await attempt(timeout);
    } catch (error) {
      failure = error;
      console.warn(`A start came to nothing: ${String(error)}`);
    }
  }
  throw failure;
}

/** Switches for a test: a profile of its own, and no sandbox where Chromium refuses it (root). */
export function chromiumSwitches(userData: string): string[] {
  const switches = [`--user-data-dir=${userData}`, '--disable-dev-shm-usage', '--lang=en-US'];
  if (process.getuid?.() === 0) switches.push('--no-sandbox');
  return switches;
}

/**
 * Drops files or folders on the window, as a file manager does: the page gets real paths.
 * `at` is where, in CSS pixels; by default the middle of the window.
 */
export async function dropPaths(
  page: Page,
  paths: readonly string[],
  at?: { readonly x: number; readonly y: number },
): Promise<void> {
  const size = await page.evaluate(() => ({ x: innerWidth / 2, y: innerHeight / 2 }));
  const { x, y } = at ?? size;
  const session = await page.context().newCDPSession(page);
  const copyOperation = 1;
  const data = {
    items: [],
    files: paths.map((each) => path.resolve(each)),
    dragOperationsMask: copyOperation,
  };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x, y, data });
  }
  await session.detach();
}

function definedVariables(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
