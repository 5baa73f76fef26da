import type { Evidence } from '../model/evidence';
import type { EntityRef } from '../model/finding';
import type { VfpDirection, VfpDump, VfpGroup } from '../model/vfp';
import { toneOf, type ViewContext } from '../inspect/view-context';
import { endpointRef, vfpGroupRef, vfpRuleRef } from '../snapshot/entity-ref';
import { vfpObject, vfpPortTitle } from '../tables/vfp-tables';

export interface PipelineGroup {
  readonly id: string;
  readonly name: string;
  readonly priority: number | undefined;
  readonly type: string;
  readonly matchType: string;
  readonly ruleCount: number;
  readonly tone: 'error' | 'warning' | 'none';
  readonly evidence: Evidence;
}

export interface PipelineLayer {
  readonly id: string;
  readonly name: string;
  readonly priority: number | undefined;
  readonly defaultAllow: boolean;
  readonly flags: string;
  readonly groups: readonly PipelineGroup[];
  readonly evidence: Evidence;
}

export interface VfpPipeline {
  readonly portId: string;
  readonly title: string;
  readonly direction: VfpDirection;
  readonly blocked: boolean | undefined;
  readonly endpoint: EntityRef | undefined;
  readonly layers: readonly PipelineLayer[];
  readonly note: string | undefined;
}

/**
 * What a packet meets on a port, in processing order: layers by ascending priority outbound and
 * reversed inbound; in each the groups of that direction by priority (VFP, NSDI 2017).
 */
export function vfpPipeline(
  context: ViewContext,
  portId: string,
  direction: VfpDirection,
): VfpPipeline | undefined {
  const place = vfpObject(context, portId);
  const port = place?.dump.ports[place.index];
  if (!place || !port) return undefined;
  const { dump, index } = place;
  const byPriority = (
    a: { priority: number | undefined },
    b: { priority: number | undefined },
  ): number => (a.priority ?? 0) - (b.priority ?? 0);
  const layers = dump.layers.filter((l) => l.port === index).sort(byPriority);
  if (direction === 'IN') layers.reverse();
  const groups = dump.groups.filter(
    (g) => g.port === index && (g.direction === undefined || g.direction === direction),
  );
  const groupsOf = (layer: number): PipelineGroup[] =>
    groups
      .filter((g) => g.layer === layer)
      .sort(byPriority)
      .map((g) => describeGroup(context, dump, g));
  const homeless = groups.filter((g) => g.layer === -1);
  const shown: PipelineLayer[] = layers.map((layer) => ({
    id: `${dump.file}#${layer.index}`,
    name: layer.name,
    priority: layer.priority,
    defaultAllow: layer.defaultAllow,
    flags: layer.flags,
    groups: groupsOf(layer.index),
    evidence: layer.evidence,
  }));
  if (homeless.length > 0) {
    shown.push({
      id: `${dump.file}#-1`,
      name: 'layer not named in the output',
      priority: undefined,
      defaultAllow: false,
      flags: '',
      groups: homeless.map((g) => describeGroup(context, dump, g)),
      evidence: port.evidence,
    });
  }
  const endpoint = context.snapshot.links.endpointOfVfpPort.get(portId);
  return {
    portId,
    title: vfpPortTitle(context, dump, index),
    direction,
    blocked: port.state?.blocked,
    endpoint: endpoint && endpointRef(endpoint),
    layers: shown,
    note:
      shown.length === 0
        ? 'This port has no layers in the dump: it was never programmed, or the output is cut.'
        : undefined,
  };
}

function describeGroup(context: ViewContext, dump: VfpDump, group: VfpGroup): PipelineGroup {
  return {
    id: `${dump.file}#${group.index}`,
    name: group.name,
    priority: group.priority,
    type: group.type,
    matchType: group.matchType,
    ruleCount: group.ruleCount,
    tone: groupTone(context, dump, group),
    evidence: group.evidence,
  };
}

/** The worst that findings say of a group or of one of its rules. */
function groupTone(context: ViewContext, dump: VfpDump, group: VfpGroup): PipelineGroup['tone'] {
  const tones = [toneOf(context, vfpGroupRef(dump.file, group.index, group.name))];
  for (const rule of dump.rulesOfGroup(group.index)) {
    tones.push(toneOf(context, vfpRuleRef(dump.file, rule, '')));
  }
  return tones.includes('error') ? 'error' : tones.includes('warning') ? 'warning' : 'none';
}
