/** Magic bytes at the start of files that are not text, with what they are in an operator's words. */
const MAGIC: readonly {
  readonly bytes: readonly number[];
  readonly at?: number;
  readonly what: string;
}[] = [
  { bytes: [0x45, 0x6c, 0x66, 0x46, 0x69, 0x6c, 0x65, 0x00], what: 'Windows event log (evtx)' },
  { bytes: [0x0a, 0x0d, 0x0d, 0x0a], what: 'packet capture (pcapng)' },
  { bytes: [0xd4, 0xc3, 0xb2, 0xa1], what: 'packet capture (pcap)' },
  { bytes: [0xa1, 0xb2, 0xc3, 0xd4], what: 'packet capture (pcap)' },
  { bytes: [0x4d, 0x3c, 0xb2, 0xa1], what: 'packet capture (pcap)' },
  { bytes: [0xa1, 0xb2, 0x3c, 0x4d], what: 'packet capture (pcap)' },
  { bytes: [0x4d, 0x53, 0x43, 0x46], what: 'cabinet archive (cab)' },
  { bytes: [0x50, 0x4b, 0x03, 0x04], what: 'zip archive' },
  { bytes: [0x50, 0x4b, 0x05, 0x06], what: 'zip archive' },
  { bytes: [0x1f, 0x8b, 0x08], what: 'gzip archive' },
  { bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], what: '7-Zip archive' },
  { bytes: [0x42, 0x5a, 0x68], what: 'bzip2 archive' },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], what: 'xz archive' },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], what: 'Zstandard archive' },
  { bytes: [0x52, 0x61, 0x72, 0x21], what: 'RAR archive' },
  { bytes: [0x75, 0x73, 0x74, 0x61, 0x72], at: 257, what: 'tar archive' },
  { bytes: [0x4d, 0x44, 0x4d, 0x50], what: 'crash dump (mdmp)' },
  { bytes: [0x50, 0x41, 0x47, 0x45, 0x44, 0x55], what: 'crash dump (kernel)' },
  { bytes: [0x7f, 0x45, 0x4c, 0x46], what: 'program (ELF)' },
  { bytes: [0x89, 0x50, 0x4e, 0x47], what: 'picture (PNG)' },
  { bytes: [0xff, 0xd8, 0xff], what: 'picture (JPEG)' },
  { bytes: [0x47, 0x49, 0x46, 0x38], what: 'picture (GIF)' },
  { bytes: [0x25, 0x50, 0x44, 0x46, 0x2d], what: 'PDF document' },
  { bytes: [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20, 0x66], what: 'SQLite database' },
  { bytes: [0x72, 0x65, 0x67, 0x66], what: 'registry hive' },
];

const startsWith = (bytes: Uint8Array, magic: readonly number[], at: number): boolean =>
  magic.every((byte, i) => bytes[at + i] === byte);

/** A program begins `MZ` and names the offset of its `PE` header at 0x3c; text may begin with `MZ` too. */
function isWindowsProgram(bytes: Uint8Array): boolean {
  return (
    bytes.length > 0x40 &&
    bytes[0] === 0x4d &&
    bytes[1] === 0x5a &&
    bytes.indexOf(0) < 0x40 &&
    bytes.indexOf(0) !== -1
  );
}

/**
 * A trace file (ETL) has no magic: it begins with a WMI_BUFFER_HEADER, whose first DWORD is the buffer
 * size (a multiple of 1 KiB) and is followed by offsets no larger than it.
 */
function isEventTrace(bytes: Uint8Array, name: string): boolean {
  if (!/\.etl$/i.test(name) || bytes.length < 72) return false;
  const size = (bytes[0] ?? 0) | ((bytes[1] ?? 0) << 8) | ((bytes[2] ?? 0) << 16);
  return size >= 1024 && size % 1024 === 0 && bytes[3] === 0;
}

/** What a file that begins like this is, when it is of a known binary format; undefined for text and the unknown. */
export function binaryFormat(bytes: Uint8Array, name = ''): string | undefined {
  for (const { bytes: magic, at = 0, what } of MAGIC) if (startsWith(bytes, magic, at)) return what;
  if (isWindowsProgram(bytes)) return 'Windows program';
  if (isEventTrace(bytes, name)) return 'event trace (etl)';
  return undefined;
}

/**
 * Whether the head of a file of unknown format is data, not text: more than one byte in sixteen is a
 * control character that no text holds. Give it only heads that are not UTF-16. A log whose last block
 * was never written is text with NULs after it, so NULs at the end of the head do not count.
 */
export function looksBinary(head: Uint8Array): boolean {
  let end = head.length;
  while (end > 0 && head[end - 1] === 0) end -= 1;
  if (end === 0) return head.length > 0;
  let control = 0;
  for (let i = 0; i < end; i += 1) {
    const byte = head[i] ?? 0;
    // Allowed: backspace, tab, LF, VT, FF, CR, and ESC of colour sequences.
    if (byte < 8 || (byte > 13 && byte < 32 && byte !== 0x1b) || byte === 0x7f) control += 1;
  }
  return control * 16 > end;
}
