import type { BundleTexts } from '../../synthetic/bundle';

/** The bundle with one file replaced or added. */
export function withFile(bundle: BundleTexts, path: string, text: string): BundleTexts {
  return new Map([...bundle, [path, text]]);
}
