import { cniConfigRef } from '../../snapshot/entity-ref';
import { REF } from '../references';
import type { Rule } from '../rule';
import { doesNotApply, fired, passed } from '../rule';
import { wholeConfig, firstLine, outboundNats, STATIC_CNIS, unreadable } from './active-config';
import { repairConfig } from './repair';

export const rule: Rule = {
  meta: {
    id: 'CNI-NAT-MISSING',
    step: 5,
    symptom: 'outbound',
    severity: 'error',
    title: 'The CNI configuration gives pods outbound NAT',
    description:
      'On l2bridge and overlay networks the configuration must carry an OutBoundNAT policy, or ipMasq, so that pods leave the cluster with the address of the node.',
    impact: 'Pods reach each other and services, but nothing outside the cluster answers them.',
    needs: ['cniConfig'],
    modes: ['l2bridge', 'overlay'],
    cnis: STATIC_CNIS,
    falsePositives:
      'Where the network outside routes pod addresses no NAT is needed. azure-vnet and Calico decide by themselves and are not checked.',
    references: [REF.article, REF.windowsPlugins, REF.commonProblems],
    explains: ['OUT-NAT-EP', 'OUT-NAT-VFP', 'CT-POD-INTERNET', 'DNS-EXTERNAL-ONLY'],
  },
  check({ snapshot }) {
    const active = wholeConfig(snapshot);
    if (!active) return unreadable();
    if (active.endpointPlugin === 'nat')
      return doesNotApply('The configuration in use is that of a nat network');
    const nats = outboundNats(active.policies);
    if (nats.length > 0) return passed(`OutBoundNAT with ${active.exceptions.length} exceptions`);
    const masq = active.config.plugins.find((p) => p.ipMasq?.value === true);
    if (masq) return passed('ipMasq is on: the plugin adds OutBoundNAT itself');
    const off = active.config.plugins.find((p) => p.ipMasq !== undefined)?.ipMasq;
    const place =
      active.policies[0]?.evidence ??
      active.plugin.delegateType?.evidence ??
      firstLine(active.config);
    return fired({
      title:
        'Pods cannot reach anything outside the cluster: the CNI configuration has no OutBoundNAT',
      summary: `${active.policies.length} policies in the configuration, none of them OutBoundNAT${off ? '; ipMasq is false' : ', and no ipMasq'}.`,
      cause:
        'The policy was left out or removed. Without it packets leave with the address of the pod, which no router outside knows.',
      remedy: repairConfig(
        active,
        'Add an EndpointPolicy of type OutBoundNAT whose exceptions are the pod, service and (on host-gw) node subnets.',
        {
          kind: 'observation',
          text: 'Invoke-WebRequest from inside a new pod to an address outside answers',
        },
      ),
      entities: [cniConfigRef(active.config)],
      evidence: [place, ...(off ? [off.evidence] : [])],
    });
  },
};
