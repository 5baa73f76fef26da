import type { Evidence } from '../../model/evidence';
import type { Case } from '../../snapshot/node-snapshot';
import { caseOf } from '../../synthetic/case-of';
import { planNode, type NodePlan } from '../../synthetic/node-plan';
import { bundleOf, edit } from '../../synthetic/synthetic-node';
import { vfpPorts } from '../../synthetic/vfp-plan';
import {
  vfpText,
  type SyntheticVfpLayer,
  type SyntheticVfpPort,
  type SyntheticVfpRule,
} from '../../synthetic/vfp-text';
import type { FlowQuestion } from '../flow';
import type { RuleStep, TraceStep } from '../steps';
import { tracePacket, type Trace } from '../trace';

/** The trace of a question that can be answered. @throws Error with the reason when it cannot. */
export function traceOf(question: FlowQuestion, opened: Case): Trace {
  const result = tracePacket(question, opened);
  if (result.kind === 'problem') throw new Error(result.text);
  return result.trace;
}

/** Every step of a trace, those of all branches and of the ways back too. */
export function allSteps(trace: Trace): readonly TraceStep[] {
  return [
    ...trace.steps,
    ...trace.branches.flatMap((b) => [...b.steps, ...(b.reply?.steps ?? [])]),
  ];
}

/** Steps of a way, from the first. */
export const wayOf = (trace: Trace, branch = 0): readonly TraceStep[] => [
  ...trace.steps,
  ...(trace.branches[branch]?.steps ?? []),
];

export const rulesOf = (steps: readonly TraceStep[]): readonly RuleStep[] =>
  steps.filter((step) => step.kind === 'rule');

/** `layer rule` of every rule a way meets. */
export const namesOf = (steps: readonly TraceStep[]): readonly string[] =>
  rulesOf(steps).map(({ layer, rule }) => `${layer} ${rule.name}`);

export const endsOf = (trace: Trace): readonly string[] =>
  trace.branches.map(({ disposition }) => disposition.kind);

/** The lines of the case that evidence points to. */
export function textAt(opened: Case, { file, line, endLine }: Evidence): string {
  const found = opened.nodes
    .flatMap((node) => node.snapshots.flatMap((s) => [...s.files, ...s.cluster.files]))
    .find((f) => f.file.path === file);
  if (found === undefined) throw new Error(`no file ${file}`);
  return found.file.text(line, endLine);
}

/** A healthy l2bridge node whose VFP ports are changed before they are written. */
export function withPorts(
  change: (port: SyntheticVfpPort, plan: NodePlan) => SyntheticVfpPort,
  options: {
    readonly counters?: boolean;
    readonly write?: (text: string) => string;
    readonly dualStack?: boolean;
  } = {},
): { readonly plan: NodePlan; readonly opened: Case } {
  const plan = planNode({
    mode: 'l2bridge',
    ...(options.dualStack === true ? { schema: 2, dualStack: true } : {}),
  });
  const ports = vfpPorts(plan).map((port) => change(port, plan));
  const text = vfpText(ports, { counters: options.counters === true });
  const bundle = edit(bundleOf(plan), 'vfpOutput.txt', () => options.write?.(text) ?? text);
  return { plan, opened: caseOf(bundle) };
}

/** As `withPorts`, with one more layer (or another in the place of one of its name) on the port of the first pod. */
export function withLayer(layer: SyntheticVfpLayer): {
  readonly plan: NodePlan;
  readonly opened: Case;
} {
  return withPorts((port, plan) =>
    port.name === plan.pods[0]?.portGuid
      ? { ...port, layers: [...port.layers.filter((l) => l.name !== layer.name), layer] }
      : port,
  );
}

export const rule = (
  name: string,
  type: string,
  more: Partial<SyntheticVfpRule> = {},
): SyntheticVfpRule => ({
  name,
  priority: 100,
  type,
  conditions: [],
  flowTtl: 0,
  data: [],
  ...more,
});
