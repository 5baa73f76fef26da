import type { EntityRef } from '../model/finding';
import type { HnsEndpoint } from '../model/hns';
import { withPort } from '../model/ip';
import type { VfpDump, VfpRuleBody } from '../model/vfp';
import { toneOf, type ViewContext } from '../inspect/view-context';
import { endpointRef, podRef, vfpPortRef, vfpRuleRef } from '../snapshot/entity-ref';
import { link, number, plain, text, yesNo, evidenceCell } from './cells';
import { rowsOf, type Cell, type Row, type RowSource, type Table } from './table';

const VFP_COMMAND =
  'powershell -File dumpVfpPolicies.ps1 -switchName <name> -outfile vfpOutput.txt';

/** Splits `file#index`, the id of VFP objects. */
export function vfpObject(
  context: ViewContext,
  id: string,
): { readonly dump: VfpDump; readonly index: number } | undefined {
  const at = id.lastIndexOf('#');
  const dump = context.snapshot.vfp.find((d) => d.file === id.slice(0, at));
  const index = Number(id.slice(at + 1));
  return dump && Number.isInteger(index) ? { dump, index } : undefined;
}

/** A port in words: whose it is. */
export function vfpPortTitle(context: ViewContext, dump: VfpDump, index: number): string {
  const port = dump.ports[index];
  const endpoint = context.snapshot.links.endpointOfVfpPort.get(`${dump.file}#${index}`);
  if (endpoint) {
    const pod = context.snapshot.links.podOf.get(endpoint);
    return `${endpointRef(endpoint).name}${pod ? ` · ${pod.name}` : ''}`;
  }
  const known = context.snapshot.vswitchPorts.find((p) => p.name === port?.name);
  const guid = port?.name ?? '';
  const name = [port?.friendlyName, known?.friendlyName, known?.nicFriendlyName].find(
    (n) => n !== undefined && n !== '' && n.toLowerCase() !== guid,
  );
  return name ?? (guid === '' ? 'port of the fragment' : guid);
}

export const vfpPortsTable: Table = {
  columns: [
    { id: 'port', title: 'Port', width: 240, middle: true },
    { id: 'endpoint', title: 'Endpoint', width: 130, mono: true },
    { id: 'pod', title: 'Pod', width: 190, middle: true },
    { id: 'blocked', title: 'Blocked', width: 80 },
    { id: 'layers', title: 'Layers', width: 70, align: 'end' },
    { id: 'rules', title: 'Rules', width: 80, align: 'end' },
    { id: 'guid', title: 'Port name', width: 280, mono: true },
    { id: 'source', title: 'Evidence', width: 150, mono: true },
  ],
  empty: { text: 'No VFP rules were collected. They are in vfpOutput.txt.', command: VFP_COMMAND },
  rows: (context) =>
    rowsOf(
      context.snapshot.vfp.flatMap((dump) =>
        dump.ports.map((port) => {
          const ref = vfpPortRef(dump.file, port.index, port.name);
          const endpoint = context.snapshot.links.endpointOfVfpPort.get(ref.id);
          const pod = endpoint && context.snapshot.links.podOf.get(endpoint);
          const layers = dump.layers.filter((layer) => layer.port === port.index).length;
          return {
            key: ref.id,
            ref,
            evidence: port.evidence,
            tone: portTone(context, dump, port.index, ref, endpoint),
            cells: [
              { text: vfpPortTitle(context, dump, port.index), ref },
              link(context, endpoint && endpointRef(endpoint)),
              link(context, pod && podRef(pod)),
              yesNo(port.state?.blocked, true),
              number(layers, layers === 0 ? 'warning' : undefined),
              number(dump.rulesOfPort(port.index).length),
              text(port.name),
              evidenceCell(port.evidence),
            ],
          };
        }),
      ),
    ),
};

/** The worst that findings say of a port, of the endpoint behind it, or of one of its rules. */
function portTone(
  context: ViewContext,
  dump: VfpDump,
  index: number,
  port: EntityRef,
  endpoint: HnsEndpoint | undefined,
): 'error' | 'warning' | undefined {
  const tones = [toneOf(context, port), endpoint && toneOf(context, endpointRef(endpoint))];
  for (const rule of dump.rulesOfPort(index)) {
    tones.push(toneOf(context, vfpRuleRef(dump.file, rule, '')));
  }
  return tones.includes('error') ? 'error' : tones.find((tone) => tone !== undefined);
}

