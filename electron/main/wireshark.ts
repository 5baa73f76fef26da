import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';

/** Where Wireshark is installed by its own packages; `PATH` is searched after these. */
function places(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string[] {
  if (platform === 'win32') {
    const roots = [env['ProgramW6432'], env['ProgramFiles'], env['ProgramFiles(x86)']];
    return roots.flatMap((root) =>
      root === undefined ? [] : [path.win32.join(root, 'Wireshark', 'Wireshark.exe')],
    );
  }
  const fixed =
    platform === 'darwin'
      ? ['/Applications/Wireshark.app/Contents/MacOS/Wireshark']
      : ['/usr/bin/wireshark', '/usr/local/bin/wireshark'];
  // A relative part of PATH would run whatever lies in the current folder.
  const searched = (env['PATH'] ?? '').split(':').filter((each) => path.posix.isAbsolute(each));
  return [...fixed, ...searched.map((folder) => path.posix.join(folder, 'wireshark'))];
}

/** The Wireshark of this machine; undefined when none is installed. */
export async function findWireshark(
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  for (const place of places(platform, env)) {
    const runs = await access(place, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return place;
  }
  return undefined;
}

/** Opens a capture in Wireshark, as a program of its own: no shell, the file as one argument. */
export function openInWireshark(wireshark: string, capture: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(wireshark, ['-r', path.resolve(capture)], {
      detached: true,
      stdio: 'ignore',
      shell: false,
    });
    child.once('error', reject);
    child.once('spawn', () => {
      child.unref();
      resolve();
    });
  });
}
