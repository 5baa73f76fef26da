import type { WebPreferences } from 'electron';

/**
 * Protections 2, 3, 4, 6, 8, 9, 10, 11: the page runs sandboxed, isolated from the preload script,
 * without Node, with the web's own security on and nothing experimental. Most of these are
 * Electron's defaults; they stand here so that a change of a default cannot undo them.
 * Source: Electron's security tutorial.
 */
export function secureWebPreferences(preload: string): WebPreferences {
  return {
    preload,
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    // A dictionary would be downloaded.
    spellcheck: false,
    disableDialogs: true,
  };
}
