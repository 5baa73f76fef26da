import type { Facts } from '../model/facts';
import type { LineRange, ParseNote } from '../model/evidence';
import type { TextFile } from '../text/text-file';

/** A file of the case after reading: its text, what it is, its facts, and an account of every line. */
export interface ParsedFile {
  readonly file: TextFile;
  /** Kinds of the parsers that read it, the main one first; empty when unrecognised. */
  readonly kinds: readonly string[];
  readonly title: string;
  readonly command: string | undefined;
  readonly status: 'parsed' | 'partial' | 'unrecognised' | 'empty' | 'binary';
  readonly facts: readonly Facts[];
  readonly notes: readonly ParseNote[];
  /** Non-blank lines that nothing read. */
  readonly unread: readonly LineRange[];
  readonly readLines: number;
}
