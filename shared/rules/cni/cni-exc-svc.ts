import { cniConfigRef, serviceRef } from '../../snapshot/entity-ref';
import { REF } from '../references';
import type { Rule } from '../rule';
import { doesNotApply, fired, passed } from '../rule';
import {
  wholeConfig,
  exceptionsField,
  isExcepted,
  outboundNats,
  placeOfExceptions,
  unreadable,
} from './active-config';
import { clusterIps, enclosing } from './cluster-ranges';
import { repairConfig } from './repair';

export const rule: Rule = {
  meta: {
    id: 'CNI-EXC-SVC',
    step: 5,
    symptom: 'services',
    severity: 'error',
    title: 'Traffic to services is exempt from NAT',
    description:
      'Compares the exceptions of OutBoundNAT with the cluster IPs of all services: each must be covered by one.',
    impact:
      'A packet to a service is translated before the load balancer sees it: services time out from pods of this node.',
    needs: ['cniConfig', 'kubeServices'],
    modes: ['l2bridge', 'overlay'],
    cnis: [
      'flannel-host-gw',
      'flannel-vxlan',
      'calico-bgp',
      'calico-vxlan',
      'win-bridge',
      'win-overlay',
      'sdnbridge',
      'sdnoverlay',
    ],
    falsePositives: 'azure-vnet with DSR needs the pod and VNet ranges only and is not checked.',
    references: [REF.article, REF.commonProblems],
    explains: ['OUT-EXC-3WAY'],
  },
  check({ snapshot }) {
    const active = wholeConfig(snapshot);
    if (!active) return unreadable();
    if (outboundNats(active.policies).length === 0)
      return doesNotApply('The CNI configuration has no OutBoundNAT');
    const vips = clusterIps(snapshot);
    if (vips.length === 0) return doesNotApply('No service has a cluster IP');
    const missing = vips.filter(({ cidr }) => !isExcepted(active, cidr));
    if (missing.length === 0)
      return passed(`All ${vips.length} cluster IPs are covered by the exceptions`);
    const all = missing.length === vips.length;
    return fired({
      title: `Pods reach ${all ? 'no service' : `${missing.length} of ${vips.length} services not`} through their cluster IP: it is missing in the NAT exceptions`,
      summary: `${exceptionsField(active)} does not cover ${missing
        .slice(0, 4)
        .map((m) => m.what)
        .join(', ')}${missing.length > 4 ? ` and ${missing.length - 4} more` : ''}.`,
      cause:
        'The service CIDR of the cluster was left out of the exceptions, or is not the one that was written there.',
      remedy: repairConfig(
        active,
        `Add the service CIDR (it holds at least ${enclosing(missing)}) to ${exceptionsField(active)}; the API server’s --service-cluster-ip-range names it.`,
        {
          kind: 'command',
          command: 'Test-NetConnection <cluster IP> -Port <port>',
          shows: 'succeeds inside of a pod',
        },
      ),
      entities: [
        cniConfigRef(active.config),
        ...missing.slice(0, 10).map(({ service }) => serviceRef(service)),
      ],
      evidence: [placeOfExceptions(active), ...missing.flatMap((m) => m.evidence).slice(0, 5)],
    });
  },
};
