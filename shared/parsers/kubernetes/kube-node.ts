import type { KubeNode } from '../../model/kubernetes';
import type { JsonValue } from '../json-tree';
import { itemsOf, member, textOf } from '../json-tree';
import { instant } from './duration';
import { ipsOf, metaOf, path, placeOf, textMap } from './kube-fields';

/** A Node of the API (core/v1). The first evidence is the Ready condition where there is one. */
export function nodeOf(value: JsonValue, file: string): KubeNode {
  const { name, createdAt, evidence } = metaOf(value, file);
  const spec = member(value, 'spec');
  const status = member(value, 'status');
  const info = member(status, 'nodeInfo');
  const podCidrs = itemsOf(member(spec, 'podCIDRs')).flatMap((cidr) => textOf(cidr) ?? []);
  const podCidr = textOf(member(spec, 'podCIDR'));
  const ready = itemsOf(member(status, 'conditions')).find(
    (condition) => textOf(member(condition, 'type')) === 'Ready',
  );
  const readyStatus = member(ready, 'status');
  const state = textOf(readyStatus);
  return {
    name,
    internalIps: ipsOf(
      itemsOf(member(status, 'addresses'))
        .filter((address) => textOf(member(address, 'type')) === 'InternalIP')
        .map((address) => member(address, 'address')),
    ),
    podCidrs: podCidrs.length > 0 || podCidr === undefined ? podCidrs : [podCidr],
    ready: state === undefined ? undefined : state === 'True',
    readyReason: textOf(member(ready, 'message')) ?? textOf(member(ready, 'reason')),
    lastHeartbeat: instant(textOf(member(ready, 'lastHeartbeatTime'))),
    os:
      textOf(member(info, 'operatingSystem')) ??
      textOf(path(value, 'metadata', 'labels', 'kubernetes.io/os')),
    osImage: textOf(member(info, 'osImage')),
    kernelVersion: textOf(member(info, 'kernelVersion')),
    kubeletVersion: textOf(member(info, 'kubeletVersion')),
    containerRuntimeVersion: textOf(member(info, 'containerRuntimeVersion')),
    providerId: textOf(member(spec, 'providerID')),
    annotations: textMap(path(value, 'metadata', 'annotations')),
    createdAt,
    evidence: [...(readyStatus ? [placeOf(readyStatus, file)] : []), evidence],
  };
}