/** Conditions of a rule in words: `TCP to 10.96.0.1 port 443`. */
export function conditionsText(body: VfpRuleBody): string {
  const c = body.conditions;
  const protocols = c.protocols.map((p) =>
    p === 6 ? 'TCP' : p === 17 ? 'UDP' : p === 1 ? 'ICMP' : `protocol ${p}`,
  );
  const parts = [
    protocols.join('/'),
    part('from', c.sourceIps),
    part('port', c.sourcePorts),
    part('to', c.destinationIps),
    part('port', c.destinationPorts),
    part('source MAC', c.sourceMacs),
    part('destination MAC', c.destinationMacs),
    c.other.join(', '),
  ].filter((p) => p !== '');
  return parts.length === 0 ? 'everything' : parts.join(' ');
}

const part = (word: string, values: readonly string[]): string =>
  values.length === 0 ? '' : `${word} ${values.join(', ')}`;

/** What a rule does in words: `balance to 10.244.19.31:80, 10.244.19.32:80`. */
export function actionText(body: VfpRuleBody): string {
  switch (body.type) {
    case 'allow':
      return 'let pass';
    case 'block':
      return 'drop';
    case 'lbnat':
      return body.dips.length === 0
        ? 'balance to nobody'
        : `balance to ${body.dips.map((d) => withPort(d.ip, d.port)).join(', ')}`;
    case 'nat':
    case 'dynnat':
    case 'mapnat':
      return `translate the source${body.natPool === undefined ? '' : ` from pool ${body.natPool}`}`;
    case 'routeencap':
    case 'mapencap':
      return encapText(body);
    case 'transposition':
      return transpositionText(body);
    case 'decap':
      return 'remove the encapsulation';
    case 'meter':
      return 'count';
    case 'paroute':
      return 'route by provider address';
    case 'redirect':
    case 'other':
      return `${body.typeText} (not interpreted)`;
  }
}

function encapText(body: VfpRuleBody): string {
  const to = body.encapDestinations.map(
    (d) =>
      `${d.ip}${d.greKey === undefined ? '' : ` VNI ${d.greKey}`}${d.mac === undefined ? '' : ` inner MAC ${d.mac.toUpperCase()}`}`,
  );
  const key = body.greKey === undefined ? '' : ` VNI ${body.greKey}`;
  const from = body.encapSource === undefined ? '' : ` from ${body.encapSource}`;
  return `encapsulate${from}${to.length > 0 ? ` to ${to.join(', ')}` : key}`;
}

function transpositionText(body: VfpRuleBody): string {
  const set = [
    body.setSourceMac === undefined ? '' : `source MAC to ${body.setSourceMac.toUpperCase()}`,
    body.setDestinationMac === undefined
      ? ''
      : `destination MAC to ${body.setDestinationMac.toUpperCase()}`,
    body.setSourceIp === undefined ? '' : `source to ${body.setSourceIp}`,
    body.setDestinationIp === undefined ? '' : `destination to ${body.setDestinationIp}`,
  ].filter((s) => s !== '');
  return set.length === 0 ? 'rewrite' : `set ${set.join(', ')}`;
}

/** The name to show for a rule: VFP often leaves the first name empty. */
export function ruleName(body: VfpRuleBody): string {
  return body.name !== '' ? body.name : body.friendlyName !== '' ? body.friendlyName : '(unnamed)';
}

/** `scope`: a group id or a port id (`file#index`, prefixed `group:` or `port:`); without it all rules. */
export const vfpRulesTable: Table = {
  columns: [
    { id: 'priority', title: 'Priority', width: 70, align: 'end' },
    { id: 'type', title: 'Type', width: 90 },
    { id: 'conditions', title: 'When', width: 240 },
    { id: 'action', title: 'Then', width: 360 },
    { id: 'matched', title: 'Matched', width: 80, align: 'end' },
    { id: 'name', title: 'Name', width: 190, mono: true, middle: true },
    { id: 'group', title: 'Group', width: 200, mono: true, middle: true },
    { id: 'source', title: 'Evidence', width: 150, mono: true },
  ],
  implied: (scope, context) => [
    ...(scope.startsWith('group:') ? ['group'] : []),
    ...(hasCounters(context, scope) ? [] : ['matched']),
  ],
  empty: { text: 'No rules here.', command: VFP_COMMAND },
  rows: (context, scope) => {
    const lists = context.snapshot.vfp.flatMap((dump) => {
      const indexes = rulesInScope(context, dump, scope);
      return indexes === undefined ? [] : [{ dump, indexes }];
    });
    return joined(context, lists);
  },
};

