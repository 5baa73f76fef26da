/** Files of a bundle as text with LF line ends, by their path in it. */
export type BundleTexts = ReadonlyMap<string, string>;

/**
 * The bundle with one file changed.
 * @throws Error when the file is not in the bundle or the change leaves it as it was: a test that
 * breaks nothing would prove nothing.
 */
export function edit(
  bundle: BundleTexts,
  path: string,
  change: (text: string) => string,
): BundleTexts {
  const before = bundle.get(path);
  if (before === undefined) {
    throw new Error(`${path} is not in the bundle; it holds ${[...bundle.keys()].join(', ')}`);
  }
  const after = change(before);
  if (after === before) throw new Error(`the change leaves ${path} as it was`);
  return new Map([...bundle, [path, after]]);
}

/**
 * The bundle without files.
 * @throws Error when one of them is not in the bundle.
 */
export function without(bundle: BundleTexts, ...paths: string[]): BundleTexts {
  const missing = paths.find((p) => !bundle.has(p));
  if (missing !== undefined) throw new Error(`${missing} is not in the bundle`);
  return new Map([...bundle].filter(([path]) => !paths.includes(path)));
}
