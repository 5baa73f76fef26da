import { describe, expect, it } from 'vitest';
import type { Finding, CheckResult } from '../../model/finding';
import { caseOf } from '../../synthetic/case-of';
import { edit, syntheticNode, without, type BundleTexts } from '../../synthetic/synthetic-node';
import { analyse } from '../engine';
import type { Rule } from '../rule';
import { rule as cloud } from './in-l2b-cloud';
import { rule as routeMissing } from './in-l2b-route-missing';
import { rule as nextHop } from './in-l2b-route-nexthop';
import { rule as routerMac } from './in-ovl-rsr-drmac';
import { rule as subnetRouteMissing } from './in-ovl-rsr-missing';
import { rule as providerAddress } from './in-ovl-rsr-pa';
import { rule as vni } from './in-ovl-rsr-vni';

const bridge = syntheticNode({ mode: 'l2bridge' });
const overlay = syntheticNode({ mode: 'overlay' });

interface Ran {
  readonly check: CheckResult;
  readonly findings: readonly Finding[];
}

/** Runs one rule on the first node of the bundles. */
function run(rule: Rule, ...bundles: readonly BundleTexts[]): Ran {
  const opened = caseOf(...bundles);
  const { checks, findings } = analyse(opened, [rule]);
  const [check] = checks;
  if (check === undefined) throw new Error('nothing ran');
  return { check, findings: findings.filter((f) => f.node === check.node) };
}

const linesWithout = (fragment: string) => (text: string) =>
  text
    .split('\n')
    .filter((line) => !line.includes(fragment))
    .join('\n');

/** The line of a file that a finding's evidence names. */
function cited(bundle: BundleTexts, finding: Finding | undefined): string[] {
  return (finding?.evidence ?? []).flatMap((e) =>
    (bundle.get(e.file) ?? '').split('\n').slice(e.line - 1, e.endLine),
  );
}

const ALL: readonly Rule[] = [
  cloud,
  routeMissing,
  nextHop,
  routerMac,
  subnetRouteMissing,
  providerAddress,
  vni,
];

describe('on healthy nodes', () => {
  it.each(ALL.map((rule) => [rule.meta.id, rule] as const))('%s is quiet', (_id, rule) => {
    for (const schema of [1, 2] as const) {
      for (const mode of ['l2bridge', 'overlay'] as const) {
        const { check, findings } = run(rule, syntheticNode({ mode, schema }));
        expect(findings).toEqual([]);
        expect(check.status === 'passed' || check.because === 'does-not-apply').toBe(true);
      }
    }
  });

  it('each rule runs in the mode that it is about, and says what it compared', () => {
    for (const rule of ALL) {
      const own = rule.meta.modes?.includes('overlay') === true ? overlay : bridge;
      expect(run(rule, own).check).toMatchObject({ status: 'passed' });
    }
    expect(run(routeMissing, bridge).check.reason).toContain('3 of 3 peers');
    expect(run(subnetRouteMissing, overlay).check.reason).toContain('3 of 3 peers');
  });
});

