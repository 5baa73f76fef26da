import type { WebContents } from 'electron';

/**
 * Protection 12: no <webview> is ever attached, not even if the tag were switched on.
 * Source: Electron's security tutorial, points 11 and 12.
 */
export function denyWebviews(contents: WebContents): void {
  contents.on('will-attach-webview', (event) => event.preventDefault());
}
