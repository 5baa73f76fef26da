import { cidrText, parseCidr, parseIp, ipText } from '../../model/ip';
import { cniConfigRef, nodeRef } from '../../snapshot/entity-ref';
import { argument } from '../commands';
import { REF } from '../references';
import type { Rule } from '../rule';
import { fired, notChecked, passed } from '../rule';
import { wholeConfig, firstLine, hostCidr, unreadable } from './active-config';
import { repairConfig } from './repair';

export const rule: Rule = {
  meta: {
    id: 'CNI-ROUTE-HOST',
    step: 5,
    symptom: 'services',
    severity: 'error',
    title: 'Pods have a route to their own node',
    description:
      'On host-gw the configuration needs a ROUTE policy with NeedEncap for the management address of this very node, as a /32.',
    impact: 'Pods do not reach their own node, and node ports fail from it.',
    needs: ['cniConfig', ['networks', 'nodes', 'compartments', 'routes']],
    modes: ['l2bridge'],
    cnis: ['flannel-host-gw', 'win-bridge', 'sdnbridge'],
    falsePositives: 'Calico adds the route for each endpoint itself and is not checked.',
    references: [REF.article, REF.commonProblems],
    explains: ['SVC-VFP-NODEPORT'],
  },
  check({ snapshot }) {
    const active = wholeConfig(snapshot);
    if (!active) return unreadable();
    const own = snapshot.addresses.managementIp;
    const wanted = own && hostCidr(own.value);
    if (!own || !wanted)
      return notChecked(
        'The management address of the node is not known',
        'networks',
        'compartments',
      );
    const hosts = active.policies.flatMap((p) => {
      const cidr = p.policy.kind === 'route' ? parseCidr(p.policy.destinationPrefix) : undefined;
      return cidr && cidr.length === (cidr.family === 4 ? 32 : 128)
        ? [{ cidr, evidence: p.evidence }]
        : [];
    });
    const right = hosts.find(
      ({ cidr }) => cidr.family === wanted.family && cidr.base === wanted.base,
    );
    if (right) return passed(`A route policy names the node’s own address, ${own.value}`);
    const stale = hosts.filter(({ cidr }) => cidr.family === wanted.family);
    const [first] = stale;
    const address = first && ipText({ family: first.cidr.family, value: first.cidr.base });
    const other = snapshot.cluster.nodes.find((n) =>
      n.internalIps.some((ip) => sameIp(ip, address)),
    );
    return fired({
      title: first
        ? `Pods do not reach their own node: the route in the CNI configuration is for ${address ?? ''}`
        : 'Pods do not reach their own node: the CNI configuration has no route to it',
      summary: first
        ? `The /32 route policy names ${cidrText(first.cidr)}${other ? ` (${other.name})` : ''}; this node is ${own.value}.`
        : `No route policy for ${own.value}/32, the address of this node.`,
      cause: first
        ? 'The configuration was copied from another node, or the node got a new address.'
        : 'The policy was left out when the configuration was written.',
      remedy: repairConfig(
        active,
        `Set the DestinationPrefix of the host route to "${own.value}/32" (NeedEncap true).`,
        {
          kind: 'command',
          command: `Test-NetConnection ${argument(own.value)}`,
          shows: 'succeeds inside of a new pod',
        },
      ),
      entities: [cniConfigRef(active.config), ...(other ? [nodeRef(other)] : [])],
      evidence: [
        first?.evidence ?? active.policies.at(-1)?.evidence ?? firstLine(active.config),
        ...own.evidence.slice(0, 1),
      ],
    });
  },
};

function sameIp(a: string, b: string | undefined): boolean {
  const x = parseIp(a);
  const y = b === undefined ? undefined : parseIp(b);
  return x !== undefined && y !== undefined && x.family === y.family && x.value === y.value;
}