describe('IN-L2B-ROUTE-MISSING', () => {
  const broken = edit(bridge, 'routes.txt', linesWithout('10.244.17.0'));

  it('names the peer and subnet without a route, and the table where it should stand', () => {
    const { findings } = run(routeMissing, broken);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.title).toContain('10.244.17.0/24');
    expect(findings[0]?.summary).toContain('2 of 3 peers');
    expect(findings[0]?.remedy[0]?.command).toBe(
      'New-NetRoute -DestinationPrefix 10.244.17.0/24 -NextHop 10.127.130.36 -InterfaceIndex 24',
    );
    expect(cited(broken, findings[0]).join('\n')).toContain('10.244.18.0/24');
  });

  it('takes the peers of flanneld.log when there are no node objects', () => {
    const { findings, check } = run(routeMissing, without(broken, 'nodes.json'));
    expect(check.status).toBe('fired');
    expect(findings[0]?.title).toContain('10.244.17.0/24');
  });

  it('takes the peers of other bundles when there is nothing else', () => {
    const own = without(broken, 'nodes.json', 'flanneld.log');
    const peer = syntheticNode({ mode: 'l2bridge', nodeIp: '10.127.130.36' });
    const { findings } = run(routeMissing, own, without(peer, 'nodes.json'));
    expect(findings.map((f) => f.title)).toEqual([expect.stringContaining('10.244.17.0/24')]);
  });

  it('is not checked without routes or peers', () => {
    expect(run(routeMissing, without(bridge, 'routes.txt')).check).toMatchObject({
      status: 'not-checked',
      because: 'needs-evidence',
    });
    const alone = run(routeMissing, without(broken, 'nodes.json', 'flanneld.log'));
    expect(alone.check.status).toBe('not-checked');
    expect(alone.check.missing[0]?.command).toContain('kubectl get nodes');
  });

  it('is quiet for a wider route by a router', () => {
    const router = (text: string): string =>
      text
        .replaceAll(/10\.244\.17\.0\/24( +)10\.127\.130\.36/g, '10.244.16.0/23$110.127.130.1 ')
        .replace(/^.*10\.244\.17\.0 .*\n/m, '');
    expect(run(routeMissing, edit(bridge, 'routes.txt', router)).findings).toEqual([]);
  });

  describe('with a plugin that has no agent', () => {
    const PEERS = ['10.244.17.0', '10.244.18.0', '10.244.0.0'];
    const agentless = without(
      edit(bridge, 'cni/config/cni.conf', (text) => {
        const conf = JSON.parse(text) as { delegate: object };
        return JSON.stringify({
          ...conf,
          ...conf.delegate,
          type: 'sdnbridge',
          delegate: undefined,
        });
      }),
      'flanneld.log',
    );
    const unrouted = edit(agentless, 'routes.txt', (text) =>
      text
        .split('\n')
        .filter((line) => !PEERS.some((peer) => line.includes(peer)))
        .join('\n'),
    );
    const inCloud = (bundle: BundleTexts): BundleTexts =>
      edit(bundle, 'nodes.json', (text) => {
        const list = JSON.parse(text) as { items: { spec: Record<string, unknown> }[] };
        for (const [n, { spec }] of list.items.entries()) spec['providerID'] = `gce://p/z/vm-${n}`;
        return JSON.stringify(list, undefined, 4);
      });

    it('leaves it to the cloud where the host has no route to any peer', () => {
      expect(run(routeMissing, inCloud(unrouted)).check).toMatchObject({
        because: 'does-not-apply',
        reason: expect.stringContaining('Google Cloud') as string,
      });
    });

    it('finds the one peer that lacks what the others have, in a cloud too', () => {
      const one = edit(agentless, 'routes.txt', linesWithout('10.244.17.0'));
      expect(run(routeMissing, inCloud(one)).findings).toMatchObject([{ severity: 'error' }]);
    });

    it('only warns elsewhere, for a router may know the pods', () => {
      const { findings } = run(routeMissing, unrouted);
      expect(findings).toHaveLength(3);
      expect(new Set(findings.map(({ severity }) => severity))).toEqual(new Set(['warning']));
      expect(findings[0]?.cause).toContain('router');
    });
  });

  it('is quiet for a peer that is not Ready, and for a lease that was removed', () => {
    const notReady = edit(broken, 'nodes.json', (text) => {
      const list = JSON.parse(text) as {
        items: {
          metadata: { name: string };
          status: { conditions: { type: string; status: string }[] };
        }[];
      };
      for (const node of list.items) {
        if (node.metadata.name !== 'win-9p1xz4ct8rb') continue;
        for (const condition of node.status.conditions)
          if (condition.type === 'Ready') condition.status = 'False';
      }
      return JSON.stringify(list, undefined, 4);
    });
    expect(run(routeMissing, notReady).findings).toEqual([]);
    const removed = edit(
      without(broken, 'nodes.json'),
      'flanneld.log',
      (text) =>
        `${text}I0514 09:00:00.000000    1568 route_network_windows.go:120] Subnet removed: 10.244.17.0/24\n`,
    );
    expect(run(routeMissing, removed).findings).toEqual([]);
  });

  it('leaves a route with another next hop to its own rule', () => {
    const moved = edit(bridge, 'routes.txt', (t) => t.replaceAll('10.127.130.36', '10.127.130.99'));
    expect(run(routeMissing, moved).findings).toEqual([]);
    expect(run(nextHop, moved).findings).toHaveLength(1);
  });

  it('does not judge a table that ends early', () => {
    const cut = edit(bridge, 'routes.txt', (t) => t.slice(0, t.indexOf('     10.244.17.0')));
    expect(run(routeMissing, cut).check.status).not.toBe('passed');
  });
});

