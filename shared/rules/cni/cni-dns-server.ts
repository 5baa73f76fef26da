import { canonicalIp } from '../../model/ip';
import { cniConfigRef, serviceRef } from '../../snapshot/entity-ref';
import { REF } from '../references';
import type { Rule } from '../rule';
import { doesNotApply, fired, notChecked, passed } from '../rule';
import { kubeletDns } from '../dns-service';
import { wholeConfig, firstLine, STATIC_CNIS, unreadable } from './active-config';
import { dnsService } from './cluster-ranges';
import { repairConfig } from './repair';

/** Address that node-local DNS caches listen on. */
const NODE_LOCAL = /^169\.254\./;

export const rule: Rule = {
  meta: {
    id: 'CNI-DNS-SERVER',
    step: 5,
    symptom: 'dns',
    severity: 'error',
    title: 'Pods get the cluster’s DNS server',
    description:
      'The first DNS server of the CNI configuration must be the cluster IP of kube-dns (or, where that is not known, what kubelet has as --cluster-dns).',
    impact: 'Pods ask a server that does not answer, or that does not know the names of services.',
    needs: ['cniConfig', ['kubeServices', 'kubeletLog']],
    falsePositives:
      'With the dns capability the kubelet gives each pod its servers and the static ones do not count. A node-local cache is taken as right.',
    references: [REF.article, REF.commonProblems, REF.windowsPlugins],
    explains: ['HNS-EP-DNS', 'DNS-NIC-SERVER'],
  },
  check({ snapshot }) {
    const active = wholeConfig(snapshot);
    if (!active) return unreadable();
    if (active.endpointPlugin === 'nat')
      return doesNotApply('The configuration in use is that of a nat network');
    if (active.config.plugins.some((p) => p.dnsCapability))
      return passed('The dns capability is on: the kubelet gives each pod its servers');
    const servers = active.config.plugins.flatMap((p) => p.dnsServers);
    const service = dnsService(snapshot);
    const kubelet = kubeletDns(snapshot);
    const right =
      service && service.clusterIps.length > 0 ? service.clusterIps : (kubelet?.ips ?? []);
    const source =
      service && service.clusterIps.length > 0
        ? `service ${service.name}`
        : 'kubelet’s --cluster-dns';
    if (right.length === 0)
      return notChecked(
        'The address of the cluster’s DNS service is not known',
        'kubeServices',
        'kubeletLog',
      );
    const [first] = servers;
    if (first) {
      const ip = canonicalIp(first.value);
      if (ip !== undefined && (right.includes(ip) || NODE_LOCAL.test(ip)))
        return passed(`The first DNS server is ${ip} (${source})`);
    } else if (!(STATIC_CNIS as readonly string[]).includes(snapshot.mode.cni)) {
      return doesNotApply(`${active.endpointPlugin} gets the servers elsewhere`);
    }
    const known = service?.evidence.slice(0, 1) ?? (kubelet ? [kubelet.evidence] : []);
    return fired({
      title: first
        ? `Names do not resolve in pods: their DNS server is ${first.value}, not ${right[0] ?? ''}`
        : 'Names do not resolve in pods: the CNI configuration gives them no DNS server',
      summary: first
        ? `The first of ${servers.length} servers is ${first.value}; the cluster’s DNS is ${right.join(', ')} (${source}).`
        : `dns.Nameservers is empty and the dns capability is off; the cluster’s DNS is ${right.join(', ')} (${source}).`,
      cause:
        'The configuration was written for another service CIDR, or the DNS service was made anew with another address.',
      remedy: repairConfig(
        active,
        `Set the first entry of dns.Nameservers to "${right[0] ?? ''}".`,
        {
          kind: 'command',
          command: 'Resolve-DnsName kubernetes.default.svc.cluster.local',
          shows: 'answers inside of a new pod',
        },
      ),
      entities: [cniConfigRef(active.config), ...(service ? [serviceRef(service)] : [])],
      evidence: [first?.evidence ?? firstLine(active.config), ...known],
    });
  },
};
