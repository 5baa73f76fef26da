import { DISPOSITIONS, type Disposition } from './disposition';
import { headerText, type PacketHeader } from './packet';
import type { TraceStep } from './steps';
import { verdictOf, type Trace } from './trace';

const SCHEMA_VERSION = 1;

/** The trace as a JSON value: what the text says, in full, with stable names. */
export function traceDocument(
  trace: Trace,
  tool: { readonly name: string; readonly version: string },
): unknown {
  const { question, node, snapshotId, notes, header, steps, branches, assumptions } = trace;
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: { name: tool.name, version: tool.version },
    question,
    node: node ?? null,
    snapshotId: snapshotId ?? null,
    notes,
    packet: header === undefined ? null : headerDocument(header),
    delivered: trace.delivered,
    verdict: verdictOf(trace),
    steps: steps.map(stepDocument),
    branches: branches.map((branch) => ({
      choices: branch.choices,
      steps: branch.steps.map(stepDocument),
      end: branch.end === undefined ? null : headerDocument(branch.end),
      disposition: dispositionDocument(branch.disposition),
      reply:
        branch.reply === undefined
          ? null
          : { ...branch.reply, steps: branch.reply.steps.map(stepDocument) },
    })),
    assumptions,
  };
}

const headerDocument = (header: PacketHeader): unknown => ({ text: headerText(header), ...header });

const dispositionDocument = (disposition: Disposition): unknown => ({
  ...disposition,
  title: DISPOSITIONS[disposition.kind].title,
  success: DISPOSITIONS[disposition.kind].success,
});

function stepDocument({ before, after, ...step }: TraceStep): unknown {
  return { ...step, before: headerDocument(before), after: headerDocument(after) };
}
