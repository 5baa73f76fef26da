import { readCapture } from '../../../capture/testing/read';
import { parseFile } from '../../../parsers/parse-file';
import type { ParsedFile } from '../../../parsers/parsed-file';
import { assembleCase } from '../../../snapshot/assemble';
import type { Case } from '../../../snapshot/node-snapshot';
import type { BundleTexts } from '../../../synthetic/bundle';
import { textFile, textFileOf } from '../../../text/text-file';
import { analyse } from '../../engine';
import type { Rule } from '../../rule';
import type { Ran } from '../../testing/run-rule';

/** Captures by path, as the bytes of their files; of a trace, which is listed only, its size. */
export type CaptureFiles = Readonly<Record<string, Uint8Array | number>>;

/** Bundles of nodes with captures beside their files, all read as the program reads them. */
export function captureCase(...nodes: readonly (readonly [BundleTexts, CaptureFiles])[]): Case {
  return assembleCase(
    nodes.map(([bundle, captures], n) => ({
      name: `bundle-${n + 1}`,
      scope: 'node' as const,
      files: [
        ...filesOf(bundle),
        ...Object.entries(captures).map(([file, bytes]) => {
          if (typeof bytes === 'number') return listed(file, bytes);
          const capture = readCapture(bytes).under(file);
          const { format, evidence } = capture;
          const items = [{ file, format, bytes: bytes.length, evidence, capture }];
          const facts = [{ kind: 'captures' as const, items }];
          return { ...listed(file, bytes.length), facts };
        }),
      ],
    })),
  );
}

/** A capture as the program lists it without reading it. */
function listed(path: string, originalBytes: number): ParsedFile {
  return parseFile(textFile(path, new Uint8Array(0), { encoding: 'binary', originalBytes }));
}

const read = new WeakMap<BundleTexts, ParsedFile[]>();

/** A parsed file is read-only: the bundle of many cases is read once. */
function filesOf(bundle: BundleTexts): readonly ParsedFile[] {
  const known = read.get(bundle);
  if (known !== undefined) return known;
  const files = [...bundle].map(([path, text]) => parseFile(textFileOf(path, text)));
  read.set(bundle, files);
  return files;
}

/** What one rule says of the first node of a case. @throws Error when the case holds no node. */
export function runOnCase(rule: Rule, opened: Case): Ran {
  const { checks, findings } = analyse(opened, [rule]);
  const [check] = checks;
  if (check === undefined) throw new Error('the case holds no node');
  return { check, findings: findings.filter((f) => f.node === check.node) };
}
