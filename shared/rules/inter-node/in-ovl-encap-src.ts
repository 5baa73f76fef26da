import { networkRef, vfpRuleRef } from '../../snapshot/entity-ref';
import { firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';
import { SEED } from '../vfp/remedies';
import { podNetworkOf } from './peers';

export const rule: Rule = {
  meta: {
    id: 'IN-OVL-ENCAP-SRC',
    step: 7,
    symptom: 'inter-node',
    severity: 'error',
    title: 'VXLAN packets are sent with the address of this node',
    description:
      'The encapsulation rules of VFP name the source address of the VXLAN packets. It must be the address of the node that the other nodes know.',
    impact:
      'Other nodes get packets from an address that is not this node, and send replies there.',
    needs: ['vfp', ['networks', 'compartments', 'nodes']],
    compares: ['nodes', 'networks', 'vfp'],
    modes: ['overlay'],
    falsePositives: 'A node with an overlay NIC of its own: every address of the host is accepted.',
    references: [SEED],
    explains: ['CT-POD-POD-REMOTE', 'FLOW-POD-POD-OVL', 'CT-REMOTE-NODEPORT', 'DNS-BOTH-BAD'],
  },
  check({ snapshot }) {
    const own = snapshot.addresses.managementIp;
    if (!own) return notChecked('The address of this node is not known', 'networks');
    const accepted = new Set([own.value]);
    for (const { id, adapters } of snapshot.compartments) {
      if (id !== 1) continue;
      for (const { ipv4, ipv6 } of adapters)
        for (const { address } of [...ipv4, ...ipv6]) accepted.add(address);
    }
    const sources = new Map<string, { file: string; bodyId: number; rules: number }>();
    for (const dump of snapshot.vfp) {
      for (let bodyId = 0; bodyId < dump.bodyCount; bodyId += 1) {
        const source = dump.body(bodyId).encapSource;
        if (source === undefined) continue;
        const rules = dump.rulesOfBody(bodyId).length;
        const seen = sources.get(source);
        if (seen) seen.rules += rules;
        else sources.set(source, { file: dump.file, bodyId, rules });
      }
    }
    if (sources.size === 0) return notChecked('The dump shows no encapsulation rule', 'vfp');
    const network = podNetworkOf(snapshot);
    const findings = [...sources].flatMap(([source, { file, bodyId, rules }]): FindingDraft[] => {
      const dump = snapshot.vfp.find((d) => d.file === file);
      const index = dump?.rulesOfBody(bodyId)[0];
      if (accepted.has(source) || !dump || index === undefined) return [];
      return [
        {
          title: `VXLAN packets leave with the address ${source}, which this node does not have`,
          summary: `${rules} encapsulation rules name ${source} as Encap Source IP; this node is ${own.value}.`,
          cause:
            'The address of the node changed after the overlay network was made, and the rules keep the old one.',
          remedy: [
            {
              text: 'Drain the node, remove its overlay network and let flannel make it again.',
              command:
                'kubectl drain <node> --ignore-daemonsets; Get-HnsNetwork | ? Type -eq overlay | Remove-HnsNetwork; Restart-Service flanneld; Restart-Service kubeproxy',
              disturbs: 'Networking of all pods of the node.',
              verify: {
                kind: 'observation',
                text: `The rules of VNET_ENCAP_LAYER print Encap Source IP : ${own.value}`,
              },
            },
          ],
          entities: [
            vfpRuleRef(file, index, dump.body(bodyId).name),
            ...(network ? [networkRef(network)] : []),
          ],
          evidence: [dump.rule(index).evidence, ...own.evidence.slice(0, 1)],
        },
      ];
    });
    const rules = [...sources.values()].reduce((sum, source) => sum + source.rules, 0);
    return firedOrPassed(
      findings,
      `All ${rules} encapsulation rules send from ${[...sources.keys()].join(', ')}`,
    );
  },
};
