import { cidrText } from '../../model/ip';
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
  STATIC_CNIS,
  unreadable,
} from './active-config';
import { podRanges } from './cluster-ranges';
import { repairConfig } from './repair';

export const rule: Rule = {
  meta: {
    id: 'CNI-EXC-POD',
    step: 5,
    symptom: 'outbound',
    severity: 'error',
    title: 'Traffic between pods is exempt from NAT',
    description:
      'Compares the exceptions of OutBoundNAT with the pod subnets of all nodes, with the network of flannel and with the pod subnet of this node in HNS. Each must be covered.',
    impact:
      'Packets to pods elsewhere leave with the address of the node: replies, network policies and anything that looks at the client address break.',
    needs: ['cniConfig', ['nodes', 'netConf', 'networks']],
    modes: ['l2bridge', 'overlay'],
    cnis: STATIC_CNIS,
    falsePositives: 'Calico and azure-vnet add ranges of their own and are not checked here.',
    references: [REF.article, REF.commonProblems],
    explains: ['OUT-EXC-3WAY'],
  },
  check({ snapshot }) {
    const active = wholeConfig(snapshot);
    if (!active) return unreadable();
    if (outboundNats(active.policies).length === 0)
      return doesNotApply('The CNI configuration has no OutBoundNAT');
    const ranges = podRanges(snapshot);
    if (ranges.length === 0) return notChecked('No pod subnet is known', 'nodes', 'networks');
    const missing = ranges.filter(({ cidr }) => !isExcepted(active, cidr));
    if (missing.length === 0)
      return passed(`All ${ranges.length} pod subnets known are covered by the exceptions`);
    const texts = [...new Set(missing.map(({ cidr }) => cidrText(cidr)))];
    return fired({
      title: `Packets to pods in ${texts.slice(0, 3).join(', ')}${texts.length > 3 ? ' and more' : ''} are translated as if they left the cluster`,
      summary: `${exceptionsField(active)} does not cover ${missing
        .slice(0, 4)
        .map((r) => `${cidrText(r.cidr)} (${r.what})`)
        .join(', ')}.`,
      cause:
        'The exceptions were written for another cluster CIDR, or the pod network was forgotten.',
      remedy: repairConfig(
        active,
        `Add the pod network of the whole cluster${snapshot.cluster.netConfs[0]?.network ? ` ("${snapshot.cluster.netConfs[0].network.value}")` : ''} to ${exceptionsField(active)}.`,
        {
          kind: 'observation',
          text: 'A connection from a pod of this node to a pod elsewhere arrives with the address of the pod',
        },
      ),
      entities: [cniConfigRef(active.config)],
      evidence: [
        placeOfExceptions(active),
        ...missing.flatMap((r) => r.evidence.slice(0, 1)).slice(0, 5),
      ],
    });
  },
};
