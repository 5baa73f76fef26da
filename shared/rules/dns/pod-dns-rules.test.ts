import { describe, expect, it } from 'vitest';
import { planNode } from '../../synthetic/node-plan';
import { edit, syntheticNode, without, type BundleTexts } from '../../synthetic/synthetic-node';
import { dnsLookupTexts } from '../../synthetic/validation-text';
import type { Rule } from '../rule';
import { firstLines, having, outcomeOf } from '../testing/one-rule';
import { rule as bothBad } from './dns-both-bad';
import { rule as vipBad } from './dns-direct-ok-vip-bad';
import { rule as external } from './dns-external-only';
import { rule as server } from './dns-nic-server';
import { rule as suffix } from './dns-nic-suffix';

const plan = planNode({ mode: 'l2bridge' });
const bridge = syntheticNode({ mode: 'l2bridge' });
const overlay = syntheticNode({ mode: 'overlay' });
const LOOKUPS = [...bridge.keys()].filter((path) => /^dns-/.test(path));

const lookups = (direct: boolean, vip: boolean): BundleTexts =>
  new Map([...bridge, ...dnsLookupTexts(plan, { direct, vip })]);

const outside = (answer: string): string =>
  `PS C:\\k> kubectl exec win-1 -- nslookup www.example.com\n${answer}`;
const TIMED_OUT = outside(
  'DNS request timed out.\n    timeout was 2 seconds.\nServer:  UnKnown\nAddress:  10.96.0.10\n\n*** Request to UnKnown timed-out\n',
);

describe('DNS of pods on healthy nodes', () => {
  const QUIET: readonly Rule[] = [server, suffix, vipBad, bothBad];

  it.each(QUIET.map((rule) => [rule.meta.id, rule] as const))('%s passes', (_id, rule) => {
    for (const mode of ['l2bridge', 'overlay'] as const) {
      for (const schema of [1, 2] as const) {
        const { check, findings } = outcomeOf(rule, syntheticNode({ mode, schema }));
        expect(findings).toEqual([]);
        expect(check.status).toBe('passed');
      }
    }
  });

  it.each([
    [server, ['ip.txt']],
    [suffix, ['ip.txt']],
    [vipBad, LOOKUPS],
    [bothBad, LOOKUPS],
    [external, LOOKUPS],
  ] as const)('%# is not checked without its evidence, and names the command', (rule, files) => {
    const { check } = outcomeOf(rule, without(bridge, ...files));
    expect(check).toMatchObject({ status: 'not-checked', because: 'needs-evidence' });
    expect(check.missing.length).toBeGreaterThan(0);
  });

  it('DNS-EXTERNAL-ONLY waits for the lookup of an outside name', () => {
    const inside = without(bridge, ...LOOKUPS.filter((path) => !/^dns-(direct|vip)/.test(path)));
    expect(outcomeOf(external, inside).check.status).toBe('not-checked');
    const found = having(
      inside,
      'outside.txt',
      outside(
        'Server:  kube-dns\nAddress:  10.96.0.10\n\nName:    www.example.com\nAddress:  93.184.216.34\n',
      ),
    );
    expect(outcomeOf(external, found).check.status).toBe('passed');
  });
});

describe('DNS-NIC-SERVER', () => {
  const other = edit(bridge, 'ip.txt', (text) => text.replace('10.96.0.10', '10.127.130.7'));

  it('finds a pod that asks another server, at the line of its DNS servers', () => {
    const { findings } = outcomeOf(server, other);
    expect(findings).toMatchObject([
      { severity: 'error', summary: expect.stringContaining('10.127.130.7') as string },
    ]);
    expect(firstLines(other, findings[0])[0]).toMatch(/^DNS Servers.*10\.127\.130\.7/);
  });

  it('finds a pod without any server', () => {
    const none = edit(bridge, 'ip.txt', (text) =>
      text.replace(/ +DNS Servers[^\n]*10\.96\.0\.10\n/, ''),
    );
    expect(outcomeOf(server, none).findings).toMatchObject([
      { summary: expect.stringContaining('none') as string },
    ]);
  });

  it('lets a pod with DNS settings of its own ask whom it wants', () => {
    const own = edit(other, 'pods.json', (text) => text.replaceAll('"ClusterFirst"', '"Default"'));
    expect(outcomeOf(server, own).findings).toEqual([]);
  });

  it('only warns where the policy of the pod is not known', () => {
    expect(outcomeOf(server, without(other, 'pods.json')).findings).toMatchObject([
      { severity: 'warning' },
    ]);
  });

  it("takes the address of the kubelet's flag where there is no service list", () => {
    const log = 'I1123 10:00:00.000001    4708 flags.go:64] FLAG: --cluster-dns="[10.96.0.10]"\n';
    const bare = having(
      without(other, 'services.json', 'cni/config/cni.conf', 'policy.txt', 'hnsdiag.txt'),
      'kubelet.log',
      log,
    );
    expect(outcomeOf(server, bare).findings).toMatchObject([
      { summary: expect.stringContaining('--cluster-dns') as string },
    ]);
  });

  it('is content with the cluster server in second place', () => {
    const second = edit(bridge, 'ip.txt', (text) =>
      text.replace('10.96.0.10', `168.63.129.16\n${' '.repeat(39)}10.96.0.10`),
    );
    expect(outcomeOf(server, second).findings).toEqual([]);
  });
});

