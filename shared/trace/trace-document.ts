import { DISPOSITIONS, type Disposition } from './disposition';
import { headerText, type PacketHeader } from './packet';
import { isShown, type Depth } from './render-text';
import type { TraceStep } from './steps';
import { verdictOf, type Trace } from './trace';

const SCHEMA_VERSION = 1;

/**
 * The trace as a JSON value with stable names, as `docs/trace.schema.json` describes it. `minimal`
 * has the steps that change the packet, `summary` every stop, `full` all that was weighed too.
 */
export function traceDocument(
  trace: Trace,
  tool: { readonly name: string; readonly version: string },
  depth: Depth,
): unknown {
  const { question, node, snapshotId, notes, header, steps, branches, assumptions } = trace;
  const shown = (all: readonly TraceStep[]): unknown[] =>
    all.filter((step) => isShown(step, depth)).map((step) => stepDocument(step, depth));
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: { name: tool.name, version: tool.version },
    depth,
    question,
    node: node ?? null,
    snapshotId: snapshotId ?? null,
    notes,
    packet: header === undefined ? null : headerDocument(header),
    delivered: trace.delivered,
    verdict: verdictOf(trace),
    steps: shown(steps),
    branches: branches.map((branch) => ({
      choices: branch.choices,
      steps: shown(branch.steps),
      end: branch.end === undefined ? null : headerDocument(branch.end),
      disposition: dispositionDocument(branch.disposition),
      reply:
        branch.reply === undefined ? null : { ...branch.reply, steps: shown(branch.reply.steps) },
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

function stepDocument(step: TraceStep, depth: Depth): unknown {
  const { kind, place, text, changes, evidence, reply } = step;
  const after = headerDocument(step.after);
  if (depth === 'minimal') return { kind, place, text, changes, after, evidence, reply };
  const whole: Record<string, unknown> = { ...step, before: headerDocument(step.before), after };
  if (depth === 'full') return whole;
  const { why: _why, runnersUp: _runnersUp, matchedPackets: _matched, ...stop } = whole;
  return stop;
}
