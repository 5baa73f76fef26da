import type { WebContents } from 'electron';

/**
 * Protection 13: a page never leaves the address that main loaded; links, drops, redirects and
 * frames included.
 * Source: Electron's security tutorial, point 13.
 */
export function denyNavigation(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
}
