/**
 * Where a fact comes from: lines of one file of the case.
 * `file` is the path relative to what was opened (`outer.zip!/inner/path` inside an archive);
 * lines are 1-based on the decoded text, `endLine` inclusive.
 */
export interface Evidence {
  readonly file: string;
  readonly line: number;
  readonly endLine: number;
  /** Of a packet capture, which has no lines: line 1 stands for all of it, this for the packet meant. */
  readonly packet?: CitedPacket;
}

/** A packet of a capture, counted from 1 as packet lists count, and the index of the flow to read it in. */
export interface CitedPacket {
  readonly number: number;
  readonly flow: number;
}

/** Where evidence is, for reading: `vfpOutput.txt:48211`, `routes.txt:3-5`, `trace.pcapng packet 12`. */
export function placeText({ file, line, endLine, packet }: Evidence): string {
  if (packet !== undefined) return `${file} packet ${packet.number}`;
  return `${file}:${line}${endLine > line ? `-${endLine}` : ''}`;
}

/** Something a reader must know about how a file was read: skipped, truncated, guessed. */
export interface ParseNote {
  readonly line: number;
  readonly endLine: number;
  readonly message: string;
  /** `skipped`: lines were not used. `truncated`: the input ends early. `guessed`: a reading that may be wrong. */
  readonly kind: 'skipped' | 'truncated' | 'guessed' | 'info';
}

/** An inclusive range of 1-based lines. */
export interface LineRange {
  readonly line: number;
  readonly endLine: number;
}

/** Every entity says where it was seen; the first entry is the most telling one. */
export interface Sourced {
  readonly evidence: readonly Evidence[];
}
