import { describe, expect, it } from 'vitest';
import type { SyntheticVfpGroup, SyntheticVfpRule } from '../synthetic/vfp-text';
import {
  endsOf,
  namesOf,
  rule,
  rulesOf,
  traceOf,
  wayOf,
  withLayer,
  withPorts,
} from './testing/nodes';

const DEFAULT_ALLOW = '0x1 Default Allow';
const TO = '10.244.19.30:80';

function group(
  rules: readonly SyntheticVfpRule[],
  more: Partial<SyntheticVfpGroup> = {},
): SyntheticVfpGroup {
  return {
    name: 'TEST_GROUP_OUT',
    priority: 100,
    direction: 'OUT',
    matchType: 'Priority-based match',
    rules,
    ...more,
  };
}

/** What a layer of these groups does to a packet of the first pod. */
function throughLayer(groups: readonly SyntheticVfpGroup[], flags = DEFAULT_ALLOW, to = TO) {
  const { plan, opened } = withLayer({ name: 'TEST_LAYER', priority: 1, flags, groups });
  const trace = traceOf({ from: plan.pods[0]?.ip ?? '', to }, opened);
  const own = rulesOf(wayOf(trace)).filter(({ layer }) => layer === 'TEST_LAYER');
  return { trace, own, names: own.map((s) => s.rule.name), plan };
}

const blockAll = rule('block-all', 'block', { priority: 200 });
const allowWeb = rule('allow-web', 'allow', {
  conditions: [
    ['Protocols', '6'],
    ['Destination ports', '80-90'],
  ],
});

describe('rules of a group', () => {
  it('the smaller priority number wins, and the other is named as runner-up', () => {
    const { trace, own, names } = throughLayer([group([blockAll, allowWeb])]);
    expect(names).toEqual(['allow-web']);
    expect(endsOf(trace)).toEqual(['delivered']);
    expect(own[0]?.runnersUp).toMatchObject([
      { name: 'block-all', why: 'also matches, with priority 200' },
    ]);
  });

  it('by longest prefix: the narrower rule wins whatever its priority', () => {
    const wide = rule('wide', 'block', {
      priority: 1,
      conditions: [['Destination IP', '10.244.0.0-10.244.255.255']],
    });
    const narrow = rule('narrow', 'allow', {
      priority: 900,
      conditions: [['Destination IP', '10.244.19.30']],
    });
    const matchType = 'Longest prefix match on Destination IP';
    expect(throughLayer([group([wide, narrow], { matchType })]).names).toEqual(['narrow']);
    expect(throughLayer([group([wide, narrow])]).names).toEqual(['wide']);
  });

  it('a match type that is not known is said to be assumed', () => {
    const { own } = throughLayer([group([allowWeb, blockAll], { matchType: 'something else' })]);
    expect(own[0]?.assumes).toContain('match-type');
  });

  it('a block rule ends the way with its own lines', () => {
    const { trace } = throughLayer([group([blockAll])]);
    expect(endsOf(trace)).toEqual(['dropped-by-rule']);
    expect(trace.branches[0]?.disposition.text).toBe('Rule block-all blocks the packet.');
  });

  it('a rule that differs in one condition is named with it', () => {
    const { trace } = throughLayer([group([allowWeb])], DEFAULT_ALLOW, '10.244.19.30:443');
    const passed = wayOf(trace).find((s) => s.kind === 'layer-default' && s.layer === 'TEST_LAYER');
    expect(passed?.kind === 'layer-default' && passed.runnersUp).toMatchObject([
      { why: 'does not match: Destination ports : 80-90, the packet has 443' },
    ]);
  });
});

describe('groups of a layer', () => {
  const open = (name: string, type = 'allow'): SyntheticVfpRule => rule(name, type, { flags: '0' });

  it('a terminating match ends the layer', () => {
    const { names } = throughLayer([
      group([rule('first', 'allow')]),
      group([blockAll], { name: 'LATER_OUT', priority: 200 }),
    ]);
    expect(names).toEqual(['first']);
  });

  it('among matches that do not terminate the last one applies', () => {
    const { names, trace } = throughLayer([
      group([open('first', 'block')]),
      group([open('second')], { name: 'LATER_OUT', priority: 200 }),
    ]);
    expect(names).toEqual(['second']);
    expect(endsOf(trace)).toEqual(['delivered']);
  });

  it("groups of the other direction, of IPv6, or whose own condition fails don't concern it", () => {
    const { names } = throughLayer([
      group([rule('inbound', 'block')], { name: 'A_IN', direction: 'IN' }),
      group([rule('v6', 'block')], { type: 'IPv6' }),
      group([rule('udp', 'block')], { conditions: [['Protocols', '17']] }),
    ]);
    expect(names).toEqual([]);
  });
});

