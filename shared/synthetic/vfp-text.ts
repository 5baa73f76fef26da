/**
 * Writes the text of a vfpOutput.txt from a typed description: the port table of
 * dumpVfpPolicies.ps1, then per port the blocks of the vfpctrl verbs in the order of that script,
 * each ended by its trailer. For sample nodes, tests and the benchmark.
 */

export interface SyntheticVfpRule {
  /** Text after `RULE :`; '' as newer builds print it. */
  readonly name: string;
  /** Defaults to `name`. */
  readonly friendlyName?: string;
  readonly priority: number;
  /** As printed: `lbnat`, `allow`, `routeencap`, ... */
  readonly type: string;
  /** Pairs as printed: `['Destination IP', '10.96.0.10']`. None prints `<none>`. */
  readonly conditions: readonly (readonly [string, string])[];
  readonly flowTtl: number;
  /**
   * Lines of the data block, without the common indent; leading blanks nest deeper.
   * A transposition begins its block with `Transposition:` itself, all others get `Rule Data:`.
   */
  readonly data: readonly string[];
  /** `1 terminating` when absent. */
  readonly flags?: string;
}

export interface SyntheticVfpGroup {
  readonly name: string;
  readonly priority: number;
  readonly direction: 'IN' | 'OUT';
  /** `IPv4` when absent. */
  readonly type?: string;
  readonly conditions?: readonly (readonly [string, string])[];
  readonly matchType?: string;
  readonly rules: readonly SyntheticVfpRule[];
}

export interface SyntheticVfpLayer {
  readonly name: string;
  readonly priority: number;
  /** `0x1 Default Allow` when absent; '' leaves the line out. */
  readonly flags?: string;
  readonly groups: readonly SyntheticVfpGroup[];
}

export interface SyntheticVfpPort {
  /** Port GUID. */
  readonly name: string;
  readonly friendlyName?: string;
  /** With dashes, as the table prints it. */
  readonly mac?: string;
  readonly portId?: string;
  readonly state?: {
    readonly enabled?: boolean;
    readonly blocked?: boolean;
    readonly blockedOnRestore?: boolean;
    readonly blockedLayerCreation?: boolean;
  };
  /** Names of NAT pools, or a name with lines below it. */
  readonly natRanges?: readonly (
    string | { readonly name: string; readonly lines: readonly string[] }
  )[];
  readonly layers: readonly SyntheticVfpLayer[];
}

export interface SyntheticVfpOptions {
  /** `/get-rule-counter` instead of `/list-rule`: counters end every rule. */
  readonly counters?: boolean;
  /** False leaves the port table out, as the first collector did. */
  readonly portTable?: boolean;
}

/**
 * Text of a dump, CRLF line ends. Deterministic: the same description gives the same bytes.
 * The form is that of real outputs (see parsers/vfp); no tool of the node is needed.
 */
export function vfpText(
  ports: readonly SyntheticVfpPort[],
  options: SyntheticVfpOptions = {},
): string {
  const out: string[] = [];
  if (options.portTable !== false) portTable(ports, out);
  for (const port of ports) {
    out.push('Policy for port : ', port.name.toUpperCase());
    emptyList('list-space', out);
    emptyList('list-mapping', out);
    const verb = options.counters === true ? 'get-rule-counter' : 'list-rule';
    out.push('', ' ITEM LIST', '===========', '');
    for (const layer of port.layers) layerText(layer, options.counters === true, out);
    out.push(trailer(verb), '');
    portState(port, out);
    natRanges(port, out);
  }
  return `${out.join('\r\n')}\r\n`;
}

const trailer = (verb: string): string => `Command ${verb} succeeded!`;

function portTable(ports: readonly SyntheticVfpPort[], out: string[]): void {
  const row = (a: string, b: string, c: string): string =>
    `${a.padEnd(36)} ${b.padEnd(17)} ${c}`.trimEnd();
  out.push(
    '',
    row('Port name', 'Mac Address', 'PortId'),
    row('---------', '-----------', '------'),
  );
  ports.forEach((port, i) => {
    out.push(row(port.name.toUpperCase(), port.mac ?? '', port.portId ?? String(i + 2)));
  });
  out.push('', '');
}

