import { safeJson } from '../../shared/report/json-text';
import { visible } from '../../shared/report/text';
import { assembleCase } from '../../shared/snapshot/assemble';
import { matrixDocument, matrixText } from '../../shared/trace/render-matrix';
import { reachability } from '../../shared/trace/reachability';
import { TOOL } from '../analysis/tool';
import type { MatrixCommand } from './arguments';
import { loadInputs } from './load-inputs';
import type { Terminal } from './terminal';

/**
 * Says who reaches what. Gives 0 when every packet arrives on every way, else 1.
 * @throws SourceError for unusable input.
 */
export async function runMatrix(command: MatrixCommand, terminal: Terminal): Promise<0 | 1> {
  const { inputs } = await loadInputs(command, terminal);
  const walk = reachability(assembleCase(inputs));
  let turn = walk.next();
  while (turn.done !== true) {
    terminal.progress(`tracing ${turn.value.done}/${turn.value.total}`);
    turn = walk.next();
  }
  terminal.progress(undefined);
  const matrix = turn.value;
  await terminal.write([
    command.format === 'json'
      ? `${safeJson(JSON.stringify(matrixDocument(matrix, TOOL)))}\n`
      : visible(matrixText(matrix)),
  ]);
  return matrix.cells.flat().every((cell) => cell === undefined || cell.lost === 0) ? 0 : 1;
}
