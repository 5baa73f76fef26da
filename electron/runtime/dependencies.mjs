import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { npm, root, say, SetupError } from './console.mjs';

const oldestNode = 20;

/**
 * Makes node_modules match package-lock.json: runs `npm ci` when it does not.
 * Packages' install scripts stay off (.npmrc), so nothing is downloaded but packages.
 */
export async function ensureDependencies() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < oldestNode) {
    throw new SetupError(
      `Node.js ${oldestNode} or later is needed, this is ${process.version}.\n` +
        `Next step: install it from https://nodejs.org and run the command again.`,
    );
  }
  if (isCurrent()) return;
  say('Installing dependencies (npm ci)...');
  const code = await npm(['ci', '--no-progress']);
  if (code !== 0 || !isCurrent()) {
    throw new SetupError(
      'npm could not install the dependencies (its message is above).\n' +
        'Next step: check the network and the registry setting, then run: npm ci',
    );
  }
}

/** npm writes node_modules/.package-lock.json last, so a broken install counts as missing. */
function isCurrent() {
  const installedFile = path.join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const wanted = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([name, entry]) =>
      name === '' ||
      (installed[name] === undefined
        ? entry.optional === true || entry.devOptional === true || entry.peer === true
        : installed[name].version === entry.version),
  );
}
