import { describe, expect, it } from 'vitest';
import type { CheckResult, Finding } from '../../model/finding';
import { caseOf } from '../../synthetic/case-of';
import { edit, syntheticNode, without, type BundleTexts } from '../../synthetic/synthetic-node';
import { analyse } from '../engine';
import type { Rule } from '../rule';
import { rule as encapOverhead } from './hns-encap-overhead';
import { rule as bridge } from './hns-ep-bridge';
import { rule as dns } from './hns-ep-dns';
import { rule as dupIp } from './hns-ep-dup-ip';
import { rule as gateway } from './hns-ep-gateway';
import { rule as noVnic } from './hns-ep-no-vnic';
import { rule as drift } from './hns-ep-policy-drift';
import { rule as state } from './hns-ep-state';
import { rule as external } from './hns-net-external';
import { rule as health } from './hns-net-health';
import { rule as missing } from './hns-net-missing';
import { rule as type } from './hns-net-type';
import { rule as orphan } from './hns-orphan-lb-endpoint';

const ALL: readonly Rule[] = [
  encapOverhead,
  bridge,
  dns,
  dupIp,
  gateway,
  noVnic,
  drift,
  state,
  external,
  health,
  missing,
  type,
  orphan,
];
const l2 = syntheticNode({ mode: 'l2bridge' });
const l2v2 = syntheticNode({ mode: 'l2bridge', schema: 2 });
const ovl = syntheticNode({ mode: 'overlay' });
const ovl1 = syntheticNode({ mode: 'overlay', schema: 1 });
const HNS_FILES = [
  'network.txt',
  'networkdetailed.txt',
  'endpoint.txt',
  'hnsdiag.txt',
  'policy.txt',
];

interface Ran {
  readonly check: CheckResult;
  readonly findings: readonly Finding[];
}

function run(rule: Rule, ...bundles: readonly BundleTexts[]): Ran {
  const { checks, findings } = analyse(caseOf(...bundles), [rule]);
  const [check] = checks;
  if (check === undefined) throw new Error('nothing ran');
  return { check, findings: findings.filter((f) => f.snapshotId === check.snapshotId) };
}

/** Lines of the bundle that the finding cites. */
function cited(bundle: BundleTexts, finding: Finding | undefined): string {
  return (finding?.evidence ?? [])
    .flatMap((e) => (bundle.get(e.file) ?? '').split('\n').slice(e.line - 1, e.endLine))
    .join('\n');
}

/** An edit of all files that hold a text; in each the first match only, unless `all`. */
function inFiles(
  bundle: BundleTexts,
  files: readonly string[],
  from: RegExp,
  to: string,
): BundleTexts {
  return files.reduce(
    (b, file) =>
      from.test(b.get(file) ?? '') ? edit(b, file, (text) => text.replace(from, to)) : b,
    bundle,
  );
}

/** Only the HNS endpoints of JSON files that pass, in whatever schema. */
function keepEndpoints(
  bundle: BundleTexts,
  keep: (endpoint: Record<string, unknown>) => boolean,
): BundleTexts {
  const only = edit(without(bundle, 'hnsdiag.txt'), 'endpoint.txt', (text) => {
    const list = JSON.parse(text.slice(text.indexOf('\n[') + 1)) as Record<string, unknown>[];
    return JSON.stringify(list.filter(keep), undefined, 4);
  });
  return only;
}

/** Changes endpoints of endpoint.txt as JSON. */
function changeEndpoints(
  bundle: BundleTexts,
  change: (endpoint: Record<string, unknown>, index: number) => void,
): BundleTexts {
  return edit(without(bundle, 'hnsdiag.txt'), 'endpoint.txt', (text) => {
    const list = JSON.parse(
      text.slice(text.indexOf('\n[') + 1).replace(/(\d{17,})/g, '"$1"'),
    ) as Record<string, unknown>[];
    list.forEach(change);
    return JSON.stringify(list, undefined, 4);
  });
}

