import { parseFile } from '../../parsers/parse-file';
import { assembleCase } from '../../snapshot/assemble';
import { textFile } from '../../text/text-file';
import { analyse } from '../engine';
import type { Rule } from '../rule';
import type { Ran } from './run-rule';

/** A file that is no part of a bundle, with its own time where a rule looks at it. */
export type LooseFile = readonly [path: string, text: string, modifiedAt?: number];

/** Runs one rule on some files of one node; the node has no name of its own. @throws Error without files. */
export function runOnFiles(rule: Rule, ...files: readonly LooseFile[]): Ran {
  const parsed = files.map(([path, text, modifiedAt]) =>
    parseFile(textFile(path, new TextEncoder().encode(text), { modifiedAt })),
  );
  const opened = assembleCase([{ name: 'pasted', scope: 'node', files: parsed }]);
  const { checks, findings } = analyse(opened, [rule]);
  const [check] = checks;
  if (check === undefined) throw new Error('the case holds no node');
  return { check, findings };
}
