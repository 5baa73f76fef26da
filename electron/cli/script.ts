import { writeFile } from 'node:fs/promises';
import { COLLECTOR_SCRIPT } from '../collect/collector-command';
import { reasonOf, SourceError } from '../sources/source';
import type { Terminal } from './terminal';

/**
 * Prints the collector, or writes it to a file that can be reviewed, signed and run by hand.
 * @throws SourceError when the file cannot be written; one that is there is not replaced
 */
export async function runScript(file: string | undefined, terminal: Terminal): Promise<0> {
  if (file === undefined) {
    await terminal.write([COLLECTOR_SCRIPT]);
    return 0;
  }
  // Lines as Windows has them: what is signed must not be changed by an editor later.
  await writeFile(file, COLLECTOR_SCRIPT.replaceAll('\n', '\r\n'), { flag: 'wx' }).catch(
    (error: unknown) => {
      throw new SourceError(`${file} cannot be written: ${reasonOf(error)}`, { cause: error });
    },
  );
  await terminal.write([
    `${file}: run it on the node with\n` +
      `  powershell -NoProfile -ExecutionPolicy RemoteSigned -File ${file} -OutputFolder C:\\temp\\node1\n` +
      'The folder, or a zip of it, opens like any bundle.\n',
  ]);
  return 0;
}
