import { TOOL } from '../analysis/tool';
import { SourceError } from '../sources/source';
import { TransportError } from '../transports/transport';
import { runAnalyze } from './analyze';
import { ArgumentError, HELP, readArguments } from './arguments';
import { runCollect } from './collect';
import { runMatrix } from './matrix';
import { runNodes } from './nodes';
import { rulesText } from './rules';
import { runScript } from './script';
import type { Terminal } from './terminal';
import { runTrace } from './trace';

/**
 * Runs a command line. Gives the exit code: 0 nothing at or above the level asked for (trace: the
 * packet arrives), 1 findings (trace: it does not), 2 unusable input or arguments (with one line on
 * standard error).
 */
export async function run(args: readonly string[], terminal: Terminal): Promise<0 | 1 | 2> {
  try {
    const command = readArguments(args);
    switch (command.kind) {
      case 'help':
        await terminal.write([HELP]);
        return args.length === 0 ? 2 : 0;
      case 'version':
        await terminal.write([`${TOOL.version}\n`]);
        return 0;
      case 'rules':
        await terminal.write([rulesText(command.id, command.format)]);
        return 0;
      case 'analyze':
        return await runAnalyze(command, terminal);
      case 'trace':
        return await runTrace(command, terminal);
      case 'matrix':
        return await runMatrix(command, terminal);
      case 'collector':
        return await runScript(command.file, terminal);
      case 'nodes':
        return await runNodes(command, terminal);
      case 'collect':
        return await runCollect(command, terminal);
    }
  } catch (error) {
    terminal.progress(undefined);
    if (
      error instanceof ArgumentError ||
      error instanceof SourceError ||
      error instanceof TransportError
    )
      terminal.warn(error.message);
    else
      terminal.warn(
        `failed, which is a defect of this program: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    return 2;
  }
}
