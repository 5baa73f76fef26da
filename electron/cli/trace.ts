import { safeJson } from '../../shared/report/json-text';
import { visible } from '../../shared/report/text';
import { assembleCase } from '../../shared/snapshot/assemble';
import { traceText } from '../../shared/trace/render-text';
import { traceDocument } from '../../shared/trace/trace-document';
import { tracePacket } from '../../shared/trace/trace';
import { TOOL } from '../analysis/tool';
import { ArgumentError, type TraceCommand } from './arguments';
import { loadInputs } from './load-inputs';
import type { Terminal } from './terminal';

/**
 * Walks one packet through what was named. Gives 0 when it arrives on every way, else 1.
 * @throws SourceError for unusable input, ArgumentError for a question that cannot be answered as it stands.
 */
export async function runTrace(command: TraceCommand, terminal: Terminal): Promise<0 | 1> {
  const { inputs } = await loadInputs(command, terminal);
  const result = tracePacket(command.question, assembleCase(inputs));
  terminal.progress(undefined);
  if (result.kind === 'problem') throw new ArgumentError(visible(result.text));
  const { trace } = result;
  await terminal.write([
    command.format === 'json'
      ? `${safeJson(JSON.stringify(traceDocument(trace, TOOL, command.depth), undefined, 2))}\n`
      : visible(traceText(trace, command.depth)),
  ]);
  return trace.delivered ? 0 : 1;
}
