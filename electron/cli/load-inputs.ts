import type { NodeInput } from '../../shared/snapshot/assemble';
import { loadCase, type LoadOptions } from '../analysis/load-case';
import { refuseUnknown } from '../analysis/usable-case';
import type { Rejection } from '../sources/source';
import { addEvidence } from './extra-evidence';
import type { Terminal } from './terminal';

/** What a command line names to be read. */
export interface InputArguments {
  readonly paths: readonly string[];
  readonly with: readonly string[];
  readonly allowLarge: boolean;
}

/**
 * Reads bundles and added evidence, and warns of what holds nothing known.
 * @throws SourceError for unusable input.
 */
export async function loadInputs(
  command: InputArguments,
  terminal: Terminal,
): Promise<{
  readonly inputs: readonly NodeInput[];
  readonly rejected: readonly Rejection[];
  readonly signal: AbortSignal;
}> {
  const { signal } = new AbortController();
  const options: LoadOptions = {
    signal,
    onProgress: ({ phase, file, filesDone, filesTotal }) => {
      if (file !== undefined) terminal.progress(`${phase} ${filesDone}/${filesTotal} ${file}`);
    },
    confirmLarge: ({ title, detail }) => {
      if (!command.allowLarge)
        terminal.warn(`${title}: ${detail} (--allow-large reads it all the same)`);
      return Promise.resolve(command.allowLarge);
    },
  };
  const loaded = await loadCase(command.paths, options);
  const extra = command.with.length === 0 ? undefined : await loadCase(command.with, options);
  await Promise.all([loaded.close(), extra?.close()]);
  refuseUnknown(loaded);
  for (const input of loaded.inputs) {
    if (input.scope === 'node' && !input.files.some((file) => file.kinds.length > 0)) {
      terminal.warn(`${input.name}: none of its files is known`);
    }
  }
  const more = extra?.inputs.flatMap((input) => input.files) ?? [];
  for (const file of more) {
    if (file.kinds.length === 0) terminal.warn(`${file.file.path}: not recognised, kept as text`);
  }
  return {
    inputs: addEvidence(loaded.inputs, more),
    rejected: [...loaded.rejected, ...(extra?.rejected ?? [])],
    signal,
  };
}
