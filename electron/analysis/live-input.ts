import type { LiveSource } from '../../shared/ipc/analysis';
import type { ParsedFile } from '../../shared/parsers/parsed-file';
import type { NodeInput } from '../../shared/snapshot/assemble';

/** The files of a node that is, or was, read live. */
export interface LiveInput extends NodeInput {
  /** Key of its collection. */
  readonly live: string;
  readonly running: boolean;
  /** Those of `files` that were collected; others were added by hand. */
  readonly collected: ReadonlySet<ParsedFile>;
}

export const isLive = (input: NodeInput): input is LiveInput => 'live' in input;

/** An input of what has come of a source so far. */
export function liveInput(
  source: LiveSource,
  files: readonly ParsedFile[],
  pathPrefix: string,
): LiveInput {
  const { key, name, scope, stamp, running } = source;
  return { live: key, running, name, scope, stamp, files, pathPrefix, collected: new Set(files) };
}

/**
 * The inputs of a case with live nodes as they are now. What was added to a node by hand stays with
 * it. Gives the same list when nothing is new.
 */
export function withLive(
  inputs: readonly NodeInput[],
  live: ReadonlyMap<string, LiveInput>,
): readonly NodeInput[] {
  const known = new Set(inputs.filter(isLive).map((input) => input.live));
  const stale = (input: NodeInput): input is LiveInput =>
    isLive(input) && live.has(input.live) && live.get(input.live)?.collected !== input.collected;
  const fresh = [...live.values()].filter((input) => !known.has(input.live));
  if (fresh.length === 0 && !inputs.some(stale)) return inputs;
  const renewed = inputs.map((input) => {
    const now = stale(input) ? live.get(input.live) : undefined;
    if (now === undefined || !isLive(input)) return input;
    const byHand = input.files.filter((file) => !input.collected.has(file));
    return { ...now, files: [...now.files, ...byHand] };
  });
  return [...renewed, ...fresh];
}
