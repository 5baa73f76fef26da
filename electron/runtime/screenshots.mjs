import path from 'node:path';
import { build } from './build.mjs';
import { root, runMain, say } from './console.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { startVirtualDisplay } from './display.mjs';
import { findElectron } from './electron-binary.mjs';
import { quantise } from './quantise.mjs';
import { ensureSystemLibraries } from './system-libraries.mjs';

/*
 * npm run screenshots
 *
 * Builds, opens the window under a virtual display and takes the pictures of docs/screenshots from
 * the built-in samples, with fewer colours where pngquant is there. SCREENSHOTS_TO names another
 * folder.
 */

await runMain(async () => {
  await ensureDependencies();
  await ensureSystemLibraries({ headless: true });
  const electron = await findElectron();
  await build();
  const screen = process.platform === 'linux' ? await startVirtualDisplay() : undefined;
  process.env.ELECTRON_EXECUTABLE = electron.executable;
  if (screen !== undefined) {
    process.env.DISPLAY = screen.display;
    process.env.WAYLAND_DISPLAY = '';
  }
  try {
    const { runnerImport } = await import('vite');
    const file = path.join(root, 'e2e/screenshots.ts');
    const { module } = await runnerImport(file, { configFile: false, root, logLevel: 'warn' });
    await module.takeScreenshots(say, (files) => quantise(files, say));
  } finally {
    screen?.stop();
  }
});
