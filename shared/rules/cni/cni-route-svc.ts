import type { CniPolicy } from '../../model/cni';
import { cidrCovers, parseCidr } from '../../model/ip';
import { cniConfigRef, serviceRef } from '../../snapshot/entity-ref';
import { REF } from '../references';
import type { Rule } from '../rule';
import { doesNotApply, fired, notChecked, passed } from '../rule';
import { wholeConfig, firstLine, STATIC_CNIS, unreadable } from './active-config';
import { clusterIps, enclosing } from './cluster-ranges';
import { dsrState } from './dsr-state';
import { repairConfig } from './repair';

export const rule: Rule = {
  meta: {
    id: 'CNI-ROUTE-SVC',
    step: 5,
    symptom: 'services',
    severity: 'error',
    title: 'Service addresses are routed to the host’s load balancer',
    description:
      'Without DSR the configuration needs a ROUTE (V2: SDNRoute) policy with NeedEncap for the service CIDR. Its prefix must hold the cluster IPs of the services.',
    impact:
      'Packets from pods to a service leave the node without passing its load balancer, and are lost.',
    needs: ['cniConfig', 'kubeServices'],
    modes: ['l2bridge', 'overlay'],
    cnis: STATIC_CNIS,
    falsePositives:
      'With DSR in kube-proxy the policy is not needed, and AKS removes it. IPv6 addresses are judged where the configuration has a route for IPv6.',
    references: [REF.article, REF.commonProblems],
  },
  check({ snapshot }) {
    const active = wholeConfig(snapshot);
    if (!active) return unreadable();
    const routes = active.policies.flatMap((p) => routeOf(p) ?? []);
    // Configurations for dual stack are seen without an IPv6 route; one that has any is held to it.
    const aboutV6 = routes.some(({ cidr }) => cidr.family === 6);
    const vips = clusterIps(snapshot).filter(({ cidr }) => cidr.family === 4 || aboutV6);
    if (vips.length === 0) return doesNotApply('No service has a cluster IP');
    const missing = vips.filter((vip) => !routes.some((r) => cidrCovers(r.cidr, vip.cidr)));
    const dsr = dsrState(snapshot);
    if (dsr?.on === true)
      return doesNotApply('kube-proxy uses direct server return, which needs no such policy');
    const bare = routes.filter(
      (r) => !r.needEncap && vips.some((vip) => cidrCovers(r.cidr, vip.cidr)),
    );
    if (missing.length === 0 && bare.length === 0)
      return passed(`A route with NeedEncap covers all ${vips.length} cluster IPs`);
    if (!dsr)
      return notChecked(
        'Whether kube-proxy uses direct server return is not known',
        'kubeProxyLog',
      );
    const wrong = routes.filter(
      (r) => r.cidr.length < 32 || (r.cidr.family === 6 && r.cidr.length < 128),
    );
    const place =
      bare[0]?.policy.evidence ??
      wrong[0]?.policy.evidence ??
      active.policies.at(-1)?.evidence ??
      firstLine(active.config);
    const range = enclosing(vips);
    return fired({
      title:
        missing.length === 0
          ? 'Pods reach services only by chance: the route for service addresses lacks NeedEncap'
          : `Pods cannot reach services: no route policy covers ${missing.length === vips.length ? 'the service addresses' : `${missing.length} of ${vips.length} service addresses`}`,
      summary:
        missing.length === 0
          ? `The route policy for ${bare[0]?.text ?? ''} has NeedEncap false.`
          : `${wrong.length === 0 ? 'There is no ROUTE policy for a subnet' : `The ROUTE policies are for ${wrong.map((r) => r.text).join(', ')}`}; services have addresses such as ${missing
              .slice(0, 3)
              .map((m) => m.what)
              .join(', ')}. kube-proxy runs without DSR.`,
      cause: 'The policy was left out, or names another service CIDR than that of the cluster.',
      remedy: repairConfig(
        active,
        `Add or correct the policy of type ROUTE (sdnbridge, sdnoverlay: SDNRoute) with DestinationPrefix the service CIDR (it holds at least ${range}) and NeedEncap true.`,
        {
          kind: 'command',
          command: 'Test-NetConnection <cluster IP> -Port <port>',
          shows: 'succeeds inside of a new pod',
        },
      ),
      entities: [
        cniConfigRef(active.config),
        ...missing.slice(0, 5).map(({ service }) => serviceRef(service)),
      ],
      evidence: [place, ...(missing[0]?.evidence ?? []), ...dsr.evidence],
    });
  },
};

function routeOf(policy: CniPolicy):
  | {
      cidr: NonNullable<ReturnType<typeof parseCidr>>;
      text: string;
      needEncap: boolean;
      policy: CniPolicy;
    }
  | undefined {
  if (policy.policy.kind !== 'route') return undefined;
  const text = policy.policy.destinationPrefix;
  const cidr = parseCidr(text);
  return cidr && { cidr, text, needEncap: policy.policy.needEncap, policy };
}
