import { describe, expect, it } from 'vitest';
import { parseRuleBody } from './vfp-body';
import { LB_RULES, OVERLAY_RULES, REWRITE } from './testing/dump-samples';

const rules = (text: string): string[][] =>
  text
    .split(/(?=^ *RULE :)/m)
    .filter((part) => part.includes('RULE :'))
    .map((part) => part.split('\n'));

const body = (text: string, index = 0) => parseRuleBody(rules(text)[index] ?? []);

describe('body of a VFP rule', () => {
  it('reads a load balancing rule with its DIPs', () => {
    const rule = body(LB_RULES);
    expect(rule.name).toBe('LB_72C28_10.127.130.38_10.102.220.146_80_80_6');
    expect(rule).toMatchObject({
      type: 'lbnat',
      priority: 100,
      terminating: true,
      flowTtl: 60,
      dipCount: 2,
    });
    expect(rule.conditions.protocols).toEqual([6]);
    expect(rule.conditions.destinationIps).toEqual(['10.102.220.146']);
    expect(rule.conditions.destinationPorts).toEqual(['80']);
    expect(rule.dips).toEqual([
      { ip: '10.244.19.31', port: 80 },
      { ip: '10.244.19.32', port: 80 },
    ]);
  });

  it('reads the rewriting of a container MAC', () => {
    const rule = body(REWRITE);
    expect(rule.type).toBe('transposition');
    expect(rule.conditions.sourceMacs).toEqual(['00-15-5d-aa-87-b8']);
    expect(rule.setSourceMac).toBe('00-15-5d-05-c3-0c');
  });

  it('reads both encapsulations of an overlay node', () => {
    const remote = body(OVERLAY_RULES);
    expect(remote.type).toBe('routeencap');
    expect(remote.encapSource).toBe('10.127.130.36');
    expect(remote.encapDestinations).toEqual([
      { ip: '10.127.130.38', mac: '00-15-5d-f9-d2-63', greKey: 4096 },
    ]);
    const local = body(OVERLAY_RULES, 1);
    expect(local).toMatchObject({ type: 'mapencap', greKey: 4096, encapSource: '10.127.130.36' });
    expect(local.data).toContain('CA routing enabled');
  });

  it('keeps lines it does not understand, and unknown types and conditions as printed', () => {
    const rule = parseRuleBody([
      'RULE : X',
      'Type : mirrornat',
      'Some new thing',
      'Conditions:',
      '    VLAN : 7',
      'Rule Data:',
      '    Mirror to : 10.0.0.9',
      'FlagsEx : 4096',
    ]);
    expect(rule).toMatchObject({ type: 'other', typeText: 'mirrornat' });
    expect(rule.conditions.other).toEqual(['VLAN : 7']);
    expect(rule.data).toEqual(['Some new thing', 'Mirror to : 10.0.0.9', 'FlagsEx : 4096']);
  });

  it('reads IPv6 addresses, whose colons are no separators', () => {
    const rule = parseRuleBody([
      'RULE :',
      'Type : lbnat',
      'Conditions:',
      '  Destination IPv6 : FD00:0::10',
      'Rule Data:',
      '  { fd00::1:5 : 8080 }',
    ]);
    expect(rule.conditions.destinationIps).toEqual(['FD00:0::10']);
    expect(rule.dips).toEqual([{ ip: 'fd00::1:5', port: 8080 }]);
  });

  it('finds the NAT pool of outbound NAT', () => {
    const pool =
      'SLB_NATPOOL_IPV4_TCP_10.180.160.15010.180.160.1341F56A817-CD01-4A9E-9400-061317372B8F0';
    const rule = parseRuleBody(['RULE :', 'Type : dynnat', 'Rule Data:', `  Nat pool : ${pool}`]);
    expect(rule.natPool).toBe(pool);
  });

  it.each([
    ['line ends of Windows', (lines: string[]) => lines.map((l) => `${l}\r`)],
    ['lost indentation', (lines: string[]) => lines.map((l) => l.trim())],
    [
      'deeper indentation and no-break spaces',
      (lines: string[]) => lines.map((l) => `\u00a0\u00a0  ${l}`),
    ],
    ['quote marks of a mail', (lines: string[]) => lines.map((l) => `> ${l}`)],
    [
      'counters',
      (lines: string[]) => [...lines, '  Matched packets : 12', '  Dropped unified flows : 0'],
    ],
  ])('is the same with %s', (_what, damage) => {
    for (const text of [LB_RULES, OVERLAY_RULES, REWRITE]) {
      const lines = rules(text)[0] ?? [];
      expect(parseRuleBody(damage(lines))).toEqual(parseRuleBody(lines));
    }
  });
});