describe('IN-L2B-ROUTE-NEXTHOP', () => {
  it('names the wrong hop, the right one and whose it is', () => {
    const swapped = edit(bridge, 'routes.txt', (t) =>
      t
        .replace(/(10\.244\.17\.0\/24 +)10\.127\.130\.36/, '$110.127.130.35')
        .replace(/(10\.244\.17\.0 +255\.255\.255\.0 +)10\.127\.130\.36/, '$110.127.130.35'),
    );
    const { findings } = run(nextHop, swapped);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.summary).toContain('10.127.130.35 (win-7k2fq0dm3vs)');
    expect(findings[0]?.summary).toContain('win-9p1xz4ct8rb at 10.127.130.36');
    expect(cited(swapped, findings[0])[0]).toContain('10.127.130.35');
  });

  it('accepts a public-ip that flannel noted, and is not checked without routes', () => {
    const second = edit(bridge, 'nodes.json', (t) =>
      t.replace(
        '"flannel.alpha.coreos.com/public-ip": "10.127.130.36"',
        '"flannel.alpha.coreos.com/public-ip": "10.127.131.36"',
      ),
    );
    const routed = edit(second, 'routes.txt', (t) =>
      t.replaceAll('10.127.130.36', '10.127.131.36'),
    );
    expect(run(nextHop, routed).findings).toEqual([]);
    expect(run(nextHop, without(bridge, 'routes.txt')).check.because).toBe('needs-evidence');
    expect(run(nextHop, without(bridge, 'nodes.json', 'flanneld.log')).check.because).toBe(
      'needs-evidence',
    );
  });
});

describe('IN-L2B-CLOUD', () => {
  const inAzure = edit(bridge, 'nodes.json', (t) =>
    t.replaceAll(
      '"podCIDR":',
      '"providerID": "azure:///subscriptions/0/vm",\n                "podCIDR":',
    ),
  );

  it('informs that the cloud must route, and warns when remote pods were out of reach', () => {
    expect(run(cloud, inAzure).findings).toMatchObject([
      { severity: 'info', title: expect.stringContaining('Azure') },
    ]);
    const failing = edit(inAzure, 'ValidateKubernetes.Pester.txt', (t) =>
      t.replace(
        '[+] Pods should be able to reach remote pods',
        '[-] Pods should be able to reach remote pods',
      ),
    );
    expect(run(cloud, failing).findings).toMatchObject([{ severity: 'warning' }]);
  });

  it('is not checked without node objects', () => {
    expect(run(cloud, without(bridge, 'nodes.json')).check.because).toBe('needs-evidence');
  });
});

const rsrFiles = ['network.txt', 'networkdetailed.txt', 'hnsdiag.txt'];

function editAll(
  bundle: BundleTexts,
  files: readonly string[],
  change: (text: string) => string,
): BundleTexts {
  return files.reduce((all, path) => edit(all, path, change), bundle);
}

