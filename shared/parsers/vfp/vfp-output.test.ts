import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VfpDump } from '../../model/vfp';
import { vfpText, type SyntheticVfpPort } from '../../synthetic/vfp-text';
import { textFile, textFileOf } from '../../text/text-file';
import { wholeFile, type ParseResult } from '../parser';
import { unaccounted } from '../testing/accounting';
import { LAYERS, LB_RULES, NAT_RULES, OVERLAY_RULES, REWRITE } from './testing/dump-samples';
import { vfpOutput } from './vfp-output';

const read = (text: string): ParseResult =>
  vfpOutput.parse(wholeFile(textFileOf('node/vfpOutput.txt', text)));

function dumpOf(result: ParseResult): VfpDump {
  const fact = result.facts[0];
  const dump = fact?.kind === 'vfp' ? fact.items[0] : undefined;
  if (!dump) throw new Error('no dump');
  return dump;
}
const dump = (text: string): VfpDump => dumpOf(read(text));
const bodies = (d: VfpDump) => Array.from({ length: d.ruleCount }, (_, i) => d.body(d.bodyIdOf(i)));
const names = (d: VfpDump): string[] => bodies(d).map((b) => b.name);

const PORTS: readonly SyntheticVfpPort[] = [
  '768b4bd1-774c-47e8-904f-91c007a4b183',
  '868b4bd1-774c-47e8-904f-91c007a4b183',
].map((name, n) => ({
  name,
  mac: `00-15-5D-00-00-0${n}`,
  state: { blocked: n === 1 },
  natRanges: [`SLB_NATPOOL_IPV4_TCP_${n}`],
  layers: [
    {
      name: 'LB',
      priority: 200,
      groups: [
        {
          name: 'LB_IPv4_OUT',
          priority: 100,
          direction: 'OUT',
          rules: [80, 443, 8443].map((port) => ({
            name: '',
            friendlyName: `LB_1_10.0.0.1_10.96.0.1_${port}_${port}_6`,
            priority: 100,
            type: 'lbnat',
            conditions: [
              ['Protocols', '6'],
              ['Destination IP', '10.96.0.1'],
              ['Destination ports', String(port)],
            ] as const,
            flowTtl: 240,
            data: ['Count of DIP Ranges: 1', 'DIP Range(s) :', `    { 10.244.0.5 : ${port} }`],
          })),
        },
      ],
    },
    { name: 'CUSTOMER_ROUTE', priority: 1500, groups: [] },
  ],
}));

