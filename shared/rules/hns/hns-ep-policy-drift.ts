import type { Evidence } from '../../model/evidence';
import type { HnsEndpoint, HnsPolicy } from '../../model/hns';
import { cidrText, parseCidr } from '../../model/ip';
import { cniConfigRef, endpointRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { kubectlOnPod } from '../commands';
import { endpointConfig, type ActiveConfig, confName } from '../cni/active-config';
import { countOf, fieldEvidence, lineWith, someOf } from '../evidence-lines';
import { podEndpoints, podNameOf, podOf } from '../pod-endpoints';
import { coveredBy, mergedRanges, rangesOf } from '../outbound/exception-sets';
import { doesNotApply, firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';

/** Plugins that write the policies of the configuration into the endpoint and add little of their own. */
const COPYING = /^(win-(bridge|overlay)|sdn(bridge|overlay)|wincni)$/;

export const rule: Rule = {
  meta: {
    id: 'HNS-EP-POLICY-DRIFT',
    step: 6,
    symptom: 'outbound',
    severity: 'warning',
    title: 'Policies of endpoints equal the CNI configuration',
    description:
      'The CNI writes the NAT exceptions, routes and provider address of its configuration into each endpoint when the pod starts, on the network it names. They are compared as sets, V1 and V2 alike, after adding what plugins add themselves.',
    impact: 'Pods made before the last edit behave differently from new ones.',
    needs: ['endpoints', 'cniConfig'],
    falsePositives:
      "flannel adds the cluster's pod network and the host's /32 to the exceptions, Calico its IP pools; such additions do not count. A NAT without exceptions for loopback is left out.",
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
      'https://github.com/containernetworking/plugins/tree/main/plugins/main/windows',
    ],
  },
  check({ snapshot }) {
    const cni = endpointConfig(snapshot);
    if (!cni)
      return notChecked('The CNI configuration names no plugin that makes endpoints', 'cniConfig');
    if (cni.config.cut === true)
      return notChecked(
        'The CNI configuration is cut: its policies are not all known',
        'cniConfig',
      );
    const configured = cni.plugin.policies.map(({ policy }) => policy);
    const natWanted = exceptionsOf(configured);
    const routesWanted = routesOf(configured);
    if (!natWanted && routesWanted.size === 0)
      return doesNotApply('The CNI configuration sets no NAT exceptions and no routes');
    const known = podEndpoints(snapshot).filter(({ policiesKnown }) => policiesKnown);
    if (known.length === 0)
      return notChecked('No endpoint of a pod shows its policies', 'endpoints');
    const allowed = added(snapshot);
    const drifts = known.map((endpoint) => ({
      endpoint,
      differences: [
        ...differences(endpoint, cni, natWanted, routesWanted, allowed),
        ...placement(snapshot, endpoint, cni),
      ],
    }));
    const groups = new Map<string, (typeof drifts)[number][]>();
    for (const drift of drifts.filter((d) => d.differences.length > 0)) {
      const key = drift.differences.map(({ text }) => text).join('; ');
      groups.set(key, [...(groups.get(key) ?? []), drift]);
    }
    const findings = [...groups.values()].map((group) =>
      finding(
        snapshot,
        cni,
        group.map(({ endpoint }) => endpoint),
        group[0]?.differences ?? [],
        known.length,
      ),
    );
    return firedOrPassed(
      findings,
      `${known.length} of ${known.length} pod endpoints have the policies of ${confName(cni.config)}`,
    );
  },
};

interface Difference {
  readonly text: string;
  /** The value to look for in the configuration and the endpoint. */
  readonly prefix: string;
  readonly of: 'nat' | 'route' | 'network' | 'provider-address';
}

const canonical = (text: string): string => {
  const cidr = parseCidr(text);
  return cidr ? cidrText(cidr) : text.trim();
};

/** NAT exceptions of the policies that have any; undefined when no such policy is there or known. */
function exceptionsOf(policies: readonly HnsPolicy[]): Set<string> | undefined {
  const lists = policies.flatMap((policy) =>
    policy.kind === 'outbound-nat' && policy.exceptions.length > 0 && policy.exceptionsKnown
      ? [policy.exceptions]
      : [],
  );
  return lists.length === 0 ? undefined : new Set(lists.flat().map(canonical));
}

function routesOf(policies: readonly HnsPolicy[]): Set<string> {
  return new Set(
    policies.flatMap((policy) =>
      policy.kind === 'route' ? [canonical(policy.destinationPrefix)] : [],
    ),
  );
}

/** Prefixes that plugins add to what the configuration says. */
function added(snapshot: NodeSnapshot): Set<string> {
  const { addresses, cluster, subnetEnvs } = snapshot;
  const host = addresses.managementIp?.value;
  const texts = [
    host === undefined ? undefined : `${host}/${host.includes(':') ? 128 : 32}`,
    addresses.managementSubnet?.value,
    addresses.podCidr?.value,
    ...cluster.netConfs.map(({ network }) => network?.value),
    ...subnetEnvs.map(({ network }) => network?.value),
    ...cluster.nodes.flatMap(({ podCidrs }) => podCidrs),
  ];
  return new Set(texts.flatMap((text) => (text === undefined ? [] : [canonical(text)])));
}

/** Does a wider exception hold it already? Windows Server 2019 refuses nested ones, and plugins drop the inner. */
function isInside(prefix: string, exceptions: ReadonlySet<string>): boolean {
  const merged = mergedRanges(rangesOf([...exceptions]));
  const ranges = rangesOf([prefix]);
  return ranges.length > 0 && ranges.every((range) => coveredBy(range, merged));
}

function differences(
  endpoint: HnsEndpoint,
  cni: ActiveConfig,
  natWanted: ReadonlySet<string> | undefined,
  routesWanted: ReadonlySet<string>,
  allowed: ReadonlySet<string>,
): Difference[] {
  const found: Difference[] = [];
  const nat = exceptionsOf(endpoint.policies);
  const extrasCount = COPYING.test(cni.endpointPlugin) && cni.plugin.ipMasq?.value !== true;
  // An endpoint without any NAT is another rule's matter.
  if (natWanted && nat) {
    for (const prefix of natWanted) {
      if (!nat.has(prefix) && !isInside(prefix, nat))
        found.push({ text: `NAT exception ${prefix} is missing`, prefix, of: 'nat' });
    }
    for (const prefix of nat) {
      if (extrasCount && !natWanted.has(prefix) && !allowed.has(prefix)) {
        found.push({ text: `NAT exception ${prefix} is not configured`, prefix, of: 'nat' });
      }
    }
  }
  const routes = routesOf(endpoint.policies);
  for (const prefix of routesWanted) {
    if (!routes.has(prefix))
      found.push({ text: `route ${prefix} is missing`, prefix, of: 'route' });
  }
  for (const prefix of routes) {
    if (extrasCount && routesWanted.size > 0 && !routesWanted.has(prefix) && !allowed.has(prefix)) {
      found.push({ text: `route ${prefix} is not configured`, prefix, of: 'route' });
    }
  }
  return found;
}

/** The network and provider address that the configuration names, where it names them. */
function placement(snapshot: NodeSnapshot, endpoint: HnsEndpoint, cni: ActiveConfig): Difference[] {
  if (!COPYING.test(cni.endpointPlugin)) return [];
  const found: Difference[] = [];
  const wanted = cni.config.name?.value;
  const network = snapshot.links.networkOf.get(endpoint)?.name ?? endpoint.networkName;
  if (
    wanted !== undefined &&
    network !== undefined &&
    network.toLowerCase() !== wanted.toLowerCase()
  ) {
    found.push({ text: `its network is ${network}, not ${wanted}`, prefix: wanted, of: 'network' });
  }
  const address = (policies: readonly HnsPolicy[]): string | undefined =>
    policies.flatMap((p) => (p.kind === 'provider-address' ? [p.address] : []))[0];
  const pa = address(cni.plugin.policies.map(({ policy }) => policy));
  const own = address(endpoint.policies);
  if (pa !== undefined && own !== undefined && pa !== own) {
    found.push({
      text: `its provider address is ${own}, not ${pa}`,
      prefix: pa,
      of: 'provider-address',
    });
  }
  return found;
}

function finding(
  snapshot: NodeSnapshot,
  cni: ActiveConfig,
  endpoints: readonly HnsEndpoint[],
  found: readonly Difference[],
  of: number,
): FindingDraft {
  const names = endpoints.map((endpoint) => podNameOf(snapshot, endpoint));
  return {
    title: `${someOf(names, 2)} ${endpoints.length === 1 ? 'runs' : 'run'} with other network policies than the CNI configuration says`,
    summary: `${countOf(endpoints.length, 'endpoint')} of ${of}: ${someOf(found.map(({ text }) => text))} (${confName(cni.config)}).`,
    cause:
      'The pods were made before the configuration was edited, or another configuration file made them. Policies of an endpoint do not follow the file.',
    remedy: [
      {
        text: 'Decide which side is right. If the file is: make the pods anew. If the endpoints are: correct the file, else new pods will differ.',
        command: kubectlOnPod('delete', podOf(snapshot, endpoints[0])),
        disturbs: 'The pods are replaced.',
        verify: {
          kind: 'observation',
          text: 'The Policies of the new endpoint equal the CNI configuration',
        },
      },
    ],
    entities: [...endpoints.slice(0, 10).map(endpointRef), cniConfigRef(cni.config)],
    evidence: [
      ...endpoints.slice(0, 5).flatMap((endpoint) => policyLines(snapshot, endpoint, found[0])),
      ...configLines(cni, found[0]),
    ],
  };
}

function policyLines(
  snapshot: NodeSnapshot,
  endpoint: HnsEndpoint,
  about: Difference | undefined,
): Evidence[] {
  if (about?.of === 'network') return fieldEvidence(endpoint, 'network');
  const kind = about?.of === 'nat' ? 'outbound-nat' : (about?.of ?? 'outbound-nat');
  const policy = endpoint.policies.find((p) => p.kind === kind);
  if (!policy || !about) return fieldEvidence(endpoint, 'policies');
  return lineWith(snapshot, policy.evidence.slice(0, 1), about.prefix);
}

function configLines(cni: ActiveConfig, about: Difference | undefined): Evidence[] {
  if (!about) return [];
  if (about.of === 'network') return cni.config.name ? [cni.config.name.evidence] : [];
  for (const { policy, exceptions, evidence } of cni.plugin.policies) {
    const exact = exceptions.find(({ value }) => canonical(value) === about.prefix);
    if (exact) return [exact.evidence];
    if (policy.kind === 'route' && canonical(policy.destinationPrefix) === about.prefix)
      return [evidence];
  }
  const same = cni.plugin.policies.find(
    ({ policy }) => policy.kind === (about.of === 'nat' ? 'outbound-nat' : about.of),
  );
  return same ? [same.evidence] : [];
}