describe('IN-OVL-RSR-MISSING', () => {
  const broken = editAll(overlay, rsrFiles, (t) =>
    t.replaceAll(/("DestinationPrefix": {0,2})"10\.244\.2\.0\/24"/g, '$1"10.250.2.0/24"'),
  );

  it('names the peer without a policy', () => {
    const { findings } = run(subnetRouteMissing, broken);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.title).toContain('10.244.2.0/24');
    expect(findings[0]?.entities.map((e) => e.name)).toContain('win-24elfepi8d9');
    expect(findings[0]?.evidence[0]?.file).toMatch(/network|hnsdiag/);
  });

  it('is not checked without networks or peers, and does not apply to l2bridge', () => {
    expect(run(subnetRouteMissing, without(overlay, ...rsrFiles)).check.status).toBe('not-checked');
    expect(run(subnetRouteMissing, without(overlay, 'nodes.json')).check.because).toBe(
      'needs-evidence',
    );
    expect(run(subnetRouteMissing, bridge).check.because).toBe('does-not-apply');
  });
});

describe('IN-OVL-RSR-PA', () => {
  it('names the address used and the real one', () => {
    const broken = editAll(overlay, rsrFiles, (t) =>
      t.replaceAll(/("ProviderAddress": {0,2})"10\.127\.130\.38"/g, '$1"10.127.130.138"'),
    );
    const { findings } = run(providerAddress, broken);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.summary).toContain('10.127.130.138');
    expect(findings[0]?.summary).toContain('10.127.130.38');
    expect(run(providerAddress, without(broken, 'nodes.json')).check.because).toBe(
      'needs-evidence',
    );
  });
});

describe('IN-OVL-RSR-DRMAC', () => {
  const own =
    /"DistributedRouterMacAddress": {0,2}"([^"]+)",\s+"IsolationId": {0,2}4096,\s+"ProviderAddress": {0,2}"10\.127\.130\.38"/.exec(
      overlay.get('network.txt') ?? '',
    )?.[1] ?? '';
  const broken = editAll(overlay, rsrFiles, (t) => t.replaceAll(own, '00-15-5D-01-02-03'));

  it('compares with what flannel noted for the peer', () => {
    const { findings } = run(routerMac, broken);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.summary).toContain('00-15-5D-01-02-03');
    expect(findings[0]?.summary).toContain(own);
  });

  it("compares with the peer's own bundle, which knows better than a stale note", () => {
    const peer = syntheticNode({ mode: 'overlay', nodeIp: '10.127.130.38' });
    const { findings } = run(routerMac, without(broken, 'nodes.json'), peer);
    expect(findings).toHaveLength(1);
    expect(run(routerMac, overlay, peer).findings).toEqual([]);
  });

  it('is not checked when no MAC of a peer is known', () => {
    expect(run(routerMac, without(broken, 'nodes.json')).check.status).toBe('not-checked');
    const silent = edit(broken, 'nodes.json', (t) => t.replaceAll('VtepMAC', 'Other'));
    expect(run(routerMac, silent).check.because).toBe('needs-evidence');
  });
});

describe('IN-OVL-RSR-VNI', () => {
  it('names both ids', () => {
    const broken = edit(overlay, 'nodes.json', (t) => t.replace('\\"VNI\\":4096', '\\"VNI\\":1'));
    const { findings } = run(vni, broken);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.summary).toMatch(/4096.*uses 1/);
  });

  it('falls back to the VSID of the network, and is not checked without networks', () => {
    const odd = editAll(
      edit(overlay, 'nodes.json', (t) => t.replaceAll('VNI', 'Other')),
      rsrFiles,
      (t) =>
        t.replace(
          /("IsolationId": {0,2})4096(,\s+"ProviderAddress": {0,2}"10\.127\.130\.38")/g,
          '$14097$2',
        ),
    );
    expect(run(vni, odd).findings).toHaveLength(1);
    expect(run(vni, without(overlay, ...rsrFiles)).check.status).toBe('not-checked');
  });
});