/** Rules are listed with their counters or without, all of a listing alike: one tells. */
function hasCounters(context: ViewContext, scope: string): boolean {
  return context.snapshot.vfp.some((dump) => {
    const rules = rulesInScope(context, dump, scope);
    return rules !== undefined && rules.length > 0 && dump.counters(rules.at(0)) !== undefined;
  });
}

type RuleIndexes = { readonly length: number; at(i: number): number };

function rulesInScope(
  context: ViewContext,
  dump: VfpDump,
  scope: string | undefined,
): RuleIndexes | undefined {
  if (scope === undefined) return { length: dump.ruleCount, at: (i) => i };
  const [kind = '', id = ''] = [
    scope.slice(0, scope.indexOf(':')),
    scope.slice(scope.indexOf(':') + 1),
  ];
  const place = vfpObject(context, id);
  if (place?.dump !== dump) return undefined;
  const rules = kind === 'group' ? dump.rulesOfGroup(place.index) : dump.rulesOfPort(place.index);
  return { length: rules.length, at: (i) => rules[i] ?? 0 };
}

function joined(
  context: ViewContext,
  lists: readonly { readonly dump: VfpDump; readonly indexes: RuleIndexes }[],
): RowSource {
  const find = (index: number): { readonly dump: VfpDump; readonly rule: number } | undefined => {
    let rest = index;
    for (const { dump, indexes } of lists) {
      if (rest < indexes.length) return { dump, rule: indexes.at(rest) };
      rest -= indexes.length;
    }
    return undefined;
  };
  const texts = new Map<VfpDump, Map<string, string>>();
  const cells = new Map<VfpDump, Map<string, Cell | undefined>>();
  return {
    count: lists.reduce((sum, l) => sum + l.indexes.length, 0),
    row(index) {
      const place = find(index);
      return place ? ruleRow(context, place.dump, place.rule) : { key: String(index), cells: [] };
    },
    matches(index, words) {
      const place = find(index);
      if (!place) return false;
      const { dump, rule } = place;
      const text = perBody(texts, dump, rule, () => ruleText(dump, rule));
      return words.every((word) => text.includes(word));
    },
    sortCell(index, column) {
      const place = find(index);
      if (!place) return undefined;
      const { dump, rule } = place;
      const id = vfpRulesTable.columns[column]?.id;
      // Counters and lines differ from port to port; all else is the same for equal rules of a group.
      if (id === 'matched' || id === 'source') return ruleRow(context, dump, rule).cells[column];
      return perBody(cells, dump, rule, () => ruleRow(context, dump, rule).cells[column], id);
    },
  };
}

/** Computes once for all rules with the same body in groups of the same name: a busy node has few of those. */
function perBody<T>(
  kept: Map<VfpDump, Map<string, T>>,
  dump: VfpDump,
  rule: number,
  make: () => T,
  extra = '',
): T {
  const byKey = kept.get(dump) ?? new Map<string, T>();
  kept.set(dump, byKey);
  const key = `${dump.bodyIdOf(rule)} ${dump.groups[dump.groupOf(rule)]?.name ?? ''} ${extra}`;
  const known = byKey.get(key);
  if (known !== undefined) return known;
  const made = make();
  byKey.set(key, made);
  return made;
}

/** What the filter looks at: everything the row shows but its counters and its line. */
function ruleText(dump: VfpDump, rule: number): string {
  const body = dump.body(dump.bodyIdOf(rule));
  const group = dump.groups[dump.groupOf(rule)]?.name ?? '';
  return [
    body.typeText,
    conditionsText(body),
    actionText(body),
    body.name,
    body.friendlyName,
    group,
    ...body.data,
  ]
    .join('\u0000')
    .toLowerCase();
}

function ruleRow(context: ViewContext, dump: VfpDump, index: number): Row {
  const place = dump.rule(index);
  const body = dump.body(place.bodyId);
  const group = dump.groups[place.group];
  const ref = vfpRuleRef(dump.file, index, ruleName(body));
  const matched = dump.counters(index)?.matchedPackets;
  return {
    key: ref.id,
    ref,
    evidence: place.evidence,
    tone: toneOf(context, ref),
    cells: [
      plain(body.priority),
      text(body.typeText === '' ? body.type : body.typeText),
      text(conditionsText(body)),
      text(actionText(body)),
      number(matched),
      { text: ruleName(body), ref },
      text(group?.name),
      evidenceCell(place.evidence),
    ],
  };
}
