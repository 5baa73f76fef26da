import { describe, expect, it } from 'vitest';
import { symptomChains } from '../chains/symptom-chains';
import { RULES } from '../rules/catalogue';
import { analyse } from '../rules/engine';
import { vfpLoadBalancing } from '../snapshot/vfp-load-balancing';
import type { BundleTexts } from './bundle';
import { caseOf, onlySnapshot } from './case-of';
import { edit, syntheticNode } from './synthetic-node';

const dual = syntheticNode({ mode: 'l2bridge', schema: 2, dualStack: true });

/** What an operator must not see of a healthy node. */
function alarms(bundle: BundleTexts): string[] {
  const opened = caseOf(bundle);
  const result = analyse(opened, RULES);
  const chains = symptomChains(onlySnapshot(opened), opened, result);
  return [
    ...result.findings
      .filter((f) => f.severity !== 'info')
      .map((f) => `${f.ruleId}: ${f.title} ${f.summary}`),
    ...result.checks.filter((c) => c.because === 'rule-failed').map((c) => c.ruleId),
    ...chains.filter((c) => c.status === 'error' || c.status === 'warning').map((c) => c.id),
  ];
}

/** Rules and severities of what is found, with the first title. */
function found(bundle: BundleTexts): { ids: string[]; title: string; summary: string } {
  const { findings } = analyse(caseOf(bundle), RULES);
  const [first] = findings;
  return {
    ids: findings.map((f) => `${f.ruleId} ${f.severity}`),
    title: first?.title ?? '',
    summary: first?.summary ?? '',
  };
}

/** The load balancers of policy.txt, changed. */
const balancers = (
  change: (
    all: { FrontendVIPs: string[]; Flags: number; HostComputeEndpoints: string[] }[],
  ) => unknown,
): BundleTexts =>
  edit(
    dual,
    'policy.txt',
    (text) => `${JSON.stringify(change(JSON.parse(text) as never), null, 4)}\n`,
  );

describe('a dual-stack node', () => {
  it('has both addresses of every pod, linked to it', () => {
    const snapshot = onlySnapshot(caseOf(dual));
    const pods = snapshot.endpoints.filter((e) => e.state === 3);
    expect(pods.length).toBeGreaterThan(2);
    for (const endpoint of pods) {
      expect(endpoint.ipAddresses).toHaveLength(2);
      expect(snapshot.links.podOf.has(endpoint)).toBe(true);
      expect(snapshot.links.adapterOf.has(endpoint)).toBe(true);
    }
  });

  it('has load balancers of both families, linked to service and endpoints, on every port of VFP', () => {
    const snapshot = onlySnapshot(caseOf(dual));
    expect(snapshot.addresses.managementIpv6?.value).toBe('fd00:10:127:130::38');
    const six = snapshot.loadBalancers.filter((lb) => lb.isIpv6 === true);
    expect(six.map((lb) => lb.vips[0] ?? 'NodePort').sort()).toEqual([
      'NodePort',
      'fd00:10:102:220::146',
      'fd00:10:96::10',
      'fd00:10:96::10',
      'fd00:10:96::10',
    ]);
    const join = vfpLoadBalancing(snapshot);
    for (const lb of six) {
      expect(snapshot.links.serviceOf.get(lb)?.viaNodePort).toBe(lb.vips.length === 0);
      expect(join?.expected(lb).unresolved).toBe(0);
      expect(join?.expected(lb).dips.every(({ ip }) => ip.includes(':'))).toBe(true);
      expect(join?.coverageOf(lb)).toEqual({ complete: 3, ports: 3 });
    }
  });

  it('yields no error and no warning', () => {
    expect(alarms(dual)).toEqual([]);
  });

  it('passes the rules of services and DNS having compared both families', () => {
    const checks = new Map(
      analyse(caseOf(dual), RULES).checks.map((c) => [c.ruleId, `${c.status}: ${c.reason}`]),
    );
    expect(checks.get('SVC-NODEPORT-NOLB')).toBe(
      'passed: 2 of 2 NodePorts have their load balancer',
    );
    expect(checks.get('SVC-VFP-NODEPORT')).toMatch(/^passed: 2 of 2 NodePorts/);
    expect(checks.get('DNS-LB-MISSING')).toMatch(/^passed: 10\.96\.0\.10, fd00:10:96::10 has/);
    expect(checks.get('DNS-LB-BACKENDS')).toMatch(/^passed: 4 of 4/);
    expect(checks.get('SVC-VFP-3WAY')).toMatch(/^passed: HNS and VFP agree for 11 of 11/);
    expect(checks.get('SVC-LB-MISSING')).toMatch(/^passed: 5 of 5/);
  });

  it.each([
    ['overlay', 2],
    ['l2bridge', 1],
  ] as const)(
    'asks nothing of IPv6 of an %s node (schema %i) whose pods cannot have it',
    (mode, schema) => {
      expect(alarms(syntheticNode({ mode, schema, dualStack: true }))).toEqual([]);
    },
  );
});

