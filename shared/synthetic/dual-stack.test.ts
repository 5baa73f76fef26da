import { describe, expect, it } from 'vitest';
import { symptomChains } from '../chains/symptom-chains';
import { RULES } from '../rules/catalogue';
import { analyse } from '../rules/engine';
import type { BundleTexts } from './bundle';
import { caseOf, onlySnapshot } from './case-of';
import { edit, syntheticNode, without } from './synthetic-node';

/** The IPv6 twin of a pod address: 10.244.19.30 and fd00:10:244:19::30. */
const twin = (ip: string): string => {
  const [, , subnet, host] = ip.split('.');
  return `fd00:10:244:${subnet ?? ''}::${host ?? ''}`;
};

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Every object of the JSON, changed from the inside out. */
function changed(
  value: Json,
  change: (object: Readonly<Record<string, Json>>) => Readonly<Record<string, Json>>,
): Json {
  if (Array.isArray(value)) return value.map((item: Json) => changed(item, change));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, item]) => [key, changed(item, change)] as const);
  return change(Object.fromEntries(entries));
}

/** The JSON of a listing changed, the table above it kept. */
function editJson(
  bundle: BundleTexts,
  path: string,
  change: Parameters<typeof changed>[1],
): BundleTexts {
  return edit(bundle, path, (text) => {
    const at = /^[[{]/m.exec(text)?.index ?? 0;
    const json = changed(JSON.parse(text.slice(at)) as Json, change);
    return `${text.slice(0, at)}${JSON.stringify(json, null, 4)}\n`;
  });
}

const list = (value: Json | undefined): readonly Json[] =>
  Array.isArray(value) ? (value as readonly Json[]) : [];

const v6Subnet = (cidr: string): string =>
  `${twin(cidr.split('/')[0] ?? '').replace(/::0$/, '::')}/64`;

/** The cluster gives every node an IPv6 address and pod subnet beside the IPv4 ones. */
function dualStackCluster(bundle: BundleTexts): BundleTexts {
  return editJson(bundle, 'nodes.json', (o) => {
    const cidr = o['podCIDR'];
    const ip = o['type'] === 'InternalIP' ? o['address'] : undefined;
    if (typeof cidr === 'string') return { ...o, podCIDRs: [cidr, v6Subnet(cidr)] };
    const addresses = list(o['addresses']) as readonly { type?: string; address?: string }[];
    const v4 = addresses.find(({ type }) => type === 'InternalIP')?.address;
    if (ip !== undefined || v4 === undefined) return o;
    const second = { type: 'InternalIP', address: twin(v4) };
    return { ...o, addresses: [...addresses, second] as Json };
  });
}

/** The node's pods have an IPv6 address too, and the host routes to those of its peers. */
function dualStackPods(bundle: BundleTexts): BundleTexts {
  let dual = editJson(
    without(bundle, 'hnsdiag.txt', 'networkdetailed.txt'),
    'endpoint.txt',
    (o) => {
      const first = list(o['IpConfigurations'])[0] as { IpAddress?: string } | undefined;
      if (!first?.IpAddress?.startsWith('10.244.')) return o;
      const second = { IpAddress: twin(first.IpAddress), PrefixLength: 64 };
      return { ...o, IpConfigurations: [...list(o['IpConfigurations']), second] };
    },
  );
  dual = editJson(dual, 'network.txt', (o) => {
    const subnets = list(o['Subnets']) as readonly { IpAddressPrefix?: string }[];
    const prefix = subnets[0]?.IpAddressPrefix ?? '';
    if (!prefix.startsWith('10.244.')) return o;
    const router = v6Subnet(prefix).replace('/64', '1');
    const subnet = {
      IpAddressPrefix: v6Subnet(prefix),
      Routes: [{ DestinationPrefix: '::/0', NextHop: router }],
    };
    return { ...o, Subnets: [...subnets, subnet] as Json };
  });
  dual = editJson(dual, 'pods.json', (o) => {
    const ip = o['podIP'];
    if (typeof ip !== 'string' || !ip.startsWith('10.244.')) return o;
    return { ...o, podIPs: [{ ip }, { ip: twin(ip) }] };
  });
  dual = edit(dual, 'routes.txt', (text) =>
    text.replace(
      /^(\d+ +)(10\.244\.\d+\.0\/24)( +)(10\.127\.130\.\d+)( +\d+ .*)$/gm,
      (line, index: string, cidr: string, _gap: string, hop: string, rest: string) =>
        `${line}\n${index}${v6Subnet(cidr).padEnd(47)}${twin(hop).padEnd(48)}${rest.trimStart()}`,
    ),
  );
  return edit(dual, 'ip.txt', (text) =>
    text.replace(
      /^( +)IPv4 Address([ .]+): (10\.244\.[\d.]+)\(Preferred\) *$/gm,
      (line, indent: string, dots: string, ip: string) =>
        `${indent}IPv6 Address${dots}: ${twin(ip)}(Preferred) \n${line}`,
    ),
  );
}

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

describe('a dual-stack cluster', () => {
  const dual = dualStackPods(dualStackCluster(syntheticNode({ mode: 'l2bridge', schema: 2 })));

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

  it('yields no error and no warning for a healthy dual-stack node', () => {
    expect(alarms(dual)).toEqual([]);
  });

  it.each(['l2bridge', 'overlay'] as const)(
    'asks no IPv6 routes of an %s node whose pods have IPv4 only',
    (mode) => {
      expect(alarms(dualStackCluster(syntheticNode({ mode, schema: 2 })))).toEqual([]);
    },
  );

  it('finds a missing IPv6 route', () => {
    const broken = edit(dual, 'routes.txt', (t) => t.replace(/^.*fd00:10:244:18::\/64.*\n/m, ''));
    const [first] = analyse(caseOf(broken), RULES).findings;
    expect(first?.title).toBe('Pods on win-7k2fq0dm3vs (fd00:10:244:18::/64) are out of reach');
  });
});
