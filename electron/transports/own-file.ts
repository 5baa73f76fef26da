import { homedir } from 'node:os';
import { join } from 'node:path';

/** A file in the folder where this program keeps what the user has told it: the window and the command line share it. */
export function ownFile(name: string): string {
  const home = homedir();
  const folders: Partial<Record<NodeJS.Platform, string>> = {
    win32: process.env['APPDATA'] ?? join(home, 'AppData', 'Roaming'),
    darwin: join(home, 'Library', 'Application Support'),
  };
  const folder =
    folders[process.platform] ?? process.env['XDG_CONFIG_HOME'] ?? join(home, '.config');
  return join(folder, 'hns-workbench', name);
}
