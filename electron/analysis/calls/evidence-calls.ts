import type { Result } from '../../../shared/ipc/contract';
import type { EvidenceProposal, Progress } from '../../../shared/ipc/case-schemas';
import type { ParsedFile } from '../../../shared/parsers/parsed-file';
import { parseFile } from '../../../shared/parsers/parse-file';
import type { NodeInput } from '../../../shared/snapshot/assemble';
import { CLUSTER_KINDS } from '../../../shared/snapshot/collect-facts';
import { textFileOf } from '../../../shared/text/text-file';
import { CallError } from '../call-error';
import type { OfferedEvidence } from '../evidence-basket';
import { captureUnder } from '../capture-files';
import { loadCase } from '../load-case';
import { withNested } from '../nested-inputs';
import { analyseInputs, type Analysed } from '../open-case';
import type { CallAbout, Frozen, Handlers } from './handler';

const PREVIEW_LINES = 6;
const PREVIEW_WIDTH = 160;

/** Where evidence likely belongs: cluster kinds to the cluster; a printed host name to its node; else to this node. */
function suggest(
  about: CallAbout,
  parsed: ParsedFile,
): Pick<EvidenceProposal, 'suggestion' | 'suggestedNode' | 'reason'> {
  // When objects were made is said beside them, by whatever prints them.
  const kinds = parsed.facts.map((f) => f.kind).filter((kind) => kind !== 'kube-newest');
  const nodes = about.case.state.case.nodes;
  const host = parsed.facts.flatMap((f) =>
    f.kind === 'host-name' ? f.items.map((i) => i.name) : [],
  )[0];
  const known = nodes.find((n) => n.name.toLowerCase() === host?.toLowerCase());
  if (known)
    return {
      suggestion: 'node',
      suggestedNode: known.name,
      reason: `It names the host ${known.name}`,
    };
  if (kinds.length > 0 && kinds.every((k) => CLUSTER_KINDS.includes(k))) {
    return { suggestion: 'cluster', reason: 'It describes the cluster, not one node' };
  }
  if (
    host !== undefined &&
    nodes.length > 0 &&
    nodes.every((n) => n.snapshots.every((s) => !s.nameGuessed))
  ) {
    return {
      suggestion: 'new-node',
      suggestedNode: host,
      reason: `It names the host ${host}, which is not open`,
    };
  }
  const [first] = nodes;
  const reason =
    kinds.length > 0 ? 'It describes a node' : 'It was not recognised; it is kept as text';
  return first === undefined
    ? { suggestion: 'new-node', suggestedNode: host ?? 'node', reason }
    : { suggestion: 'node', suggestedNode: first.name, reason };
}

function proposal(about: CallAbout, offer: OfferedEvidence): Frozen<EvidenceProposal> {
  const { file, kinds, title } = offer.parsed;
  return {
    id: offer.id,
    name: offer.name,
    recognised: kinds.length === 0 ? 'not recognised' : title,
    lines: file.lineCount,
    preview: file.lines(1, PREVIEW_LINES).map((l) => l.slice(0, PREVIEW_WIDTH)),
    ...suggest(about, offer.parsed),
  };
}

/** A name that no file of the case has yet. */
function freePath(taken: ReadonlySet<string>, wanted: string): string {
  if (!taken.has(wanted)) return wanted;
  const dot = wanted.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [wanted.slice(0, dot), wanted.slice(dot)] : [wanted, ''];
  for (let n = 2; ; n += 1) {
    const path = `${stem} (${n})${ending}`;
    if (!taken.has(path)) return path;
  }
}

/** Facts hold the path of their file: a file that gets another name is read again under it. */
function underPath(parsed: ParsedFile, path: string): ParsedFile {
  if (parsed.file.path === path) return parsed;
  return captureUnder(parsed, path) ?? parseFile({ ...parsed.file, path });
}

type Target =
  | { readonly kind: 'node'; readonly node: string }
  | { readonly kind: 'new-node'; readonly name: string }
  | { readonly kind: 'cluster' };

