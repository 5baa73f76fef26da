/** Major, minor and patch of a version. */
export type Version = readonly [number, number, number];

/** The first version number in a text; a patch that is not there is 0. */
export function versionOf(text: string): Version | undefined {
  const match = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3] ?? '0')] : undefined;
}

/** Is a version older than another? */
export function isBelow(version: Version, limit: Version): boolean {
  for (const [index, part] of version.entries()) {
    const other = limit[index] ?? 0;
    if (part !== other) return part < other;
  }
  return false;
}