describe('on healthy nodes', () => {
  it.each(ALL.map((rule) => [rule.meta.id, rule] as const))('%s is quiet', (_id, rule) => {
    for (const bundle of [l2, l2v2, ovl, ovl1]) {
      const { check, findings } = run(rule, bundle);
      expect(findings).toEqual([]);
      expect(['passed', 'does-not-apply']).toContain(check.because ?? check.status);
    }
  });

  it.each(ALL.map((rule) => [rule.meta.id, rule] as const))(
    '%s says what it lacks when HNS was not collected',
    (_id, rule) => {
      for (const bundle of [without(l2, ...HNS_FILES), without(ovl, ...HNS_FILES)]) {
        const { check, findings } = run(rule, bundle);
        expect(findings).toEqual([]);
        expect(check.status).toBe('not-checked');
        if (check.because === 'needs-evidence') expect(check.missing.length).toBeGreaterThan(0);
      }
    },
  );

  it.each(ALL.map((rule) => [rule.meta.id, rule] as const))(
    '%s is quiet where endpoint.txt and policy.txt are cut',
    (_id, rule) => {
      for (const bundle of [l2, ovl]) {
        let cut = without(bundle, 'hnsdiag.txt');
        for (const file of ['endpoint.txt', 'policy.txt'])
          cut = edit(cut, file, (text) => text.slice(0, Math.floor(text.length * 0.55)));
        expect(run(rule, cut).findings).toEqual([]);
      }
    },
  );

  it.each(ALL.map((rule) => [rule.meta.id, rule] as const))(
    '%s is quiet with hnsdiag alone',
    (_id, rule) => {
      for (const bundle of [l2, ovl]) {
        expect(
          run(
            rule,
            without(bundle, 'network.txt', 'networkdetailed.txt', 'endpoint.txt', 'policy.txt'),
          ).findings,
        ).toEqual([]);
      }
    },
  );
});

