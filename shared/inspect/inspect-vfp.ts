import type { EntityRef } from '../model/finding';
import { macText } from '../model/ids';
import type { VfpDump } from '../model/vfp';
import {
  endpointRef,
  loadBalancerRef,
  vfpGroupRef,
  vfpPortRef,
  vfpRuleRef,
} from '../snapshot/entity-ref';
import {
  actionText,
  conditionsText,
  ruleName,
  vfpObject,
  vfpPortTitle,
} from '../tables/vfp-tables';
import { loadBalancerOfRule } from './load-balancer-coverage';
import type { ObjectDescription } from './object-view';
import { mono, properties, property, related } from './properties';
import type { ViewContext } from './view-context';

/** Describes ports, groups and rules of VFP, and vSwitch ports. */
export function inspectVfp(
  context: ViewContext,
  kind: 'vfp-port' | 'vfp-layer' | 'vfp-group' | 'vfp-rule' | 'vswitch-port',
  id: string,
): ObjectDescription | undefined {
  switch (kind) {
    case 'vfp-port':
      return describePort(context, id);
    case 'vfp-layer':
      return describeLayer(context, id);
    case 'vfp-group':
      return describeGroup(context, id);
    case 'vfp-rule':
      return describeRule(context, id);
    case 'vswitch-port':
      return describeVSwitchPort(context, id);
  }
}

function describePort(context: ViewContext, id: string): ObjectDescription | undefined {
  const place = vfpObject(context, id);
  const port = place?.dump.ports[place.index];
  if (!place || !port) return undefined;
  const { dump, index } = place;
  const endpoint = context.snapshot.links.endpointOfVfpPort.get(id);
  const layers = dump.layers.filter((l) => l.port === index);
  return {
    ref: vfpPortRef(dump.file, index, port.name),
    kindText: 'VFP port',
    subtitle: vfpPortTitle(context, dump, index),
    properties: properties(
      mono('Port', port.name),
      property('Friendly name', port.friendlyName),
      mono('MAC', port.mac && macText(port.mac)),
      property('Blocked', port.state?.blocked, {
        tone: port.state?.blocked === true ? 'error' : 'ok',
        evidence: port.state?.evidence,
      }),
      property('Enabled', port.state?.enabled),
      property('Layers', layers.map((l) => l.name).join(', ')),
      property('Rules', dump.rulesOfPort(index).length),
      ...port.natRanges.map((r) => mono('NAT range', r.name, r.evidence)),
    ),
    related: related('Endpoint', [endpoint && endpointRef(endpoint)]),
    evidence: [port.evidence],
    holds: [
      ...(endpoint === undefined ? [] : [endpointRef(endpoint)]),
      ...ruleRefs(dump, dump.rulesOfPort(index)),
    ],
  };
}

/** Rules as objects that findings name. */
const ruleRefs = (dump: VfpDump, rules: readonly number[]): EntityRef[] =>
  rules.map((rule) => vfpRuleRef(dump.file, rule, ''));

function describeLayer(context: ViewContext, id: string): ObjectDescription | undefined {
  const place = vfpObject(context, id);
  const layer = place?.dump.layers[place.index];
  if (!place || !layer) return undefined;
  const port = place.dump.ports[layer.port];
  const groups = place.dump.groups.filter((g) => g.layer === layer.index);
  return {
    ref: { kind: 'vfp-layer', id, name: layer.name },
    kindText: 'VFP layer',
    subtitle: vfpPortTitle(context, place.dump, layer.port),
    properties: properties(
      property('Priority', layer.priority),
      property('Flags', layer.flags),
      property(
        'Traffic that no rule matches',
        layer.defaultAllow ? 'passes' : 'default not stated',
      ),
    ),
    related: [
      ...related('Port', [port && vfpPortRef(place.dump.file, port.index, port.name)]),
      ...related(
        'Groups',
        groups.map((g) => vfpGroupRef(place.dump.file, g.index, g.name)),
      ),
    ],
    evidence: [layer.evidence],
    holds: groups.flatMap((g) => ruleRefs(place.dump, place.dump.rulesOfGroup(g.index))),
  };
}

