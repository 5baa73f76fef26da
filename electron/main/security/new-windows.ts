import type { WebContents } from 'electron';

/**
 * Protection 14: a page opens no windows of its own.
 * Source: Electron's security tutorial, point 14.
 */
export function denyNewWindows(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
