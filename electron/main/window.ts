import { BrowserWindow, nativeTheme, screen, type Rectangle } from 'electron';
import path from 'node:path';
import type { SettingsStore } from './settings';
import { appPage } from './security/app-protocol';
import { secureWebPreferences } from './security/web-preferences';

const smallest = { width: 1024, height: 700 };
const usual = { width: 1440, height: 900 };

/** Where the parts of the application lie. */
export interface WindowFiles {
  readonly preload: string;
  readonly icon: string;
}

/** Opens the window where it was last time, and shows it once it has something to show. */
export function openWindow(settings: SettingsStore, files: WindowFiles): BrowserWindow {
  const remembered = settings.window;
  const window = new BrowserWindow({
    ...usual,
    ...visibleBounds(remembered.bounds),
    minWidth: smallest.width,
    minHeight: smallest.height,
    show: false,
    title: 'HNS Workbench',
    icon: files.icon,
    backgroundColor: background(),
    autoHideMenuBar: true,
    webPreferences: secureWebPreferences(files.preload),
  });
  if (remembered.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => {
    settings.rememberWindow({
      bounds: window.getNormalBounds(),
      maximized: window.isMaximized(),
    });
  });
  void window.loadURL(appPage);
  return window;
}

/** The colour behind the page, so that nothing flashes while it loads or grows. */
export function background(): string {
  return nativeTheme.shouldUseDarkColors ? '#1c1c1c' : '#f3f3f3';
}

/** The built application's folders, from where main itself lies (dist/main). */
export function builtFile(...parts: readonly string[]): string {
  return path.join(__dirname, '..', ...parts);
}

/** Remembered bounds, unless no screen shows the title bar any more. */
function visibleBounds(bounds: Rectangle | null): Partial<Rectangle> {
  if (bounds === null) return {};
  const area = screen.getDisplayMatching(bounds).workArea;
  const titleBarReachable =
    bounds.x < area.x + area.width - 100 &&
    bounds.x + bounds.width > area.x + 100 &&
    bounds.y >= area.y - 10 &&
    bounds.y < area.y + area.height - 50;
  const { width, height } = bounds;
  return titleBarReachable ? bounds : { width, height };
}