function addTo(
  inputs: readonly NodeInput[],
  state: Analysed,
  parsed: ParsedFile,
  target: Target,
): NodeInput[] {
  switch (target.kind) {
    case 'cluster':
      return [...inputs, { name: 'cluster-wide', scope: 'cluster', files: [parsed] }];
    case 'new-node': {
      const same = inputs.findIndex((i) => i.scope === 'node' && i.node === target.name);
      if (same >= 0)
        return inputs.map((i, at) => (at === same ? { ...i, files: [...i.files, parsed] } : i));
      return [...inputs, { name: target.name, node: target.name, scope: 'node', files: [parsed] }];
    }
    case 'node': {
      const node = state.case.nodes.find((n) => n.name === target.node);
      const latest = node?.snapshots[node.snapshots.length - 1];
      const index = inputs.findIndex(
        (i) =>
          i.scope === 'node' &&
          latest !== undefined &&
          i.files.some((f) => latest.files.includes(f)),
      );
      if (index < 0) throw new CallError('not-found', `There is no node ${target.node}`);
      return inputs.map((i, at) => (at === index ? { ...i, files: [...i.files, parsed] } : i));
    }
  }
}

/** How many checks were made; what is added may give a node its proper name, so none is looked up. */
const checksMade = (state: Analysed): number =>
  state.checks.filter((c) => c.status !== 'not-checked').length;

const whatChanged = (before: Analysed, after: Analysed): Result<'evidence:add'> => ({
  newlyChecked: Math.max(0, checksMade(after) - checksMade(before)),
  newFindings: Math.max(0, after.findings.length - before.findings.length),
});

export const evidenceCalls: Handlers<
  'evidence:propose' | 'evidence:add' | 'evidence:undo' | 'evidence:open-nested'
> = {
  'evidence:propose': async ({ text }, about) => {
    const offers: OfferedEvidence[] = [];
    if (text !== undefined && text.trim() !== '') {
      // A selection often lacks the last line end, which is no sign of a cut.
      const whole = text.endsWith('\n') ? text : `${text}\n`;
      offers.push(about.basket.put('pasted text', parseFile(textFileOf('pasted.txt', whole))));
    }
    if (about.paths.length > 0) {
      const loaded = await loadCase(about.paths, {
        signal: about.signal(),
        onProgress: (p) => about.progress(p),
        confirmLarge: () => Promise.resolve(false),
      });
      about.case.rejected.push(...loaded.rejected);
      for (const parsed of loaded.inputs.flatMap((i) => i.files))
        offers.push(about.basket.put(parsed.file.path, parsed));
      const [refused] = loaded.rejected;
      if (offers.length === 0) {
        throw new CallError(
          'unreadable',
          refused === undefined ? 'It is empty.' : `${refused.path}: ${refused.reason}`,
        );
      }
      about.progress({
        phase: 'done',
        filesDone: offers.length,
        filesTotal: offers.length,
        bytesDone: 0,
        bytesTotal: 0,
      });
    }
    return { items: offers.slice(0, 200).map((offer) => proposal(about, offer)) };
  },
  'evidence:add': async ({ items }, about) => {
    const before = about.case.state;
    let inputs = [...before.inputs];
    const taken = new Set(before.files.keys());
    const names: string[] = [];
    for (const { id, target } of items) {
      const offer = about.basket.get(id);
      if (!offer)
        throw new CallError('not-found', 'This evidence was offered too long ago; add it again');
      const path = freePath(taken, offer.parsed.file.path);
      taken.add(path);
      inputs = addTo(inputs, before, underPath(offer.parsed, path), target);
      names.push(offer.name);
    }
    const after = await analyseInputs(inputs, about.signal());
    for (const { id } of items) about.basket.take(id);
    const label = names.length === 1 ? (names[0] ?? 'evidence') : `${names.length} files`;
    about.case.push(after, label);
    about.changed();
    return whatChanged(before, after);
  },
  'evidence:undo': async (_args, about) => {
    const undone = about.case.undo();
    // The state before does not know what live nodes have brought since.
    await about.case.catchUp(about.signal());
    if (undone !== null) about.changed();
    return { undone };
  },
  'evidence:open-nested': async ({ path }, about) => {
    const options = { signal: about.signal(), onProgress: (p: Progress) => about.progress(p) };
    const loaded = await about.case.loaded.openNested(path, options);
    const before = about.case.state;
    const inputs = withNested(before.inputs, loaded.inputs, loaded.beside);
    const after = await analyseInputs(inputs, about.signal());
    about.case.rejected.push(...loaded.rejected);
    about.case.push(after, path, path);
    about.changed();
    return whatChanged(before, after);
  },
};
