import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** A failure the user can act on: printed as is, with no stack. */
export class SetupError extends Error {}

/** Prints one line of progress. */
export function say(message) {
  process.stderr.write(`${message}\n`);
}

/** Runs `main`, turning a SetupError into a plain message and exit code 1. */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    say(error instanceof SetupError ? `\n${error.message}` : String(error?.stack ?? error));
    process.exitCode = 1;
  }
}

/** The full path of a command, or undefined. The system folders count even if PATH lacks them. */
export function which(command) {
  const folders = [
    ...(process.env.PATH ?? '').split(path.delimiter),
    ...(process.platform === 'win32' ? [] : ['/usr/sbin', '/sbin', '/usr/bin', '/bin']),
  ];
  for (const folder of folders) {
    const file = path.join(folder, command);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

/** Runs a command to its end; returns its exit code (1 when it was killed). Output goes to ours. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** Runs npm with this Node, whatever the platform calls it. Returns the exit code. */
export function npm(args, options = {}) {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('.js')) return run(process.execPath, [cli, ...args], options);
  return run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, {
    shell: process.platform === 'win32',
    ...options,
  });
}

/** Standard output of a short command, or undefined when it fails. */
export function read(command, args) {
  const result = spawnSync(command, args, { encoding: 'utf8' });
  return result.status === 0 ? result.stdout : undefined;
}
