import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runnerImport } from 'vite';
import { root, runMain, say } from './console.mjs';

/*
 * Writes the built-in sample nodes into assets/samples/, with the encodings and line ends that the
 * collector leaves. The files are committed; a test compares them with what this would write.
 */

async function main() {
  const file = path.join(root, 'shared/synthetic/written-bundle.ts');
  const { module } = await runnerImport(file, { configFile: false, root, logLevel: 'warn' });
  const files = module.sampleFiles();
  const folder = path.join(root, 'assets/samples');
  rmSync(folder, { recursive: true, force: true });
  let bytes = 0;
  for (const [name, content] of files) {
    const target = path.join(folder, name);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, content);
    bytes += content.length;
  }
  // The bytes matter: no checkout may change line ends.
  writeFileSync(path.join(folder, '.gitattributes'), '* -text\n');
  say(`${files.size} files, ${(bytes / 1e6).toFixed(1)} MB, in assets/samples`);
}

await runMain(main);
