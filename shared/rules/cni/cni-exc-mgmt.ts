import { cidrText, parseCidr } from '../../model/ip';
import { cniConfigRef } from '../../snapshot/entity-ref';
import { REF } from '../references';
import type { Rule } from '../rule';
import { doesNotApply, fired, notChecked, passed } from '../rule';
import {
  wholeConfig,
  exceptionsField,
  isExcepted,
  outboundNats,
  placeOfExceptions,
  unreadable,
} from './active-config';
import { repairConfig } from './repair';

export const rule: Rule = {
  meta: {
    id: 'CNI-EXC-MGMT',
    step: 5,
    symptom: 'outbound',
    severity: 'warning',
    title: 'Traffic to the subnet of the nodes is exempt from NAT',
    description:
      'On host-gw the exceptions of OutBoundNAT should cover the subnet that the nodes stand in, as ip.txt or the routes show it.',
    impact:
      'Packets from pods to nodes leave with the node’s address; probes and services that look at the client may fail.',
    needs: ['cniConfig', ['compartments', 'routes']],
    modes: ['l2bridge'],
    cnis: ['flannel-host-gw', 'win-bridge', 'sdnbridge'],
    falsePositives:
      'Some sites leave the subnet out on purpose, so that hosts of the same LAN without a route to the pods can answer.',
    references: [REF.article, REF.commonProblems, 'https://github.com/microsoft/SDN/issues/313'],
    explains: ['OUT-EXC-3WAY'],
  },
  check({ snapshot }) {
    const active = wholeConfig(snapshot);
    if (!active) return unreadable();
    if (outboundNats(active.policies).length === 0)
      return doesNotApply('The CNI configuration has no OutBoundNAT');
    const subnet = snapshot.addresses.managementSubnet;
    const cidr = subnet && parseCidr(subnet.value);
    if (!subnet || !cidr) return notChecked('The subnet of the node is not known', 'compartments');
    const text = cidrText(cidr);
    if (isExcepted(active, cidr))
      return passed(`The subnet of the node, ${text}, is covered by the exceptions`);
    return fired({
      title: `Packets from pods to the nodes’ subnet ${text} are translated`,
      summary: `${exceptionsField(active)} has no entry that covers ${text}, the subnet of this node.`,
      cause:
        'The subnet of the nodes was left out, or the configuration comes from nodes of another subnet.',
      remedy: repairConfig(active, `Add "${text}" to ${exceptionsField(active)}.`, {
        kind: 'observation',
        text: 'A connection from a pod to another node arrives with the address of the pod',
      }),
      entities: [cniConfigRef(active.config)],
      evidence: [placeOfExceptions(active), ...subnet.evidence.slice(0, 1)],
    });
  },
};
