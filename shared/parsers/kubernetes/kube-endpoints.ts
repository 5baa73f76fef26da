import { canonicalIp } from '../../model/ip';
import type { KubeEndpoints } from '../../model/kubernetes';
import type { JsonValue } from '../json-tree';
import { booleanOf, itemsOf, member, numberOf, textOf } from '../json-tree';
import { metaOf, path } from './kube-fields';

type Address = KubeEndpoints['addresses'][number];
type Port = KubeEndpoints['ports'][number];

/**
 * An EndpointSlice (discovery.k8s.io/v1). Its service is the label `kubernetes.io/service-name`.
 * An absent `ready` means ready, as the API defines it.
 */
export function endpointSliceOf(value: JsonValue, file: string): KubeEndpoints {
  const { name, namespace, evidence } = metaOf(value, file);
  const service = textOf(path(value, 'metadata', 'labels', 'kubernetes.io/service-name'));
  const owner = textOf(member(itemsOf(path(value, 'metadata', 'ownerReferences'))[0], 'name'));
  return {
    service: service ?? owner ?? name,
    namespace,
    addresses: itemsOf(member(value, 'endpoints')).flatMap((endpoint) =>
      itemsOf(member(endpoint, 'addresses')).flatMap((address) =>
        addressOf(address, endpoint, booleanOf(path(endpoint, 'conditions', 'ready')) ?? true),
      ),
    ),
    ports: itemsOf(member(value, 'ports')).flatMap((port) => portOf(port)),
    evidence: [evidence],
  };
}

/** An Endpoints object (core/v1): its name is the service's. */
export function endpointsOf(value: JsonValue, file: string): KubeEndpoints {
  const { name, namespace, evidence } = metaOf(value, file);
  const subsets = itemsOf(member(value, 'subsets'));
  const of = (subset: JsonValue, key: string, ready: boolean): Address[] =>
    itemsOf(member(subset, key)).flatMap((entry) => addressOf(member(entry, 'ip'), entry, ready));
  return {
    service: name,
    namespace,
    addresses: subsets.flatMap((subset) => [
      ...of(subset, 'addresses', true),
      ...of(subset, 'notReadyAddresses', false),
    ]),
    ports: subsets.flatMap((subset) => itemsOf(member(subset, 'ports')).flatMap((p) => portOf(p))),
    evidence: [evidence],
  };
}

function addressOf(address: JsonValue | undefined, holder: JsonValue, ready: boolean): Address[] {
  const ip = canonicalIp(textOf(address) ?? '');
  if (ip === undefined) return [];
  return [
    {
      ip,
      ready,
      node: textOf(member(holder, 'nodeName')),
      pod: textOf(path(holder, 'targetRef', 'name')),
    },
  ];
}

function portOf(port: JsonValue): Port[] {
  const number = numberOf(member(port, 'port'));
  if (number === undefined) return [];
  const protocol = textOf(member(port, 'protocol')) ?? 'TCP';
  return [{ name: textOf(member(port, 'name')), protocol, port: number }];
}
