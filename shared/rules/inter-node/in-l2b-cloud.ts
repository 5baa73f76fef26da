import { firedOrPassed, type FindingDraft, type Rule } from '../rule';

/** Scheme of a node's providerID, by the cloud's name. */
const CLOUDS: ReadonlyMap<string, { readonly name: string; readonly remedy: string }> = new Map([
  [
    'azure',
    {
      name: 'Azure',
      remedy:
        'Add a user-defined route per node: its pod subnet with next hop type "Virtual appliance" and the address of the node; allow IP forwarding on the NICs.',
    },
  ],
  [
    'aws',
    {
      name: 'AWS',
      remedy:
        'Add the pod subnet of each node to the VPC route table with the instance as target, and turn the source/destination check off.',
    },
  ],
  [
    'gce',
    {
      name: 'Google Cloud',
      remedy:
        'Add a route per node for its pod subnet with the instance as next hop, and allow IP forwarding.',
    },
  ],
]);

export const rule: Rule = {
  meta: {
    id: 'IN-L2B-CLOUD',
    step: 7,
    symptom: 'inter-node',
    severity: 'warning',
    title: 'host-gw does not depend on routes of a cloud',
    description:
      "In a public cloud the fabric routes between machines and drops addresses that it does not know. With host-gw it must be told every node's pod subnet; those routes are in no file of the node.",
    impact: 'Pods do not reach pods of other nodes although all routes of the nodes are right.',
    needs: ['nodes'],
    modes: ['l2bridge'],
    cnis: ['flannel-host-gw', 'win-bridge', 'sdnbridge'],
    falsePositives:
      'The routes of the cloud may well be there; as long as no test shows that remote pods are out of reach this is for information.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
      'https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview',
    ],
    explains: ['CT-POD-POD-REMOTE', 'FLOW-POD-POD-L2B', 'SVC-DIP-REACH'],
  },
  check({ snapshot }) {
    const { nodes } = snapshot.cluster;
    const inCloud = nodes.flatMap((node) => {
      const scheme = node.providerId?.split('://')[0]?.toLowerCase() ?? '';
      const cloud = CLOUDS.get(scheme);
      return cloud === undefined ? [] : [{ node, cloud }];
    });
    const [first] = inCloud;
    const failed = snapshot.tests.find(
      (t) => t.result === 'failed' && /remote (pod|container)/i.test(t.name),
    );
    const findings: FindingDraft[] =
      first === undefined
        ? []
        : [
            {
              severity: failed === undefined ? 'info' : 'warning',
              title: `host-gw on ${first.cloud.name} needs routes in the cloud network`,
              summary: `${inCloud.length} of ${nodes.length} nodes run on ${first.cloud.name} and the pod network is host-gw${failed === undefined ? '' : '; the connectivity test to remote pods failed'}. Whether the cloud routes the pod subnets can't be seen from the node.`,
              cause: `The fabric of ${first.cloud.name} delivers only addresses that it knows. Pod addresses are not among them unless routes name them.`,
              remedy: [
                {
                  text: first.cloud.remedy,
                  verify: {
                    kind: 'observation',
                    text: 'A pod reaches the address of a pod on another node.',
                  },
                },
                {
                  text: 'Or use an overlay network (flannel vxlan), which needs no routes in the cloud.',
                  disturbs: 'All pods are made anew.',
                },
              ],
              entities: inCloud
                .slice(0, 5)
                .map(({ node }) => ({ kind: 'node', id: node.name, name: node.name })),
              evidence: [...(failed?.evidence ?? []), ...first.node.evidence.slice(0, 1)],
            },
          ];
    return firedOrPassed(findings, `None of ${nodes.length} nodes names a public cloud`);
  },
};
