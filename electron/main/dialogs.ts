import { app, clipboard, dialog, shell, type BrowserWindow } from 'electron';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { documentationAddress } from './security/open-external';

const bundleFilters = [
  {
    name: 'Bundles and collected output',
    extensions: ['zip', 'tar', 'gz', 'tgz', 'txt', 'json', 'log', 'conf', 'conflist', 'yaml'],
  },
  { name: 'All files', extensions: ['*'] },
];

/** Asks for folders or files to open; empty when the user cancels. */
export async function choosePaths(
  window: BrowserWindow,
  what: 'folder' | 'file' | 'evidence',
): Promise<readonly string[]> {
  const titles = { folder: 'Open folder', file: 'Open file', evidence: 'Add evidence' };
  const result = await dialog.showOpenDialog(window, {
    title: titles[what],
    ...(what === 'file' ? { filters: bundleFilters } : {}),
    properties: [what === 'folder' ? 'openDirectory' : 'openFile', 'multiSelections'],
  });
  return result.canceled ? [] : result.filePaths;
}

/** Asks where to save a file; null when the user cancels. */
export async function chooseFileToSave(
  window: BrowserWindow,
  suggestedName: string,
  extension: string,
): Promise<string | null> {
  const result = await dialog.showSaveDialog(window, {
    defaultPath: path.join(app.getPath('documents'), fileName(suggestedName, extension)),
    filters: [{ name: extension.toUpperCase(), extensions: [extension] }],
  });
  return result.canceled || result.filePath === '' ? null : result.filePath;
}

/**
 * Asks where to save a text and writes it there piece by piece, aside first, so that a failure
 * leaves an existing file as it was. Returns the file's name, null when the user cancels.
 */
export async function saveText(
  window: BrowserWindow,
  suggestedName: string,
  extension: string,
  write: (onChunk: (text: string) => void) => Promise<void>,
): Promise<string | null> {
  const file = await chooseFileToSave(window, suggestedName, extension);
  if (file === null) return null;
  const fresh = `${file}.new`;
  const stream = createWriteStream(fresh);
  const closed = new Promise<void>((resolve, reject) => {
    stream.once('error', reject);
    stream.once('close', resolve);
  });
  try {
    await Promise.race([write((text) => stream.write(text)), closed]);
    stream.end();
    await closed;
    await rename(fresh, file);
  } catch (error) {
    stream.destroy();
    await rm(fresh, { force: true });
    throw error;
  }
  return path.basename(file);
}

/**
 * Shows the address of a documentation page and opens it in the system's browser if the user
 * agrees. Any other address is refused without asking.
 */
export async function openDocumentation(window: BrowserWindow, url: string): Promise<boolean> {
  const address = documentationAddress(url);
  if (address === undefined) return false;
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    title: 'HNS Workbench',
    message: 'Open this page in the browser?',
    detail: address,
    buttons: ['Open', 'Copy address', 'Cancel'],
    defaultId: 0,
    cancelId: 2,
    noLink: true,
  });
  if (response === 1) await clipboard.writeText(address);
  if (response !== 0) return false;
  await shell.openExternal(address);
  return true;
}

/** A name any file system takes: node names come from bundles. */
function fileName(name: string, extension: string): string {
  const safe = name
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[.-]+|[.-]+$/g, '')
    .slice(0, 80);
  return `${safe === '' ? 'hns-workbench' : safe}.${extension}`;
}
