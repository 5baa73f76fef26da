import type { KubeService } from '../../model/kubernetes';
import type { JsonValue } from '../json-tree';
import { itemsOf, member, numberOf, textOf } from '../json-tree';
import { ipsOf, metaOf, path, placeOf } from './kube-fields';

/** A Service of the API (core/v1). The first evidence is its cluster IP. */
export function serviceOf(value: JsonValue, file: string): KubeService {
  const { name, namespace, evidence } = metaOf(value, file);
  const spec = member(value, 'spec');
  const clusterIp = member(spec, 'clusterIP');
  const ingress = itemsOf(path(value, 'status', 'loadBalancer', 'ingress'));
  return {
    name,
    namespace,
    type: textOf(member(spec, 'type')),
    clusterIps: ipsOf([clusterIp, ...itemsOf(member(spec, 'clusterIPs'))]),
    headless: textOf(clusterIp) === 'None',
    externalIps: ipsOf([
      ...itemsOf(member(spec, 'externalIPs')),
      ...ingress.map((entry) => member(entry, 'ip')),
    ]),
    ports: itemsOf(member(spec, 'ports')).flatMap((port) => {
      const number = numberOf(member(port, 'port'));
      if (number === undefined) return [];
      const nodePort = numberOf(member(port, 'nodePort'));
      return [
        {
          name: textOf(member(port, 'name')),
          protocol: textOf(member(port, 'protocol')) ?? 'TCP',
          port: number,
          targetPort: textOf(member(port, 'targetPort')),
          nodePort: nodePort === 0 ? undefined : nodePort,
        },
      ];
    }),
    externalTrafficPolicy: textOf(member(spec, 'externalTrafficPolicy')),
    internalTrafficPolicy: textOf(member(spec, 'internalTrafficPolicy')),
    sessionAffinity: textOf(member(spec, 'sessionAffinity')),
    evidence: [...(clusterIp ? [placeOf(clusterIp, file)] : []), evidence],
  };
}
