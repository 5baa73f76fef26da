import { describe, expect, it } from 'vitest';
import { edit, syntheticNode, without, type BundleTexts } from '../../synthetic/synthetic-node';
import type { Rule } from '../rule';
import { rule as winNat } from '../outbound/out-winnat';
import { firstLines, having, outcomeOf } from '../testing/one-rule';
import { rule as dynRange } from './hns-dynrange';
import { rule as exclNodePort } from './hns-excl-nodeport';
import { rule as portPool } from './hns-portpool';

const bridge = syntheticNode({ mode: 'l2bridge' });
const overlay = syntheticNode({ mode: 'overlay' });
/** The NodePort of the lab's web server. */
const NODE_PORT = Number(/"nodePort":\s*(\d+)/.exec(bridge.get('services.json') ?? '')?.[1]);

const dynamic = (from: number, count: number): string =>
  ['tcp', 'udp']
    .map(
      (protocol) =>
        `\nProtocol ${protocol} Dynamic Port Range\n---------------------------------\nStart Port      : ${from}\nNumber of Ports : ${count}\n\n`,
    )
    .join('');
const excluding = (bundle: BundleTexts, ...rows: readonly string[]): BundleTexts =>
  edit(bundle, 'excludedportrange.txt', (text) =>
    text.replace(/^ +5985.*$/m, (row) => [row, ...rows].join('\n')),
  );

describe('rules about ports and NAT of Windows', () => {
  const ALL: readonly Rule[] = [dynRange, exclNodePort, portPool, winNat];

  it.each(ALL.map((rule) => [rule.meta.id, rule] as const))(
    '%s passes on healthy nodes',
    (_, rule) => {
      for (const mode of ['l2bridge', 'overlay'] as const)
        for (const schema of [1, 2] as const) {
          const { check, findings } = outcomeOf(rule, syntheticNode({ mode, schema }));
          expect(findings).toEqual([]);
          expect(check.status).toBe('passed');
        }
    },
  );

  it.each([
    [dynRange, ['dynamicportrange.txt']],
    [exclNodePort, ['excludedportrange.txt']],
    [portPool, ['dynamicportrange.txt']],
    [winNat, ['nat.txt']],
  ] as const)('%# is not checked without its evidence', (rule, files) => {
    const { check } = outcomeOf(rule, without(bridge, ...files));
    expect(check).toMatchObject({ status: 'not-checked', because: 'needs-evidence' });
  });
});

describe('HNS-PORTPOOL', () => {
  const small = having(
    without(bridge, 'reservedports.txt'),
    'dynamicportrange.txt',
    dynamic(50000, 256),
  );

  it('counts blocks that nothing excludes', () => {
    const { findings } = outcomeOf(portPool, small);
    expect(findings).toMatchObject([{ severity: 'warning' }]);
    expect(findings[0]?.summary).toMatch(/^1 of 3 blocks/);
    const none = having(small, 'dynamicportrange.txt', dynamic(50048, 64));
    expect(outcomeOf(portPool, none).findings).toMatchObject([{ severity: 'error' }]);
  });

  it('trusts the trial over the count, whatever it says', () => {
    const good = having(
      small,
      'reservedports.txt',
      'Successfully reserved 10 ranges of 64 ports\n',
    );
    expect(outcomeOf(portPool, good).check.status).toBe('passed');
    const bad = having(
      bridge,
      'reservedports.txt',
      "Couldn't reserve more than 4 ranges of 64 ports\n",
    );
    const { findings } = outcomeOf(portPool, bad);
    expect(findings).toMatchObject([{ severity: 'error' }]);
    expect(firstLines(bad, findings[0])[0]).toContain('more than 4 ranges');
  });
});

describe('HNS-DYNRANGE', () => {
  it('finds NodePorts and the ports of agents within the range', () => {
    const wide = having(bridge, 'dynamicportrange.txt', dynamic(1025, 64000));
    const { findings } = outcomeOf(dynRange, wide);
    expect(findings).toMatchObject([{ severity: 'warning' }]);
    expect(findings[0]?.summary).toContain('10250 of kubelet');
    expect(findings[0]?.summary).toContain('NodePorts of 1 service');
    expect(firstLines(wide, findings[0])[0]).toMatch(/^Start Port +: 1025/);
  });

  it('speaks of VXLAN on overlay only', () => {
    const udp = (bundle: BundleTexts) =>
      outcomeOf(dynRange, having(bundle, 'dynamicportrange.txt', dynamic(4000, 2000))).findings.map(
        ({ summary }) => summary,
      );
    expect(udp(overlay)).toEqual([expect.stringContaining('4789 of VXLAN')]);
    expect(udp(bridge)).toEqual([]);
  });
});

describe('HNS-EXCL-NODEPORT', () => {
  const row = `${String(NODE_PORT - 1).padStart(10)}${String(NODE_PORT + 8).padStart(12)}`;
  const noLoadBalancer = edit(bridge, 'policy.txt', (text) =>
    text.replaceAll(String(NODE_PORT), '31999'),
  );

  it('finds a NodePort that is excluded and has no load balancer', () => {
    const bundle = excluding(noLoadBalancer, `${row}      `);
    const { findings } = outcomeOf(exclNodePort, bundle);
    expect(findings).toMatchObject([
      { severity: 'error', title: expect.stringContaining(`NodePort ${NODE_PORT}`) as string },
    ]);
    expect(firstLines(bundle, findings[0])[0]).toContain(String(NODE_PORT + 8));
  });

  it('takes the exclusion of HNS itself and that of an administrator for no fault', () => {
    expect(outcomeOf(exclNodePort, excluding(bridge, `${row}      `)).findings).toEqual([]);
    expect(outcomeOf(exclNodePort, excluding(noLoadBalancer, `${row}     *`)).findings).toEqual([]);
  });
});

describe('OUT-WINNAT', () => {
  it('finds a NAT that covers addresses of pods', () => {
    const clash = edit(bridge, 'nat.txt', (text) =>
      text.replace('172.17.48.0/20', '10.244.0.0/16'),
    );
    const { findings } = outcomeOf(winNat, clash);
    expect(findings).toMatchObject([{ severity: 'warning' }]);
    const inactive = edit(clash, 'nat.txt', (text) =>
      text.replace(/Active( +): True/, 'Active$1: False'),
    );
    expect(outcomeOf(winNat, inactive).findings).toEqual([]);
  });

  it('takes an empty nat.txt for "none" only where the collector reports that all was read', () => {
    const empty = having(bridge, 'nat.txt', '');
    expect(outcomeOf(winNat, empty).check.status).toBe('not-checked');
    const report = `Collected by HNS Workbench from node at 2024-05-14T09:20:00Z\nDone at 2024-05-14T09:21:00Z\nPowerShell language mode: FullLanguage\nComplete.\n\nok                   0      12 ms  nat                     nat.txt\n\nNotes:\n`;
    const reported = having(empty, 'collection-report.txt', report);
    expect(outcomeOf(winNat, reported).check.status).toBe('passed');
  });
});
