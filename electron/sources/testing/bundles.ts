import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BundleTexts } from '../../../shared/synthetic/bundle';
import { writtenBundle } from '../../../shared/synthetic/written-bundle';
import { zipOf } from './archives';

/** Writes the files of a made-up node as its collector leaves them; gives back the folder. */
export function writeBundle(folder: string, bundle: BundleTexts): string {
  for (const [path, bytes] of writtenBundle(bundle)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
  return folder;
}

/** The same files as a zip. */
export function zippedBundle(bundle: BundleTexts): Buffer {
  return zipOf([...writtenBundle(bundle)].map(([name, data]) => ({ name, data })));
}