describe('layers', () => {
  it('one of filters without Default Allow drops what none of them matches', () => {
    const { trace } = throughLayer([group([allowWeb])], '0x0', '10.244.19.30:443');
    expect(endsOf(trace)).toEqual(['dropped-by-default']);
    expect(trace.assumptions.map(({ id }) => id)).toContain('no-default-allow');
  });

  it('does so too when its rules name other addresses only', () => {
    const other = rule('allow-other', 'allow', { conditions: [['Destination IP', '10.9.9.9']] });
    expect(endsOf(throughLayer([group([other])], '0x0').trace)).toEqual(['dropped-by-default']);
  });

  it('one that rewrites passes it, and the trace says that this is assumed', () => {
    const rewrite = rule('rewrite', 'transposition', {
      conditions: [['Source MAC', '00-00-00-00-00-01']],
      data: ['Transposition:', '    Modify:', '        Source MAC: 00-00-00-00-00-02'],
    });
    const { trace } = throughLayer([group([rewrite])], '0x0');
    expect(endsOf(trace)).toEqual(['delivered']);
    expect(trace.assumptions.map(({ id }) => id)).toContain('unflagged-layer');
  });
});

describe('conditions that cannot be decided', () => {
  it('fork the trace, and each way says what it takes for granted', () => {
    const odd = rule('odd', 'block', { conditions: [['Moon phase', 'full']] });
    const { trace } = throughLayer([group([odd])]);
    expect(endsOf(trace)).toEqual(['dropped-by-rule', 'delivered']);
    expect(trace.branches.map((b) => b.choices[0]?.text)).toEqual([
      'odd applies (Moon phase : full)',
      'odd does not apply (Moon phase : full)',
    ]);
    expect(trace.delivered).toBe(false);
  });

  it('a source port that was not given is one of them, and none when it was', () => {
    const fromPort = rule('from-port', 'block', { conditions: [['Source ports', '5000-6000']] });
    const { opened, plan } = withLayer({
      name: 'TEST_LAYER',
      priority: 1,
      groups: [group([fromPort])],
    });
    const ask = (sourcePort?: number) =>
      endsOf(traceOf({ from: plan.pods[0]?.ip ?? '', to: TO, sourcePort }, opened));
    expect(ask()).toEqual(['dropped-by-rule', 'delivered']);
    expect(ask(5500)).toEqual(['dropped-by-rule']);
    expect(ask(7000)).toEqual(['delivered']);
  });

  it('too many of them end the trace instead of filling the screen', () => {
    const odd = Array.from({ length: 40 }, (_, i) =>
      rule(`odd-${i}`, 'block', { priority: i, conditions: [['Moon phase', String(i)]] }),
    );
    const { trace } = throughLayer([group(odd)]);
    expect(endsOf(trace)).toEqual(['insufficient-information']);
    expect(trace.branches[0]?.disposition.text).toContain('conditions that cannot be decided');
  });

  it('no fork where a better rule decides', () => {
    const odd = rule('odd', 'block', { priority: 900, conditions: [['Moon phase', 'full']] });
    expect(throughLayer([group([allowWeb, odd])]).trace.branches).toHaveLength(1);
  });
});

