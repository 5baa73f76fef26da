import type { ParsedFile } from '../../shared/parsers/parsed-file';
import { SourceError } from '../sources/source';
import type { LoadedCase } from './load-case';

/** Whether a file is of a kind that is read, or known by name at least. */
const isKnown = (file: ParsedFile): boolean => file.facts.length > 0 || file.kinds.length > 0;

/**
 * Refuses what is no bundle: nothing in it is known. Says plainly what it is instead.
 * @throws SourceError
 */
export function refuseUnknown(loaded: Pick<LoadedCase, 'inputs' | 'rejected'>): void {
  const files = loaded.inputs.flatMap((input) => input.files);
  if (files.some(isKnown)) return;
  const name = loaded.inputs[0]?.name ?? 'what was named';
  const why = loaded.rejected.slice(0, 3).map(({ path, reason }) => `${path}: ${reason}`);
  throw new SourceError([`${name} ${whatItIs(files, name)}`, ...why].join('; '));
}

function whatItIs(files: readonly ParsedFile[], name: string): string {
  const [first] = files;
  if (first === undefined) return 'holds no file that can be read';
  if (files.length === 1 && first.file.path === name) {
    if (first.status === 'empty') return 'is empty';
    const note = first.status === 'binary' ? first.notes[0]?.message : undefined;
    return `is not a file of a bundle (${note ?? 'text of an unknown format'})`;
  }
  const names = files.slice(0, 3).map((file) => file.file.path.replace(/^.*[/!]/, ''));
  return `is not a bundle: no file in it is known (${names.join(', ')}${files.length > 3 ? ', …' : ''})`;
}
