import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  if (code !== 0) {
    throw new SetupError(
      'npm could not install the dependencies (its message is above).\n' +
        'Next step: check the network and the registry setting, then run: npm ci',
    );
  }
  // What the linter found depends on the packages' types.
  rmSync(path.join(root, '.cache/eslint'), { recursive: true, force: true });
  writeFileSync(mark, lockHash());
}

/** Written last, so a broken install, and one of another package-lock.json, counts as missing. */
const mark = path.join(root, 'node_modules/.installed-lock');

function isCurrent() {
  return existsSync(mark) && readFileSync(mark, 'utf8') === lockHash();
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
}
