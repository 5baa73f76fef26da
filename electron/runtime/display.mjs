import { spawn } from 'node:child_process';
import { SetupError, which } from './console.mjs';

/** Whether a window can be shown here. */
export function hasDisplay() {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/**
 * Starts a virtual display on a number that is free.
 * Returns the DISPLAY value and a function that stops it.
 */
export function startVirtualDisplay() {
  const program = which('Xvfb');
  if (program === undefined) {
    throw new SetupError('Xvfb is missing.\nNext step: sudo apt-get install -y xvfb');
  }
  const args = ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp', '-ac'];
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += chunk));
  const stop = () => child.kill();
  process.once('exit', stop);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new SetupError(`Xvfb ended at once (code ${code}).\n${errors.trim()}`)),
    );
    child.stdio[3].once('data', (chunk) => {
      resolve({ display: `:${String(chunk).trim()}`, stop });
    });
  });
}
