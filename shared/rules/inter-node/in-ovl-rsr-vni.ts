import { networkRef } from '../../snapshot/entity-ref';
import { firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';
import { counted, type Known } from './peers';
import { isSubnets, remoteSubnets } from './remote-subnet-check';

export const rule: Rule = {
  meta: {
    id: 'IN-OVL-RSR-VNI',
    step: 7,
    symptom: 'inter-node',
    severity: 'error',
    title: 'All nodes use one VXLAN id',
    description:
      "The IsolationId of each RemoteSubnetRoute must equal the VXLAN id of the peer: the VSID of its HNS network, or the VNI that flannel notes for it; else this node's own VSID and the VNI of net-conf.json.",
    impact: 'Frames arrive for a virtual subnet that the peer does not have, and are dropped.',
    needs: ['networks'],
    modes: ['overlay'],
    falsePositives: 'None known.',
    references: [
      'https://github.com/flannel-io/flannel/blob/master/Documentation/backends.md#vxlan',
      'https://www.rfc-editor.org/rfc/rfc7348',
    ],
    explains: [
      'IN-OVL-VFP-DRIFT',
      'CT-POD-POD-REMOTE',
      'FLOW-POD-POD-OVL',
      'SVC-DIP-REACH',
      'DNS-BOTH-BAD',
    ],
  },
  check(context) {
    const subnets = remoteSubnets(context);
    if (!isSubnets(subnets)) return subnets;
    const { snapshot } = context;
    const conf = snapshot.cluster.netConfs.find((c) => c.vni !== undefined)?.vni;
    const judged = subnets.flatMap((subnet) => {
      const route = subnet.routes.find((r) => r.isolationId !== undefined);
      const own = subnet.network.subnets.find((s) => s.vsid !== undefined)?.vsid;
      const wanted: (Known<number> & { what: string }) | undefined =
        subnet.peer.vni !== undefined
          ? { ...subnet.peer.vni, what: `${subnet.peer.name} uses` }
          : own !== undefined
            ? {
                value: own,
                evidence: subnet.network.evidence.slice(0, 1),
                what: 'this network uses',
              }
            : conf !== undefined
              ? { value: conf.value, evidence: [conf.evidence], what: 'net-conf.json asks for' }
              : undefined;
      return route?.isolationId === undefined || wanted === undefined
        ? []
        : [{ ...subnet, route, used: route.isolationId, wanted }];
    });
    if (judged.length === 0)
      return notChecked('No VXLAN id is known to compare with', 'nodes', 'netConf');
    const findings = judged
      .filter(({ used, wanted }) => used !== wanted.value)
      .map(({ peer, prefix, network, route, used, wanted }): FindingDraft => ({
        title: `VXLAN ids differ between this node and ${peer.name}`,
        summary: `The RemoteSubnetRoute for ${prefix} uses id ${used}; ${wanted.what} ${wanted.value}.`,
        cause:
          'flannel was given different VNIs on the nodes, or the network of one node is older than the present configuration. Windows needs 4096 or more.',
        remedy: [
          {
            text: 'Set one VNI (4096) in the flannel configuration of all nodes, and restart flannel everywhere.',
            command: 'kubectl -n kube-flannel edit configmap kube-flannel-cfg',
            disturbs:
              'Traffic between nodes while they differ; nodes whose network has another VSID need it made anew.',
            verify: {
              kind: 'observation',
              text: 'All RemoteSubnetRoutes and VSIDs name the same id.',
            },
          },
        ],
        entities: [peer.entity, networkRef(network)],
        evidence: [...route.evidence, ...wanted.evidence.slice(0, 1)],
      }));
    return firedOrPassed(
      findings,
      `The VXLAN id agrees for ${counted(judged.length, subnets.length)}`,
    );
  },
};