describe('rule types', () => {
  const only = (r: SyntheticVfpRule) => throughLayer([group([r])]);

  it('lbnat without DIPs has nowhere to send to', () => {
    const { trace } = only(rule('empty', 'lbnat', { data: ['Count of DIP Ranges: 0'] }));
    expect(endsOf(trace)).toEqual(['no-endpoint']);
  });

  it('nat translates the destination, or the source where it says so', () => {
    const to = only(
      rule('nat-in', 'nat', { data: ['Modifying destination IP', '{ 10.244.19.31 : 8080 }'] }),
    );
    expect(to.own[0]?.after).toMatchObject({
      destinationIp: '10.244.19.31',
      destinationPort: 8080,
    });
    const from = only(
      rule('nat-out', 'nat', { data: ['Modifying source IP', '{ 10.9.9.9 : 80 }'] }),
    );
    expect(from.own[0]?.after).toMatchObject({
      sourceIp: '10.9.9.9',
      destinationIp: '10.244.19.30',
    });
  });

  it('mapnat ends the trace and names what would tell more', () => {
    const { trace } = only(rule('mapped', 'mapnat', { data: ['Map space : X'] }));
    expect(endsOf(trace)).toEqual(['insufficient-information']);
    expect(trace.branches[0]?.disposition.missing[0]?.command).toContain('/list-mapping');
  });

  it('a transposition sets MACs, addresses and ports', () => {
    const { own } = only(
      rule('rewrite', 'transposition', {
        data: [
          'Transposition:',
          '    Modify:',
          '        Destination MAC: 00-00-00-00-00-02',
          '        Destination IP: 10.244.19.31',
          '        Destination port: 81',
        ],
      }),
    );
    expect(own[0]?.changes.map(({ field }) => field)).toEqual([
      'destinationMac',
      'destinationIp',
      'destinationPort',
    ]);
  });

  it('routeencap and decap put an outer header on and take it off', () => {
    const encap = rule('tunnel', 'routeencap', {
      data: [
        'Encap Source IP : 10.127.130.38',
        'Encap Destination(s):',
        '{ IP address=10.127.130.35, MAC address=00-15-5D-00-00-01, GRE key=4097 }',
      ],
    });
    const { own } = throughLayer([group([encap])]);
    expect(own[0]?.after.encap).toMatchObject([{ destinationIp: '10.127.130.35', vni: 4097 }]);
    const both = withPorts((port, plan) =>
      port.name === plan.pods[0]?.portGuid
        ? {
            ...port,
            layers: [
              { name: 'A', priority: 1, groups: [group([encap])] },
              {
                name: 'B',
                priority: 2,
                groups: [group([rule('off', 'decap', { conditions: [['GRE key', '4097']] })])],
              },
            ],
          }
        : port,
    );
    const trace = traceOf({ from: '10.244.19.29', to: TO }, both.opened);
    expect(namesOf(wayOf(trace)).slice(0, 2)).toEqual(['A tunnel', 'B off']);
    expect(trace.branches[0]?.end?.encap).toEqual([]);
    expect(endsOf(trace)).toEqual(['delivered']);
  });

  it('meter, paroute and types that are not known pass it on; the last say that it is assumed', () => {
    for (const type of ['meter', 'paroute'])
      expect(endsOf(only(rule('r', type)).trace)).toEqual(['delivered']);
    const { trace, own } = only(rule('new', 'pingresponse', { data: ['Answer : yes'] }));
    expect(endsOf(trace)).toEqual(['delivered']);
    expect(own[0]?.text).toContain('"pingresponse", which is not interpreted');
    expect(own[0]?.remarks).toContain('Its data: Answer : yes');
    expect(trace.assumptions.map(({ id }) => id)).toContain('not-interpreted');
  });
});

describe('ports', () => {
  it('a blocked port lets nothing pass', () => {
    const { opened } = withPorts((port, plan) =>
      port.name === plan.pods[1]?.portGuid ? { ...port, state: { blocked: true } } : port,
    );
    const trace = traceOf({ from: '10.244.19.29', to: TO }, opened);
    expect(endsOf(trace)).toEqual(['dropped-by-default']);
    expect(trace.branches[0]?.disposition.text).toContain('port of 10.244.19.30 is blocked');
  });

  it('direction is relative to the port: the receiver meets the IN groups', () => {
    const { opened } = withPorts((port, plan) =>
      port.name === plan.pods[1]?.portGuid
        ? {
            ...port,
            layers: [
              {
                name: 'ACL',
                priority: 15,
                groups: [
                  group([rule('out-block', 'block')]),
                  group([rule('in-block', 'block')], { name: 'ACL_IN', direction: 'IN' }),
                ],
              },
            ],
          }
        : port,
    );
    const trace = traceOf({ from: '10.244.19.29', to: TO }, opened);
    expect(trace.branches[0]?.disposition.text).toContain('in-block');
  });

  it('an answer that the receiver may not send is lost', () => {
    const { opened } = withPorts((port, plan) =>
      port.name === plan.pods[1]?.portGuid
        ? { ...port, layers: [{ name: 'ACL', priority: 15, groups: [group([blockAll])] }] }
        : port,
    );
    const trace = traceOf({ from: '10.244.19.29', to: TO }, opened);
    expect(trace.branches[0]?.reply).toMatchObject({ status: 'lost' });
    expect(endsOf(trace)).toEqual(['no-route']);
  });

  it('rules that were never hit are named where others of the port were', () => {
    const { opened } = withPorts((port) => port, { counters: true });
    const remarksOf = (node: typeof opened) => {
      const steps = rulesOf(wayOf(traceOf({ from: '10.244.19.29', to: TO }, node)));
      return steps.flatMap(({ rule: { name }, remarks }) => remarks.map((r) => `${name}: ${r}`));
    };
    expect(remarksOf(opened)).toEqual([]);
    const counted = withPorts((port) => port, {
      counters: true,
      write: (text) =>
        text.replace(/(Friendly name : ACL_Allow_(?:IN|OUT)[^]*?Matched packets : )0/g, '$17'),
    });
    const remarks = remarksOf(counted.opened);
    expect(remarks).toContain('NAT_Allow: This rule has never been hit.');
    expect(remarks.join()).not.toContain('ACL_Allow');
  });
});
