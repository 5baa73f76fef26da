import { parseFile } from '../parsers/parse-file';
import type { ParsedFile } from '../parsers/parsed-file';
import { assembleCase } from '../snapshot/assemble';
import type { Case, NodeSnapshot } from '../snapshot/node-snapshot';
import { textFileOf } from '../text/text-file';
import type { BundleTexts } from './bundle';

/**
 * Files read before, by path and text: tests change one file of a node and read all the others
 * again, and a parsed file is read-only.
 */
const read = new Map<string, ParsedFile>();

function parsed(path: string, text: string): ParsedFile {
  const key = `${path}\n${text}`;
  const known = read.get(key);
  if (known !== undefined) return known;
  if (read.size > 400) read.clear();
  const file = parseFile(textFileOf(path, text));
  read.set(key, file);
  return file;
}

/**
 * Bundles through the real parsers and assembly, one node (or one collection of a node) each.
 * With several bundles each file's path begins with `bundle-<n>/`.
 */
export function caseOf(...bundles: readonly BundleTexts[]): Case {
  return assembleCase(
    bundles.map((bundle, i) => {
      const prefix = bundles.length === 1 ? '' : `bundle-${i + 1}/`;
      return {
        name: `bundle-${i + 1}`,
        scope: 'node' as const,
        files: [...bundle].map(([path, text]) => parsed(prefix + path, text)),
      };
    }),
  );
}

/** The newest snapshot of a case's only (or first) node. @throws Error when the case is empty. */
export function onlySnapshot(opened: Case): NodeSnapshot {
  const snapshot = opened.nodes[0]?.snapshots.at(-1);
  if (snapshot === undefined) throw new Error('the case holds no node');
  return snapshot;
}
