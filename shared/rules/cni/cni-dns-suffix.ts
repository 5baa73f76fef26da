import { cniConfigRef } from '../../snapshot/entity-ref';
import { REF } from '../references';
import type { Rule } from '../rule';
import { doesNotApply, fired, notChecked, passed } from '../rule';
import { kubeletDomain } from '../dns-service';
import { wholeConfig, firstLine, STATIC_CNIS, unreadable } from './active-config';
import { repairConfig } from './repair';

export const rule: Rule = {
  meta: {
    id: 'CNI-DNS-SUFFIX',
    step: 5,
    symptom: 'dns',
    severity: 'warning',
    title: 'Pods search the services of the cluster',
    description:
      'The search list of the CNI configuration must hold an entry that ends in svc.<cluster domain>, or end in the cluster domain itself.',
    impact: 'Short names of services do not resolve in pods; full names do.',
    needs: ['cniConfig'],
    falsePositives:
      'With the dns capability the kubelet gives each pod its search list and the static one does not count.',
    references: [REF.article, REF.sdnPlugins],
    explains: ['DNS-NIC-SUFFIX'],
  },
  check({ snapshot }) {
    const active = wholeConfig(snapshot);
    if (!active) return unreadable();
    if (active.endpointPlugin === 'nat')
      return doesNotApply('The configuration in use is that of a nat network');
    if (active.config.plugins.some((p) => p.dnsCapability))
      return passed('The dns capability is on: the kubelet gives each pod its search list');
    const search = active.config.plugins.flatMap((p) => p.dnsSearch);
    const told = kubeletDomain(snapshot);
    const domain = told?.value ?? 'cluster.local';
    const plain = search.map(({ value }) => value.toLowerCase().replace(/\.$/, ''));
    const service = `svc.${domain.toLowerCase()}`;
    if (
      plain.some((s) => s === service || s.endsWith(`.${service}`)) ||
      plain.at(-1) === domain.toLowerCase()
    ) {
      return passed(`The search list holds ${service}`);
    }
    // Without kubelet's flag another domain may be right.
    if (!told && plain.some((s) => /(?:^|\.)svc\.[\w-]+\.[\w.-]+$/.test(s))) {
      return notChecked('The cluster domain is not known', 'kubeletLog');
    }
    if (search.length === 0 && !(STATIC_CNIS as readonly string[]).includes(snapshot.mode.cni)) {
      return doesNotApply(`${active.endpointPlugin} gets the search list elsewhere`);
    }
    return fired({
      title: 'Short names of services do not resolve in pods: the search list is wrong',
      summary:
        search.length === 0
          ? `dns.Search is empty; it should hold ${service}.`
          : `dns.Search holds ${search.map(({ value }) => `"${value}"`).join(', ')}, and none of it ends in ${service}.`,
      cause:
        'The entry was left out or mistyped, or the cluster has another domain than the configuration was written for.',
      remedy: repairConfig(active, `Set dns.Search to ["${service}"].`, {
        kind: 'command',
        command: 'Resolve-DnsName kubernetes.default',
        shows: 'answers inside of a new pod',
      }),
      entities: [cniConfigRef(active.config)],
      evidence: [search[0]?.evidence ?? firstLine(active.config), ...(told ? [told.evidence] : [])],
    });
  },
};
