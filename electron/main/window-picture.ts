import type { BrowserWindow } from 'electron';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Writes a picture of the window to `file` (PNG) and says so on standard output. Serves the
 * --capture switch: the main job can be seen to run where there is no display.
 */
export async function saveWindowPicture(window: BrowserWindow, file: string): Promise<void> {
  // Two frames: what the page has just drawn is on the screen after them.
  await window.webContents.executeJavaScript(
    'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(null))))',
  );
  const picture = await window.webContents.capturePage();
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, picture.toPNG());
  process.stdout.write(`captured ${file}\n`);
}