describe('vfpctrl output', () => {
  it('takes port and layer from the typed command', () => {
    const layers = dump(LAYERS);
    expect(layers.ports.map((p) => p.name)).toEqual(['768b4bd1-774c-47e8-904f-91c007a4b183']);
    expect(layers.layers.map((l) => [l.name, l.priority, l.defaultAllow])).toEqual([
      ['ACL_ENDPOINT_LAYER', 15, false],
      ['SLB_NAT_LAYER', 50, true],
      ['VNET_PA_ROUTE_LAYER', 2000, true],
    ]);
    const nat = dump(NAT_RULES);
    expect(nat.layers.map((l) => l.name)).toEqual(['SLB_NAT_LAYER']);
    expect(nat.groups.map((g) => [g.name, g.direction, g.layer, g.ruleCount])).toEqual([
      ['SLB_GROUP_NAT_IPv4_IN', 'IN', 0, 1],
      ['SLB_GROUP_NAT_IPv4_OUT', 'OUT', 0, 1],
    ]);
    expect(nat.rule(1)).toMatchObject({ group: 1, evidence: { line: 34, endLine: 42 } });
  });

  it('joins one port of several pasted commands, and its layers', () => {
    const both = dump(`${LAYERS}${NAT_RULES}`);
    expect(both.ports).toHaveLength(1);
    expect(both.layers.map((l) => l.name)).toEqual([
      'ACL_ENDPOINT_LAYER',
      'SLB_NAT_LAYER',
      'VNET_PA_ROUTE_LAYER',
    ]);
    expect(both.groups[0]?.layer).toBe(1);
  });

  it('takes the port from the line before or after', () => {
    expect(dump(REWRITE).ports[0]?.name).toBe('768b4bd1-774c-47e8-904f-91c007a4b183');
    const fork = REWRITE.replace('port :\n', 'port Name: ');
    expect(dump(fork).ports[0]?.name).toBe('768b4bd1-774c-47e8-904f-91c007a4b183');
  });

  it('reads a fragment that begins with rules, outside of any layer', () => {
    const result = read(LB_RULES);
    const fragment = dumpOf(result);
    expect(fragment.ports.map((p) => p.name)).toEqual(['']);
    expect(fragment.groupOf(0)).toBe(-1);
    expect(fragment.body(fragment.bodyIdOf(1)).dips).toHaveLength(2);
    expect(result.notes.map((n) => n.kind)).toEqual(['truncated']);
  });

  it('reads whole dumps: table, states, pools, verbs', () => {
    const result = read(vfpText(PORTS));
    const d = dumpOf(result);
    expect(result.notes).toEqual([]);
    expect(d.ports.map((p) => p.mac)).toEqual(['00-15-5d-00-00-00', '00-15-5d-00-00-01']);
    expect(d.ports.map((p) => p.state?.blocked)).toEqual([false, true]);
    expect(d.ports[0]?.natRanges.map((r) => r.name)).toEqual(['SLB_NATPOOL_IPV4_TCP_0']);
    expect(d.ports[0]?.verbs.map((v) => v.verb)).toEqual([
      'list-space',
      'list-mapping',
      'list-rule',
      'get-port-state',
      'list-nat-range',
    ]);
    expect(d.ruleCount).toBe(6);
    expect(d.bodyCount).toBe(3);
    expect(d.rulesOfPort(1)).toEqual([3, 4, 5]);
    expect(d.rulesOfBody(0)).toEqual([0, 3]);
    expect(d.groups[1] && d.rulesOfGroup(1)).toEqual([3, 4, 5]);
  });

  it('points at the right lines', () => {
    const text = vfpText(PORTS);
    const lines = text.split('\r\n');
    const d = dump(text);
    for (let i = 0; i < d.ruleCount; i += 1) {
      const { line, endLine } = d.rule(i).evidence;
      expect(lines[line - 1]).toMatch(/RULE :/);
      expect(lines[endLine - 1]).toMatch(/FlagsEx/);
    }
  });

  it('counts a rule once where both listings were collected, and keeps the counters', () => {
    const plain = vfpText(PORTS.slice(0, 1));
    const counted = vfpText(PORTS.slice(0, 1), { counters: true, portTable: false }).replace(
      /Matched packets : 0/g,
      'Matched packets : 7',
    );
    const d = dump(plain + counted);
    expect(d.ruleCount).toBe(3);
    expect(d.bodyCount).toBe(3);
    expect(d.counters(0)).toMatchObject({ matchedPackets: 7, droppedFlows: 0 });
    expect(d.groups.map((g) => g.ruleCount)).toEqual([3]);
    expect(dump(plain).counters(0)).toBeUndefined();
  });

  it('keeps what only the first listing shows when the counted one is cut', () => {
    const plain = vfpText(PORTS.slice(0, 1));
    const counted = vfpText(PORTS.slice(0, 1), { counters: true, portTable: false });
    const cut = counted.slice(0, counted.indexOf('_443_443_6'));
    const d = dump(plain + cut);
    expect(new Set(names(d))).toEqual(new Set(names(dump(plain))).add('LB_1_10.0.0.1_10.96.0.1'));
  });

  it.each([
    ['lost indentation', (t: string) => t.replace(/^[ \t]+/gm, '')],
    ['LF line ends', (t: string) => t.replace(/\r\n/g, '\n')],
    [
      'a quote mark before every line',
      (t: string) =>
        t
          .split('\n')
          .map((l) => `> ${l}`)
          .join('\n'),
    ],
    ['counters', () => vfpText(PORTS, { counters: true })],
  ])('reads the same rules with %s', (_what, damage) => {
    const sound = dump(vfpText(PORTS));
    const damaged = dump(damage(vfpText(PORTS)));
    expect(bodies(damaged)).toEqual(bodies(sound));
    expect(damaged.groups.map((g) => [g.name, g.ruleCount])).toEqual(
      sound.groups.map((g) => [g.name, g.ruleCount]),
    );
    expect(damaged.ports.map((p) => p.state?.blocked)).toEqual([false, true]);
  });

  it('says where a list was cut, a command failed, a count is wrong and a type is new', () => {
    const cut = read(vfpText(PORTS).replace(/Command list-rule succeeded!/, ''));
    expect(cut.notes).toMatchObject([{ kind: 'truncated' }]);

    const failed = dump(
      `Policy for port :\r\n${PORTS[0]?.name ?? ''}\r\nERROR: failed to execute list-rule\r\nError (87): The parameter is incorrect.\r\n`,
    );
    expect(failed.ports[0]?.verbs).toMatchObject([
      {
        verb: 'list-rule',
        ok: false,
        text: 'ERROR: failed to execute list-rule Error (87): The parameter is incorrect.',
      },
    ]);

    const wrong = read(
      `${LB_RULES.replace('Ranges: 2', 'Ranges: 3')}Command list-rule succeeded!\n`,
    );
    expect(wrong.notes.map((n) => n.message)).toEqual([
      'The rule says it has 3 DIP ranges and lists 2.',
    ]);

    const strange = read(`${LB_RULES.replaceAll('lbnat', 'newnat')}Command list-rule succeeded!\n`);
    expect(strange.notes.map((n) => n.message)).toEqual([
      'Rules of type "newnat" are kept as text and not interpreted.',
    ]);
  });

  it('leaves other output in the file to others, and says what it cannot place', () => {
    const text = `${LAYERS}\nWindows IP Configuration\n\n   Host Name . . . : node1\n`;
    const result = read(text);
    expect(unaccounted(text, result)).toEqual([22, 24]);
    const headless = read(
      `            Destination IP : 10.0.0.1\n        Flow TTL: 0\n        FlagsEx : 0\n\n${LB_RULES}`,
    );
    expect(headless.notes[0]).toMatchObject({ kind: 'truncated', line: 1, endLine: 3 });
  });

  it('claims nothing of files that are not vfpctrl output', () => {
    for (const text of ['', '\n\n', 'hello\nworld', '{"a":1}', '\u0000\u0001']) {
      expect(read(text)).toMatchObject({ facts: [], claimed: [] });
    }
    expect(
      vfpOutput.recognise(wholeFile(textFileOf('x.txt', 'Ethernet adapter')), ['Ethernet adapter']),
    ).toBe(0);
    expect(
      vfpOutput.recognise(wholeFile(textFileOf('x.txt', OVERLAY_RULES)), OVERLAY_RULES.split('\n')),
    ).toBeGreaterThan(50);
  });

  it('reads an empty listing as a port without rules', () => {
    const d = dump(
      'PS C:\\> vfpctrl /port  cb9beaae-7389-4f78-8e5d-d0e1700245af /layer VNET_ENCAP_LAYER /group VNET_GROUP_ENCAP_IPV4_OUT /list-rule\n\n ITEM LIST\n===========\n\nCommand list-rule succeeded!\n',
    );
    expect(d.ports.map((p) => p.name)).toEqual(['cb9beaae-7389-4f78-8e5d-d0e1700245af']);
    expect(d.groups.map((g) => [g.name, g.ruleCount])).toEqual([['VNET_GROUP_ENCAP_IPV4_OUT', 0]]);
    expect(d.ruleCount).toBe(0);
  });

  it('survives any cut, and accounts for every line', () => {
    const whole = vfpText(PORTS, { counters: true });
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(whole.length), (a, b) => {
        const text = whole.slice(Math.min(a, b), Math.max(a, b));
        const result = read(text);
        if (result.facts.length === 0) return;
        const d = dumpOf(result);
        for (const body of bodies(d)) expect(body.data).toBeInstanceOf(Array);
        // A cut first or last line may be anything; every other one is read or noted.
        const lines = text.split('\n');
        const lost = unaccounted(text, result).filter((n) => n > 1 && n < lines.length);
        for (const n of lost) expect(lines[n - 1]).not.toMatch(/RULE :|LAYER :|GROUP :|Type :/);
        for (let i = 0; i < d.ruleCount; i += 1)
          expect(d.rule(i).evidence.endLine).toBeLessThanOrEqual(lines.length);
      }),
      { numRuns: 150 },
    );
  });

  it('never throws on any bytes', () => {
    const words = fc.constantFrom(
      'RULE :',
      'LAYER :',
      'GROUP : x',
      ' ITEM LIST',
      'Policy for port :',
      'FlagsEx : 0',
      'Command list-rule succeeded!',
      '{',
      'vfpctrl /port',
      'Type : lbnat',
      'Port name   Mac Address',
      '---- ----',
      'Matched packets : 1',
      '',
      'ERROR: x',
      'NAT RANGE : y',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string())), (lines) => {
        const d = read(lines.join('\n'));
        if (d.facts.length > 0) bodies(dumpOf(d));
      }),
    );
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        (bytes) => void vfpOutput.parse(wholeFile(textFile('v', bytes))),
      ),
    );
  });
});