function emptyList(verb: string, out: string[]): void {
  out.push('', ' ITEM LIST', '===========', '', trailer(verb), '');
}

function layerText(layer: SyntheticVfpLayer, counters: boolean, out: string[]): void {
  out.push(`  LAYER : ${layer.name}`, `    Friendly name : ${layer.name}`);
  const flags = layer.flags ?? '0x1 Default Allow';
  if (flags !== '') out.push(`    Flags : ${flags}`);
  out.push(`    Priority : ${layer.priority}`, '');
  for (const group of layer.groups) groupText(group, counters, out);
}

function groupText(group: SyntheticVfpGroup, counters: boolean, out: string[]): void {
  out.push(
    `  GROUP : ${group.name}`,
    `    Friendly name : ${group.name}`,
    `    Priority : ${group.priority}`,
    `    Direction : ${group.direction}`,
    `    Type : ${group.type ?? 'IPv4'}`,
  );
  conditions(group.conditions ?? [], '    ', out);
  out.push(`    Match type : ${group.matchType ?? 'Longest prefix match on Destination IP'}`, '');
  for (const rule of group.rules) ruleText(rule, counters, out);
}

function conditions(
  pairs: readonly (readonly [string, string])[],
  indent: string,
  out: string[],
): void {
  out.push(`${indent}Conditions:`);
  if (pairs.length === 0) out.push(`${indent}    <none>`);
  for (const [key, value] of pairs) out.push(`${indent}    ${key} : ${value}`);
}

function ruleText(rule: SyntheticVfpRule, counters: boolean, out: string[]): void {
  out.push(
    `    RULE : ${rule.name}`,
    `        Friendly name : ${rule.friendlyName ?? rule.name}`,
    `        Priority : ${rule.priority}`,
    `        Flags : ${rule.flags ?? '1 terminating'}`,
    `        Type : ${rule.type}`,
  );
  conditions(rule.conditions, '        ', out);
  out.push(`        Flow TTL: ${rule.flowTtl}`);
  const ownBlock = rule.data[0] === 'Transposition:';
  if (rule.data.length > 0 && !ownBlock) out.push('        Rule Data:');
  rule.data.forEach((line, i) => {
    out.push(ownBlock && i === 0 ? `        ${line}` : `            ${line}`);
  });
  out.push('        FlagsEx : 0');
  if (counters) {
    out.push(
      '        Matched packets : 0',
      '        Dropped packets : 0',
      '        Pending packets : 0',
      '        Dropped flows : 0',
    );
  }
  out.push('');
}

function portState(port: SyntheticVfpPort, out: string[]): void {
  const word = (on: boolean): string => (on ? 'TRUE' : 'FALSE');
  const state = port.state ?? {};
  out.push(
    '',
    ' ITEM LIST',
    '===========',
    '',
    `  Enabled : ${word(state.enabled ?? true)}`,
    `  Blocked : ${word(state.blocked ?? false)}`,
    `  BlockedOnRestore : ${word(state.blockedOnRestore ?? false)}`,
    `  BlockedLayerCreation : ${word(state.blockedLayerCreation ?? false)}`,
    '  Preserving Vlan : TRUE',
    '  VM Context Set : FALSE',
    '',
    trailer('get-port-state'),
    '',
  );
}

function natRanges(port: SyntheticVfpPort, out: string[]): void {
  out.push('', ' ITEM LIST', '===========', '');
  for (const range of port.natRanges ?? []) {
    const { name, lines } = typeof range === 'string' ? { name: range, lines: [] } : range;
    out.push(`  NAT RANGE : ${name}`);
    for (const line of lines) out.push(`    ${line}`);
    out.push('');
  }
  out.push(trailer('list-nat-range'), '');
}