describe('DNS-NIC-SUFFIX', () => {
  it('finds a pod whose suffixes are of another namespace', () => {
    const bundle = edit(overlay, 'ip.txt', (text) => {
      const [first = '', ...rest] = text.split(/(?=={70,}\nNetwork Information for Compartment 3)/);
      const changed = first
        .replaceAll('default.svc.cluster.local', 'web.svc.cluster.local')
        .replace(/\n +svc\.cluster\.local/g, '')
        .replace(/\n +cluster\.local/g, '');
      return [changed, ...rest].join('');
    });
    const { findings } = outcomeOf(suffix, bundle);
    expect(findings).toMatchObject([
      {
        severity: 'warning',
        summary: expect.stringContaining('default.svc.cluster.local') as string,
      },
    ]);
    expect(firstLines(bundle, findings[0])[0]).toContain('Suffix Search List');
  });

  it('finds a pod without suffixes of the cluster', () => {
    const bundle = edit(bridge, 'ip.txt', (text) =>
      text.replaceAll('svc.cluster.local', 'corp.example.com'),
    );
    const { findings } = outcomeOf(suffix, bundle);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.title).toMatch(/^Short names are not found in pods .* and 1 more$/);
    expect(firstLines(bundle, findings[0])).toHaveLength(3);
  });

  it('takes the static svc.<domain> of win-bridge for right', () => {
    expect(outcomeOf(suffix, bridge).check.status).toBe('passed');
  });

  it('says nothing of pods that ask other servers', () => {
    const own = edit(
      edit(bridge, 'ip.txt', (text) => text.replaceAll('svc.cluster.local', 'corp.example.com')),
      'pods.json',
      (text) => text.replaceAll('"ClusterFirst"', '"None"'),
    );
    expect(outcomeOf(suffix, own).findings).toEqual([]);
  });
});

describe('lookups from inside of pods', () => {
  it('tells a broken service from broken DNS pods', () => {
    const bundle = lookups(true, false);
    const { findings } = outcomeOf(vipBad, bundle);
    expect(findings).toMatchObject([
      { severity: 'error', summary: expect.stringContaining('10.96.0.1') as string },
    ]);
    expect(firstLines(bundle, findings[0])[0]).toContain('timeout period expired');
    expect(outcomeOf(bothBad, bundle).findings).toEqual([]);
  });

  it('tells DNS pods that are out of reach', () => {
    const bundle = lookups(false, false);
    expect(outcomeOf(bothBad, bundle).findings).toHaveLength(1);
    expect(outcomeOf(vipBad, bundle).findings).toEqual([]);
  });

  it('needs both lookups to tell the two apart', () => {
    const vipOnly = without(lookups(true, false), 'dns-direct.txt');
    expect(outcomeOf(vipBad, vipOnly).check.status).toBe('not-checked');
    expect(outcomeOf(bothBad, vipOnly).check.status).toBe('not-checked');
  });

  it('takes a name that does not exist for an answer', () => {
    const unknown = edit(lookups(true, false), 'dns-vip.txt', (text) =>
      text.replace(
        'This operation returned because the timeout period expired',
        'DNS name does not exist',
      ),
    );
    expect(outcomeOf(vipBad, unknown).findings).toEqual([]);
  });

  it('leaves lookups of the node itself out', () => {
    const onNode = edit(lookups(true, false), 'dns-vip.txt', (text) =>
      text.replace(/docker exec \S+ powershell.exe -Command /, ''),
    );
    expect(outcomeOf(vipBad, onNode).check.status).toBe('not-checked');
  });

  it('finds that only outside names fail', () => {
    const bundle = having(bridge, 'outside.txt', TIMED_OUT);
    const { findings } = outcomeOf(external, bundle);
    expect(findings).toMatchObject([{ severity: 'warning' }]);
    expect(firstLines(bundle, findings[0])[0]).toContain('timed-out');
    const allBad = new Map([...lookups(false, false), ['outside.txt', TIMED_OUT] as const]);
    expect(outcomeOf(external, allBad).findings).toEqual([]);
  });
});
