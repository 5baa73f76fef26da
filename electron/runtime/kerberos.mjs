import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, run, runMain, say, which } from './console.mjs';

/*
 * node electron/runtime/kerberos.mjs
 *
 * Compiles the optional package `kerberos` against the headers of this Node; nothing is downloaded.
 * One result serves Node and Electron, since it uses Node-API only. Without it everything but
 * Kerberos works.
 */

const folder = path.join(root, 'node_modules/kerberos');
const compiled = path.join(folder, 'build/Release/kerberos.node');
const gyp = path.join(root, 'node_modules/node-gyp/bin/node-gyp.js');

/** Builds it where it is not built yet. Returns why there is no Kerberos, or undefined. */
export async function ensureKerberos() {
  if (existsSync(compiled)) return undefined;
  if (!existsSync(folder) || !existsSync(gyp)) return 'its package is not installed';
  const node = path.resolve(process.execPath, '../..');
  if (!existsSync(path.join(node, 'include/node/node_api.h'))) {
    return `this Node has no headers (${path.join(node, 'include/node')})`;
  }
  const tools = ['c++', 'make', 'python3'].filter((name) => which(name) === undefined);
  if (tools.length > 0) return `${tools.join(', ')} is missing`;
  if (!existsSync('/usr/include/gssapi/gssapi.h')) return 'libkrb5-dev is missing';
  say('Compiling kerberos...');
  const command = [gyp, 'rebuild', '--directory', folder, `--nodedir=${node}`, '--silent'];
  const code = await run(process.execPath, command, { stdio: ['ignore', 'ignore', 'inherit'] });
  return code === 0 && existsSync(compiled) ? undefined : 'it did not compile (see above)';
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runMain(async () => {
    const reason = await ensureKerberos();
    say(reason === undefined ? 'Kerberos is there.' : `There is no Kerberos: ${reason}.`);
    return reason === undefined ? 0 : 1;
  });
}
