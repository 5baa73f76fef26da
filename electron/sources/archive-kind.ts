export type ArchiveKind = 'zip' | 'tar' | 'tar.gz';

/** The archive a name promises; undefined for other files (also for archives that cannot be opened here). */
export function archiveKind(name: string): ArchiveKind | undefined {
  if (/\.zip$/i.test(name)) return 'zip';
  if (/\.(tar\.gz|tgz)$/i.test(name)) return 'tar.gz';
  if (/\.tar$/i.test(name)) return 'tar';
  return undefined;
}

/** What a file is by its first 512 bytes: zip, gzip, tar (POSIX or GNU magic, or a header whose checksum holds), or none. */
export function archiveByContent(head: Uint8Array): 'zip' | 'gzip' | 'tar' | undefined {
  const [a, b, c, d] = head;
  if (a === 0x50 && b === 0x4b && ((c === 3 && d === 4) || (c === 5 && d === 6))) return 'zip';
  if (a === 0x1f && b === 0x8b && c === 8) return 'gzip';
  return isTarHeader(head) ? 'tar' : undefined;
}

/** A tar header holds, in octal at 148, the sum of its bytes with the sum itself read as blanks (POSIX ustar). */
export function isTarHeader(head: Uint8Array): boolean {
  if (head.length < 512) return false;
  let sum = 8 * 32;
  for (let i = 0; i < 512; i += 1) if (i < 148 || i >= 156) sum += head[i] ?? 0;
  const stored = new TextDecoder('latin1').decode(head.subarray(148, 156)).replace(/[\0 ]/g, '');
  return /^[0-7]+$/.test(stored) && Number.parseInt(stored, 8) === sum;
}

/** Archive name without its extension. */
export function archiveBaseName(name: string): string {
  return name.replace(/\.(zip|tar\.gz|tgz|tar|gz)$/i, '');
}