describe('one thing broken on a dual-stack node', () => {
  it('a missing IPv6 route', () => {
    const broken = edit(dual, 'routes.txt', (t) => t.replace(/^.*fd00:10:244:18::\/64.*\n/m, ''));
    expect(found(broken).title).toBe(
      'Pods on win-7k2fq0dm3vs (fd00:10:244:18::/64) are out of reach',
    );
  });

  it('the IPv6 load balancer of a service is missing', () => {
    const { ids, title } = found(
      balancers((all) => all.filter((lb) => lb.FrontendVIPs[0] !== 'fd00:10:102:220::146')),
    );
    expect(ids).toContain('SVC-LB-MISSING error');
    expect(title).toBe(
      'Service win-webserver ([fd00:10:102:220::146]:80/TCP) does not answer on this node',
    );
  });

  it('the IPv6 load balancer of a NodePort is missing', () => {
    const { ids, title } = found(
      balancers((all) => all.filter((lb) => lb.FrontendVIPs.length > 0 || (lb.Flags & 2) === 0)),
    );
    expect(ids).toContain('SVC-NODEPORT-NOLB error');
    expect(title).toContain('NodePort 31486/TCP (IPv6)');
  });

  it('the IPv6 load balancers of DNS are missing', () => {
    const { ids, title } = found(
      balancers((all) => all.filter((lb) => lb.FrontendVIPs[0] !== 'fd00:10:96::10')),
    );
    expect(ids).toContain('DNS-LB-MISSING error');
    expect(title).toContain('fd00:10:96::10');
  });

  it('the IPv6 load balancers of DNS send to another pod', () => {
    const snapshot = onlySnapshot(caseOf(dual));
    const other = snapshot.endpoints.find((e) => e.ipAddresses.includes('fd00:10:244:19::29'))?.id;
    const { ids, summary } = found(
      balancers((all) =>
        all.map((lb) =>
          lb.FrontendVIPs[0] === 'fd00:10:96::10' && other !== undefined
            ? { ...lb, HostComputeEndpoints: [other] }
            : lb,
        ),
      ),
    );
    expect(ids[0]).toBe('DNS-LB-BACKENDS error');
    expect(summary).toContain('fd00:10:244:19::29 is no ready DNS pod');
  });

  it('a pod port lacks the VFP rule of an IPv6 load balancer', () => {
    const { ids, title } = found(
      edit(dual, 'vfpOutput.txt', (text) => {
        const rule =
          / {4}RULE : \n {8}Friendly name : LB_\w+_fd00:10:127:130::38_fd00:10:102:220::146_80_80_6\n[\s\S]*?\n\n/g;
        const places = [...text.matchAll(rule)];
        const last = places.at(-1);
        if (last === undefined) return text;
        return text.slice(0, last.index) + text.slice(last.index + last[0].length);
      }),
    );
    expect(ids[0]).toBe('SVC-VFP-LB-MISSING error');
    expect(title).toContain('[fd00:10:102:220::146]:80');
  });

  it('no port has the VFP rule of the IPv6 NodePort', () => {
    const { ids, summary } = found(
      edit(dual, 'vfpOutput.txt', (text) =>
        text.replace(
          / {4}RULE : \n {8}Friendly name : LB_\w+_fd00:10:127:130::38_fd00:10:127:130::38_31486_80_6\n[\s\S]*?\n\n/g,
          '',
        ),
      ),
    );
    expect(ids[0]).toBe('SVC-VFP-NODEPORT error');
    expect(summary).toContain('[fd00:10:127:130::38]:31486');
  });

  it('VFP sends to an IPv6 backend that HNS does not have', () => {
    const { ids, summary } = found(
      edit(dual, 'vfpOutput.txt', (text) =>
        text.replace(
          /(fd00:10:102:220::146_80_80_6\n[\s\S]*?)\{ fd00:10:244:19::29 : 80 \}/g,
          '$1{ fd00:10:244:19::99 : 80 }',
        ),
      ),
    );
    expect(ids[0]).toBe('SVC-VFP-3WAY error');
    expect(summary).toContain('[fd00:10:244:19::29]:80');
  });
});
