import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium, type Browser, type Page } from 'playwright';

/*
 * The packed application refuses Playwright's own launcher (its fuses do), so it is reached over
 * the DevTools protocol. A debugger that attaches while the first targets of a starting Chromium
 * come and go may wait for one of them for ever. So: first ask DevTools over HTTP until the page
 * is there, then attach, and attach again should one attempt hang.
 */

const PAGE = 'app://workbench/index.html';
const TITLE = 'HNS Workbench';
const mostMillisecondsToStart = 60_000;
const mostMillisecondsToAttach = 10_000;
const attempts = 4;

/** A packed application that runs, and its window. */
export interface PackedApp {
  readonly page: Page;
  /** Ends the application and waits until it has. */
  close(): Promise<void>;
}

/** Starts `program` and attaches to its window; an error holds what the program printed. */
export async function startPacked(program: string, args: readonly string[]): Promise<PackedApp> {
  const child = spawn(program, ['--remote-debugging-port=0', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  }
  try {
    const deadline = Date.now() + mostMillisecondsToStart;
    const address = await debuggerAddress(child, output, deadline);
    await pageLoaded(child, address, deadline);
    const { browser, page } = await attach(address);
    return {
      page,
      close: async () => {
        await browser.close();
        await end(child);
      },
    };
  } catch (error) {
    await end(child);
    throw new Error(`${String(error)}\nThe application printed:\n${output.join('')}`, {
      cause: error,
    });
  }
}

/** The HTTP address of DevTools, from the line that Chromium prints when it listens. */
async function debuggerAddress(
  child: ChildProcess,
  output: readonly string[],
  deadline: number,
): Promise<string> {
  for (;;) {
    const found = /DevTools listening on ws:\/\/([^/\s]+)\//.exec(output.join(''));
    if (found?.[1] !== undefined) return `http://${found[1]}`;
    await nextLook(child, deadline, 'Chromium does not listen for a debugger.');
  }
}

/** Waits until the window's page is listed under its title, which its document gives it. */
async function pageLoaded(child: ChildProcess, address: string, deadline: number): Promise<void> {
  for (;;) {
    const targets = await targetsAt(address);
    if (targets.some(({ url, title }) => url === PAGE && title === TITLE)) return;
    await nextLook(child, deadline, `There is no page ${PAGE}, but ${JSON.stringify(targets)}.`);
  }
}

/** What DevTools lists; nothing when it does not answer yet. */
async function targetsAt(address: string): Promise<{ url?: string; title?: string }[]> {
  try {
    const answer = await fetch(`${address}/json/list`, { signal: AbortSignal.timeout(5_000) });
    return (await answer.json()) as { url?: string; title?: string }[];
  } catch {
    return [];
  }
}

async function nextLook(child: ChildProcess, deadline: number, missing: string): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) {
    throw new Error(`The application ended (${child.exitCode ?? child.signalCode}).`);
  }
  if (Date.now() > deadline) throw new Error(missing);
  await pause(100);
}

async function attach(address: string): Promise<{ browser: Browser; page: Page }> {
  const failures: unknown[] = [];
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    try {
      // Playwright closes the connection of an attempt that takes too long.
      const browser = await chromium.connectOverCDP(address, { timeout: mostMillisecondsToAttach });
      const page = browser
        .contexts()[0]
        ?.pages()
        .find((each) => each.url() === PAGE);
      if (page !== undefined) return { browser, page };
      await browser.close();
      failures.push('The window was not among the pages.');
    } catch (error) {
      failures.push(error);
    }
  }
  throw new Error(`No debugger could attach:\n${failures.map(String).join('\n')}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}
