import type { NodePlan } from './node-plan';
import { convertToJson, type JsonObject } from './powershell-text';

/** cni/config/cni.conf: flannel delegating to win-bridge or win-overlay. */
export function cniConfText(plan: NodePlan): string {
  const overlay = plan.mode === 'overlay';
  const policy = (value: JsonObject): JsonObject => ({ Name: 'EndpointPolicy', Value: value });
  const policies = [
    policy({ Type: 'OutBoundNAT', ExceptionList: [...plan.exceptions] }),
    policy({ Type: 'ROUTE', DestinationPrefix: plan.serviceCidr, NeedEncap: true }),
    ...(overlay
      ? []
      : [policy({ Type: 'ROUTE', DestinationPrefix: `${plan.node.ip}/32`, NeedEncap: true })]),
  ];
  const delegate: JsonObject = {
    type: overlay ? 'win-overlay' : 'win-bridge',
    dns: { Nameservers: [plan.dnsVip], Search: [...plan.dnsSuffixes] },
    [overlay ? 'Policies' : 'policies']: policies,
  };
  const capabilities: JsonObject = overlay
    ? { capabilities: { dns: true, portMappings: true } }
    : {};
  return `${convertToJson({ cniVersion: '0.2.0', name: plan.networkName, type: 'flannel', ...capabilities, delegate })}\n`;
}

/** net-conf.json of flannel's config map. */
export function netConfText(plan: NodePlan): string {
  const backend =
    plan.mode === 'overlay'
      ? { Name: plan.networkName, Type: 'vxlan', VNI: plan.vni, Port: 4789 }
      : { Name: plan.networkName, Type: 'host-gw' };
  return `${JSON.stringify({ Network: plan.clusterCidr, Backend: backend }, undefined, 2)}\n`;
}

/** cni-conf.json of flannel's config map, for the Linux nodes. */
export function linuxCniConfText(plan: NodePlan): string {
  const name = plan.networkName;
  return `${JSON.stringify(
    {
      name,
      cniVersion: '0.3.1',
      plugins: [
        { type: 'flannel', delegate: { hairpinMode: true, isDefaultGateway: true } },
        { type: 'portmap', capabilities: { portMappings: true } },
      ],
    },
    undefined,
    2,
  )}\n`;
}

/** sourceVip.json: the result of the host-local reservation. */
export function sourceVipText(plan: NodePlan): string {
  const ip = plan.sourceVip?.ip ?? '';
  return `${convertToJson({
    cniVersion: '0.2.0',
    ip4: { ip: `${ip}/24`, gateway: plan.podGateway },
    dns: {},
  })}\n`;
}

/** subnet.env as flanneld writes it. */
export function subnetEnvText(plan: NodePlan): string {
  return [
    `FLANNEL_NETWORK=${plan.clusterCidr}`,
    `FLANNEL_SUBNET=${plan.node.podCidr.replace(/\.0\//, '.1/')}`,
    `FLANNEL_MTU=${plan.mode === 'overlay' ? 1450 : 1500}`,
    'FLANNEL_IPMASQ=true',
    '',
  ].join('\n');
}