describe('networks', () => {
  const only = (names: RegExp) => (bundle: BundleTexts) =>
    new Map(
      [...bundle].flatMap(([path, text]): [string, string][] => {
        if (path === 'hnsdiag.txt' || path === 'networkdetailed.txt') return [];
        if (path !== 'network.txt') return [[path, text]];
        const json = text.slice(text.search(/^[[{]/m)).replace(/(\d{17,})/g, '"$1"');
        const all = JSON.parse(json) as unknown;
        const list = (Array.isArray(all) ? all : [all]) as { Name: string }[];
        return [
          [
            path,
            JSON.stringify(
              list.filter(({ Name }) => names.test(Name)),
              undefined,
              4,
            ),
          ],
        ];
      }),
    );

  it.each([
    ['V1', l2, 'cbr0'],
    ['V2', ovl, 'vxlan0'],
  ] as const)('without the pod network nothing can start (%s)', (_schema, bundle, name) => {
    const { findings } = run(missing, only(/^(nat|External)$/)(bundle));
    expect(findings[0]?.title).toContain(name);
    expect(findings[0]?.evidence.length).toBeGreaterThan(0);
  });

  it('quotes the agent that could not make it, and tells a name that HNS holds but does not list', () => {
    const error = (text: string): BundleTexts =>
      edit(
        only(/^(nat|External)$/)(l2),
        'flanneld.log',
        (log) => `${log}E0514 09:19:50.000000    2472 main.go:291] ${text}\n`,
      );
    const adapter = error(
      'Error registering network: hnsCall failed in Win32: An adapter was not found. (0x803b0006)',
    );
    const [lost] = run(missing, adapter).findings;
    expect(lost?.cause).toContain('An adapter was not found');
    expect(lost?.remedy[0]?.command).toContain('flanneld');
    expect(lost?.evidence.map(({ file }) => file)).toContain('flanneld.log');
    const taken = error(
      'Error registering network: failed to create HNSNetwork cbr0: hnsCall failed in Win32: A network with this name already exists. (0x803b0010)',
    );
    const [held] = run(missing, taken).findings;
    expect(held?.cause).toContain('does not list such a network');
    expect(held?.remedy[0]?.command).toContain('Restart-Service hns');
  });

  it('a fresh azure node has no network yet', () => {
    const azure = edit(
      only(/^nat$/)(l2),
      'cni/config/cni.conf',
      () =>
        '{"cniVersion":"0.3.0","name":"azure","plugins":[{"type":"azure-vnet","mode":"bridge"}]}',
    );
    const fresh = without(azure, 'pods.json', 'endpoint.txt', 'policy.txt');
    expect(run(missing, fresh).check.because).toBe('does-not-apply');
  });

  it('misses External where the scripts of flannel make it, and where it was before', () => {
    const gone = only(/^(nat|cbr0)$/)(l2);
    const { findings } = run(external, gone);
    expect(findings[0]).toMatchObject({ severity: 'warning', ruleId: 'HNS-NET-EXTERNAL' });
    expect(run(external, l2v2).check.because).toBe('does-not-apply');
  });

  it.each([
    ['V1', l2, 'network.txt', /"Type":(\s+)"L2Bridge"/gi, '"Type":$1"Overlay"'],
    ['V2', ovl, 'network.txt', /"Type":(\s+)"Overlay"/gi, '"Type":$1"L2Bridge"'],
  ] as const)('tells of a network of the wrong type (%s)', (_schema, bundle, file, from, to) => {
    const broken = edit(without(bundle, 'networkdetailed.txt', 'hnsdiag.txt'), file, (text) =>
      text.replace(from, to),
    );
    const { findings } = run(type, broken);
    expect(findings).toHaveLength(1);
    expect(cited(broken, findings[0])).toMatch(/"Type":/);
  });

  it('decodes an error that an object reports, at its line', () => {
    const broken = inFiles(
      without(l2, 'hnsdiag.txt', 'networkdetailed.txt'),
      ['network.txt'],
      /"LastErrorCode":(\s+)0/,
      '"LastErrorCode":$12151350278',
    );
    const { findings } = run(health, broken);
    expect(findings[0]?.title).toContain('no usable network adapter');
    expect(cited(broken, findings[0])).toContain('2151350278');
    const benign = inFiles(
      without(l2, 'hnsdiag.txt', 'networkdetailed.txt'),
      ['network.txt'],
      /"LastErrorCode":(\s+)0/,
      '"LastErrorCode":$12151350292',
    );
    expect(run(health, benign).findings).toEqual([]);
  });
});

describe('endpoints', () => {
  const isPod = (endpoint: Record<string, unknown>): boolean =>
    /^[0-9a-f]{12,}/.test(String(endpoint['Name']));

  it.each([
    ['V1', l2],
    ['V2', ovl],
  ] as const)('a running pod without an endpoint has no network (%s)', (_schema, bundle) => {
    let removed = 0;
    const broken = keepEndpoints(bundle, (endpoint) => !(isPod(endpoint) && (removed += 1) === 1));
    const { findings } = run(noVnic, broken);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.title).toMatch(/^Pod win-\S+ runs without a network$/);
    expect(findings[0]?.evidence[0]?.file).toBe('pods.json');
  });

  it('all pods at once are one finding, and hostNetwork pods are none', () => {
    const many = syntheticNode({ mode: 'l2bridge', pods: 6 });
    expect(
      run(
        noVnic,
        keepEndpoints(many, (e) => !isPod(e)),
      ).findings,
    ).toHaveLength(1);
    const host = edit(
      keepEndpoints(l2, (e) => !isPod(e)),
      'pods.json',
      (text) => text.replaceAll('"dnsPolicy"', '"hostNetwork": true, "dnsPolicy"'),
    );
    expect(run(noVnic, host).findings).toEqual([]);
  });

  it('an endpoint with another NAT exception than the CNI drifts, at the line of the prefix', () => {
    const broken = edit(without(l2, 'hnsdiag.txt'), 'endpoint.txt', (text) =>
      text.replace('"10.96.0.0/12"', '"10.97.0.0/16"'),
    );
    const { findings } = run(drift, broken);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.summary).toContain('10.96.0.0/12 is missing');
    expect(findings[0]?.summary).toContain('10.97.0.0/16 is not configured');
    const v2 = edit(without(ovl, 'hnsdiag.txt'), 'endpoint.txt', (text) =>
      text.replace('"10.96.0.0/12"', '"10.97.0.0/16"'),
    );
    expect(run(drift, v2).findings).toHaveLength(1);
  });

  it('an exception that a wider one holds is not missing: plugins drop the inner of two', () => {
    const nested = edit(l2, 'cni/config/cni.conf', (text) =>
      text.replace('"10.244.0.0/16"', '"10.244.0.0/16", "10.244.19.0/24"'),
    );
    expect(run(drift, nested).findings).toEqual([]);
  });

  it('endpoints on another network than the CNI names drift', () => {
    const renamed = edit(l2, 'cni/config/cni.conf', (text) => text.replace('"cbr0"', '"cbr1"'));
    const { findings } = run(drift, renamed);
    expect(findings[0]?.summary).toContain('its network is cbr0, not cbr1');
  });

  it('additions of flannel and another order or spelling are no drift', () => {
    const added = changeEndpoints(l2, (endpoint) => {
      for (const policy of (endpoint['Policies'] ?? []) as {
        Type: string;
        ExceptionList?: string[];
      }[]) {
        if (policy.ExceptionList)
          policy.ExceptionList = ['10.127.130.38/32', ...policy.ExceptionList.reverse()];
      }
    });
    expect(run(drift, added).findings).toEqual([]);
  });

  it.each([
    ['l2bridge', l2, '10.244.19.1', '10.244.19.2'],
    ['overlay', ovl1, '10.244.3.2', '10.244.3.1'],
  ] as const)(
    'a gateway against the convention of %s is reported at its line',
    (_mode, bundle, wrong, right) => {
      const broken = changeEndpoints(bundle, (endpoint) => {
        if (isPod(endpoint)) endpoint['GatewayAddress'] = wrong;
      });
      const { findings } = run(gateway, broken);
      expect(findings).toHaveLength(1);
      expect(findings[0]?.summary).toContain(right);
      expect(cited(broken, findings[0])).toContain(`"GatewayAddress": "${wrong}"`);
    },
  );

  it('V2 gateways are default routes', () => {
    const broken = edit(without(l2v2, 'hnsdiag.txt'), 'endpoint.txt', (text) =>
      text.replace(/("NextHop":\s+)"10\.244\.19\.2"/g, '$1"10.244.19.1"'),
    );
    expect(run(gateway, broken).findings).toHaveLength(1);
  });

  it('pods must ask the cluster DNS; those with dnsPolicy Default need not', () => {
    const wrong = edit(without(l2, 'hnsdiag.txt'), 'endpoint.txt', (text) =>
      text
        .replaceAll('"10.96.0.10"', '"10.96.0.11"')
        .replace(/"IPAddress": {2}"10\.96\.0\.11"/g, '"IPAddress":  "10.96.0.10"'),
    );
    const { findings } = run(dns, wrong);
    expect(findings).toHaveLength(1);
    expect(cited(wrong, findings[0])).toContain('"DNSServerList":  "10.96.0.11"');
    const excused = edit(wrong, 'pods.json', (text) =>
      text.replaceAll('"ClusterFirst"', '"Default"'),
    );
    expect(run(dns, excused).findings).toEqual([]);
    const second = changeEndpoints(l2, (e) => {
      if (isPod(e)) e['DNSServerList'] = '10.96.0.10,168.63.129.16';
    });
    expect(run(dns, second).findings).toEqual([]);
  });

  it('what the kubelet hands out is cluster DNS too, and stands in for services that were not collected', () => {
    const nodeLocal = edit(
      changeEndpoints(l2, (e) => {
        if (isPod(e)) e['DNSServerList'] = '169.254.20.10';
      }),
      'kubelet.log',
      (text) => text.replace('--cluster-dns="[10.96.0.10]"', '--cluster-dns="[169.254.20.10]"'),
    );
    expect(run(dns, nodeLocal).findings).toEqual([]);
    const wrong = changeEndpoints(without(l2, 'services.json'), (e) => {
      if (isPod(e)) e['DNSServerList'] = '10.96.0.11';
    });
    const { findings } = run(dns, wrong);
    expect(cited(wrong, findings[0])).toContain('--cluster-dns="[10.96.0.10]"');
  });

  it('a foreign suffix is a warning', () => {
    const broken = changeEndpoints(l2, (e) => {
      if (isPod(e)) e['DNSSuffix'] = 'corp.example';
    });
    expect(run(dns, broken).findings[0]).toMatchObject({ severity: 'warning' });
  });

  it('the bridge endpoint must exist, be at .2 and be on the host', () => {
    expect(
      run(
        bridge,
        keepEndpoints(l2, (e) => e['Name'] !== 'cbr0_ep'),
      ).findings[0]?.title,
    ).toContain('missing');
    const moved = changeEndpoints(l2, (e) => {
      if (e['Name'] === 'cbr0_ep') e['IPAddress'] = '10.244.19.3';
    });
    expect(run(bridge, moved).findings[0]?.title).toContain('10.244.19.3');
    const off = edit(l2, 'ip.txt', (text) =>
      text.replace('10.244.19.2(Preferred)', '169.254.1.2(Preferred)'),
    );
    expect(run(bridge, off).findings[0]?.title).toContain('not attached');
    expect(run(bridge, ovl).check.because).toBe('does-not-apply');
  });

  it.each([
    ['V1', l2],
    ['V2', ovl],
  ] as const)(
    'a load balancer that names a dead endpoint is found at the line of its id (%s)',
    (_schema, bundle) => {
      let removed: string | undefined;
      const broken = keepEndpoints(bundle, (endpoint) => {
        const backend = JSON.stringify(endpoint).match(/10\.244\.(17\.50|2\.50)"/) !== null;
        if (backend && removed === undefined) {
          removed = String(endpoint['ID'] ?? endpoint['Id']).toLowerCase();
          return false;
        }
        return true;
      });
      expect(removed).toBeDefined();
      const { findings } = run(orphan, broken);
      expect(findings).toHaveLength(1);
      expect(findings[0]?.title).toContain('10.102.220.146:80/TCP');
      expect(cited(broken, findings[0]).toLowerCase()).toContain(removed ?? '?');
    },
  );

  it('ids compare without regard to letter case', () => {
    const upper = edit(without(l2, 'hnsdiag.txt'), 'policy.txt', (text) =>
      text.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, (id) => id.toUpperCase()),
    );
    expect(run(orphan, upper).check.status).toBe('passed');
  });

  it('a local and a remote endpoint with one address are twins; on two networks they are not', () => {
    const twins = changeEndpoints(l2, (e) => {
      if (e['IPAddress'] === '10.244.18.49') e['IPAddress'] = '10.244.19.29';
    });
    expect(run(dupIp, twins).findings[0]).toMatchObject({
      severity: 'error',
      title: '10.244.19.29 is both a pod of this node and a remote endpoint',
    });
    const apart = changeEndpoints(l2, (e) => {
      if (e['IPAddress'] === '10.244.18.49')
        Object.assign(e, {
          IPAddress: '10.244.19.29',
          VirtualNetwork: '11111111-2222-3333-4444-555555555555',
          VirtualNetworkName: 'nat',
        });
    });
    expect(run(dupIp, apart).findings).toEqual([]);
  });

  it('IPv6 twins are found in any spelling', () => {
    let n = 0;
    const twins = changeEndpoints(ovl, (e) => {
      n += 1;
      if (n <= 2)
        e['IpConfigurations'] = [
          { IpAddress: n === 1 ? 'fd00::5' : 'FD00:0:0:0:0:0:0:5', PrefixLength: 64 },
        ];
    });
    expect(run(dupIp, twins).findings).toHaveLength(1);
  });

  it('overlay endpoints need 50 bytes of room', () => {
    const broken = changeEndpoints(ovl1, (e) => {
      if (isPod(e)) e['EncapOverhead'] = 0;
    });
    const { findings } = run(encapOverhead, broken);
    expect(findings).toHaveLength(1);
    expect(cited(broken, findings[0])).toContain('"EncapOverhead": 0');
  });

  it.each([4, 5, 6])('state %i of a pod endpoint is a fault', (value) => {
    const broken = changeEndpoints(l2, (e) => {
      if (e['IPAddress'] === '10.244.19.30') e['State'] = value;
    });
    const { findings } = run(state, broken);
    expect(findings).toHaveLength(1);
    expect(cited(broken, findings[0])).toContain(`"State": ${value}`);
  });

  it('many endpoints in one state are one finding that names all of them', () => {
    const broken = changeEndpoints(l2, (e) => {
      if (isPod(e)) e['State'] = 5;
    });
    const { findings } = run(state, broken);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.title).toBe('3 pods have no working network: their endpoints are degraded');
    expect(findings[0]?.entities.filter(({ kind }) => kind === 'endpoint')).toHaveLength(3);
    expect(cited(broken, findings[0]).match(/"State": 5/g)).toHaveLength(3);
  });

  it('state 2 is a fault beside siblings at 3, and normal when all pods have it', () => {
    const one = changeEndpoints(l2, (e) => {
      if (e['IPAddress'] === '10.244.19.30') e['State'] = 2;
    });
    expect(run(state, one).findings).toHaveLength(1);
    const all = changeEndpoints(l2, (e) => {
      if (isPod(e)) e['State'] = 2;
    });
    expect(run(state, all).findings).toEqual([]);
  });
});
