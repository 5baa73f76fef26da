import type { BundleTexts } from './bundle';
import {
  cniConfText,
  linuxCniConfText,
  netConfText,
  sourceVipText,
  subnetEnvText,
} from './cni-text';
import { collectorTexts } from './collector-text';
import { hcsdiagText, hnsdiagText } from './hnsdiag-text';
import { endpointText, networkDetailedText, networkText, policyText } from './hns-v1-text';
import { endpointTextV2, namespacesText, networkTextV2, policyTextV2 } from './hns-v2-text';
import { ipText } from './ip-text';
import {
  endpointSlicesText,
  eventsText,
  nodesText,
  podsText,
  servicesText,
} from './kubernetes-text';
import { flanneldLogText, kubeletLogText, kubeProxyLogText } from './logs-text';
import { planCluster, planNode, type NodePlan, type SyntheticOptions } from './node-plan';
import { adapterTexts, arpText, mtuText, routesText } from './routes-text';
import {
  ctrText,
  dockerText,
  dynamicPortsText,
  excludedPortsText,
  featureText,
  firewallText,
  imagesText,
  netAdapterText,
  processesText,
  reservedPortsText,
  scQueryExText,
  tcpConnectionsText,
  windowsServicesText,
  winverText,
} from './system-text';
import { debugWindowsNodeText, dnsLookupTexts, validateKubernetesText } from './validation-text';
import { vfpOutputText } from './vfp-plan';
import { portsText } from './vswitch-text';

export { edit, without, type BundleTexts } from './bundle';
export type { SyntheticOptions } from './node-plan';

/** A healthy node with all evidence: the collector's files and beside them what an operator adds. */
export function syntheticNode(options: SyntheticOptions): BundleTexts {
  return bundleOf(planNode(options));
}

/** Healthy bundles of all Windows nodes of one cluster, collected at one time. */
export function syntheticCluster(
  options: Omit<SyntheticOptions, 'nodeName' | 'nodeIp' | 'podCidr' | 'remotePods'>,
): BundleTexts[] {
  return planCluster(options).map(bundleOf);
}

/** The files of a plan. */
export function bundleOf(plan: NodePlan): BundleTexts {
  return new Map<string, string>([...collected(plan), ...added(plan)]);
}

function collected(plan: NodePlan): (readonly [string, string])[] {
  const v2 = plan.schema === 2;
  return [
    ['network.txt', v2 ? networkTextV2(plan) : networkText(plan)],
    [
      'networkdetailed.txt',
      v2 ? networkTextV2(plan).replace(/^[\s\S]*?\n(?=\{)/, '') : networkDetailedText(plan),
    ],
    ['endpoint.txt', v2 ? endpointTextV2(plan) : endpointText(plan)],
    ['policy.txt', v2 ? policyTextV2(plan) : policyText(plan)],
    ...(v2 ? [['namespaces.txt', namespacesText(plan)] as const] : []),
    // hnsdiag prints objects of the older schema; what they look like with two families is not known.
    ...(plan.dualStack === 'node' ? [] : [['hnsdiag.txt', hnsdiagText(plan)] as const]),
    ['vfpOutput.txt', vfpOutputText(plan)],
    ['ports.txt', portsText(plan)],
    ['ip.txt', ipText(plan)],
    ['routes.txt', routesText(plan)],
    ['mtu.txt', mtuText(plan)],
    ['arp.txt', arpText(plan)],
    ...adapterTexts(plan),
    ['excludedportrange.txt', excludedPortsText()],
    ['dynamicportrange.txt', dynamicPortsText()],
    ['reservedports.txt', reservedPortsText()],
    ['tcpconnections.txt', tcpConnectionsText(plan)],
    ['winver.txt', winverText(plan)],
    ['windowsServices.txt', windowsServicesText(plan)],
    ['scqueryex.txt', scQueryExText(plan)],
    plan.runtime === 'docker'
      ? ['docker.txt', dockerText(plan)]
      : ['containers.txt', ctrText(plan)],
    ['hcsdiag.txt', hcsdiagText(plan)],
    ['netadapter.txt', netAdapterText(plan)],
    ['firewall.txt', firewallText()],
  ];
}

function added(plan: NodePlan): (readonly [string, string])[] {
  return [
    ['processes.txt', processesText(plan)],
    ['kubelet.log', kubeletLogText(plan)],
    ['kubeproxy.log', kubeProxyLogText(plan)],
    ['flanneld.log', flanneldLogText(plan)],
    ['cni/config/cni.conf', cniConfText(plan)],
    ...(plan.sourceVip === undefined ? [] : [['sourceVip.json', sourceVipText(plan)] as const]),
    ['subnet.env', subnetEnvText(plan)],
    ['net-conf.json', netConfText(plan)],
    ['cni-conf.json', linuxCniConfText(plan)],
    ['nodes.json', nodesText(plan)],
    ['pods.json', podsText(plan)],
    ['services.json', servicesText(plan)],
    ['endpointslices.json', endpointSlicesText(plan)],
    ['events.json', eventsText(plan)],
    ['ValidateKubernetes.Pester.txt', validateKubernetesText(plan)],
    ['DebugWindowsNode.txt', debugWindowsNodeText(plan)],
    ...dnsLookupTexts(plan),
    ['images.txt', imagesText(plan)],
    ['feature.txt', featureText()],
    ...collectorTexts(plan),
  ];
}