function describeGroup(context: ViewContext, id: string): ObjectDescription | undefined {
  const place = vfpObject(context, id);
  const group = place?.dump.groups[place.index];
  if (!place || !group) return undefined;
  const { dump } = place;
  const layer = dump.layers[group.layer];
  const port = dump.ports[group.port];
  const rules = dump.rulesOfGroup(group.index).slice(0, 50);
  return {
    ref: vfpGroupRef(dump.file, group.index, group.name),
    kindText: 'VFP group',
    subtitle: vfpPortTitle(context, dump, group.port),
    properties: properties(
      mono('Layer', layer?.name),
      property('Direction', group.direction),
      property('Priority', group.priority),
      property('Type', group.type),
      property('Match', group.matchType),
      property('Rules', group.ruleCount),
    ),
    related: [
      ...related('Port', [port && vfpPortRef(dump.file, port.index, port.name)]),
      ...related(
        'Rules',
        rules.map((i) => vfpRuleRef(dump.file, i, ruleName(dump.body(dump.bodyIdOf(i))))),
      ),
    ],
    evidence: [group.evidence],
    holds: ruleRefs(dump, dump.rulesOfGroup(group.index)),
  };
}

function describeRule(context: ViewContext, id: string): ObjectDescription | undefined {
  const place = vfpObject(context, id);
  if (!place || place.index < 0 || place.index >= place.dump.ruleCount) return undefined;
  const { dump, index } = place;
  const rule = dump.rule(index);
  const body = dump.body(rule.bodyId);
  const group = dump.groups[rule.group];
  const layer = group && dump.layers[group.layer];
  const port = dump.ports[rule.port];
  const counters = dump.counters(index);
  const lb = loadBalancerOfRule(context, dump, rule.bodyId);
  return {
    ref: vfpRuleRef(dump.file, index, ruleName(body)),
    kindText: 'VFP rule',
    subtitle: vfpPortTitle(context, dump, rule.port),
    properties: properties(
      mono('Name', ruleName(body)),
      mono('Layer', layer?.name),
      mono(
        'Group',
        group && `${group.name}${group.direction === undefined ? '' : ` (${group.direction})`}`,
      ),
      property('Type', body.typeText),
      property('Priority', body.priority),
      property('Terminating', body.terminating),
      property('When', conditionsText(body)),
      property('Then', actionText(body)),
      property('Flow lives', body.flowTtl === undefined ? undefined : `${body.flowTtl} s`),
      property('Matched packets', counters?.matchedPackets),
      property('Dropped packets', counters?.droppedPackets),
      property(
        'On ports',
        dump.rulesOfBody(rule.bodyId).length > 1
          ? `the same rule stands ${dump.rulesOfBody(rule.bodyId).length} times`
          : undefined,
      ),
    ),
    related: [
      ...related('Comes from', [lb && loadBalancerRef(lb)]),
      ...related('Group', [group && vfpGroupRef(dump.file, group.index, group.name)]),
      ...related('Port', [port && vfpPortRef(dump.file, port.index, port.name)]),
    ],
    evidence: [rule.evidence],
  };
}

function describeVSwitchPort(context: ViewContext, id: string): ObjectDescription | undefined {
  const port = context.snapshot.vswitchPorts.find((p) => p.name === id);
  if (!port) return undefined;
  const owner = [...context.snapshot.links.vswitchPortOf].find(([, p]) => p === port)?.[0];
  return {
    ref: { kind: 'vswitch-port', id, name: port.friendlyName ?? id },
    contradictionNames: [`vSwitch port ${id}`],
    kindText: 'vSwitch port',
    subtitle: port.switchFriendlyName ?? port.switchName ?? '',
    properties: properties(
      mono('Port', port.name),
      property('Friendly name', port.friendlyName),
      property('NIC', port.nicFriendlyName ?? port.nicName),
      mono('MAC', port.mac && macText(port.mac)),
      property('MTU', port.mtu),
      property('NIC connected', port.nicConnected, {
        tone: port.nicConnected === false ? 'error' : undefined,
      }),
      ...[...port.counters].slice(0, 40).map(([name, value]) => property(name, value)),
    ),
    related: related('Endpoint', [owner && endpointRef(owner)]),
    evidence: port.evidence,
  };
}
