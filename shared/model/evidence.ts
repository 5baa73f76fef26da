/**
 * Where a fact comes from: lines of one file of the case.
 * `file` is the path relative to what was opened (`outer.zip!/inner/path` inside an archive);
 * lines are 1-based on the decoded text, `endLine` inclusive.
 */
export interface Evidence {
  readonly file: string;
  readonly line: number;
  readonly endLine: number;
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
