import type { Evidence } from '../../model/evidence';
import type { VfpDirection, VfpDump, VfpLayer, VfpPort } from '../../model/vfp';
import type { Case } from '../../snapshot/node-snapshot';
import type { TraceStep } from '../../trace/steps';

const same = (a: Evidence, b: Evidence | undefined): boolean =>
  b !== undefined && a.file === b.file && a.line === b.line;

const dumpsOf = (theCase: Case): readonly VfpDump[] =>
  theCase.nodes.flatMap(({ snapshots }) => snapshots.flatMap(({ vfp }) => vfp));

interface DumpPlace {
  readonly dump: VfpDump;
  readonly layer: VfpLayer;
  readonly direction: VfpDirection;
}

/** The VFP port that a step of kind `port` stands for. */
export function portOfStep(theCase: Case, step: TraceStep): VfpPort | undefined {
  const [evidence] = step.evidence;
  return dumpsOf(theCase)
    .flatMap(({ ports }) => ports)
    .find(
      (port) =>
        same(port.evidence, evidence) || (port.state && same(port.state.evidence, evidence)),
    );
}

/** The layer that a rule or a layer's default stands in. */
function layerOfStep(theCase: Case, step: TraceStep): DumpPlace | undefined {
  if (step.kind === 'rule') {
    const id = step.entities[0]?.id ?? '';
    const dump = dumpsOf(theCase).find(({ file }) => id === `${file}#${step.rule.index}`);
    const layer = dump?.layers[dump.groups[dump.groupOf(step.rule.index)]?.layer ?? -1];
    return dump && layer && { dump, layer, direction: step.direction };
  }
  if (step.kind !== 'layer-default') return undefined;
  for (const dump of dumpsOf(theCase)) {
    const layer = dump.layers.find((each) => same(each.evidence, step.evidence[0]));
    if (layer !== undefined) return { dump, layer, direction: step.direction };
  }
  return undefined;
}

/** How many rules stand in the layers that the steps came to, and how many of them matched. */
export function rulesMet(
  theCase: Case,
  steps: readonly TraceStep[],
): { readonly considered: number; readonly matched: number } {
  const seen = new Set<string>();
  let considered = 0;
  for (const step of steps) {
    const place = layerOfStep(theCase, step);
    if (place === undefined) continue;
    const { dump, layer, direction } = place;
    const key = `${dump.file}#${layer.index} ${direction}`;
    if (seen.has(key)) continue;
    seen.add(key);
    for (const group of dump.groups)
      if (group.layer === layer.index && (group.direction ?? direction) === direction)
        considered += group.ruleCount;
  }
  return { considered, matched: steps.filter(({ kind }) => kind === 'rule').length };
}

/** How many layers a port has. */
export function layersOfPort(theCase: Case, port: VfpPort): number {
  const dump = dumpsOf(theCase).find(({ ports }) => ports.includes(port));
  return dump?.layers.filter((layer) => layer.port === port.index).length ?? 0;
}
