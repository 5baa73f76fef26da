import { endpointRef, loadBalancerRef, nodeRef, podRef, serviceRef } from '../snapshot/entity-ref';
import { nodeFacts } from '../views/node-facts';
import type { ObjectDescription } from './object-view';
import { mono, properties, property, related } from './properties';
import type { ViewContext } from './view-context';

/** Describes Kubernetes objects and what stands for them on the node. */
export function inspectKubernetes(
  context: ViewContext,
  kind: 'service' | 'pod' | 'node' | 'event',
  id: string,
): ObjectDescription | undefined {
  switch (kind) {
    case 'service':
      return describeService(context, id);
    case 'pod':
      return describePod(context, id);
    case 'node':
      return describeNode(context, id);
    case 'event':
      return undefined;
  }
}

function describeService(context: ViewContext, id: string): ObjectDescription | undefined {
  const { cluster, links } = context.snapshot;
  const service = cluster.services.find((s) => serviceRef(s).id === id);
  if (!service) return undefined;
  const balancers = [...links.serviceOf]
    .filter(([, s]) => s.service === service)
    .map(([lb]) => loadBalancerRef(lb));
  const ready = cluster.endpoints
    .filter(
      (e) =>
        e.service === service.name &&
        (e.namespace === undefined ||
          service.namespace === undefined ||
          e.namespace === service.namespace),
    )
    .flatMap((e) => e.addresses.filter((a) => a.ready).map((a) => a.ip));
  return {
    ref: serviceRef(service),
    kindText: 'Service',
    subtitle: service.type ?? '',
    properties: properties(
      mono('Cluster IP', service.headless ? 'None' : service.clusterIps.join(', ')),
      ...service.ports.map((p) =>
        mono(
          'Port',
          `${p.port}${p.targetPort === undefined ? '' : ` to ${p.targetPort}`} ${p.protocol}${p.nodePort === undefined ? '' : `, NodePort ${p.nodePort}`}`,
        ),
      ),
      property('External traffic policy', service.externalTrafficPolicy),
      mono('Ready addresses', [...new Set(ready)].join(', ')),
    ),
    related: related('Load balancers', balancers),
    evidence: service.evidence,
  };
}

function describePod(context: ViewContext, id: string): ObjectDescription | undefined {
  const { cluster, links } = context.snapshot;
  const pod = cluster.pods.find((p) => podRef(p).id === id);
  if (!pod) return undefined;
  const endpoint = [...links.podOf].find(([, p]) => p === pod)?.[0];
  return {
    ref: podRef(pod),
    kindText: 'Pod',
    subtitle: [pod.namespace, pod.node].filter((p) => p !== undefined).join(' · '),
    properties: properties(
      property('Status', pod.status ?? pod.phase),
      property('Ready', pod.ready),
      property('Restarts', pod.restarts),
      mono('Addresses', pod.ips.join(', ')),
      property('Host network', pod.hostNetwork),
      property('DNS policy', pod.dnsPolicy),
      ...pod.images.map((image) => mono('Image', image)),
    ),
    related: related('Endpoint', [endpoint && endpointRef(endpoint)]),
    evidence: pod.evidence,
  };
}

function describeNode(context: ViewContext, id: string): ObjectDescription | undefined {
  const node = context.snapshot.cluster.nodes.find((n) => n.name === id);
  if (!node) return undefined;
  return {
    ref: nodeRef(node),
    kindText: 'Node',
    subtitle: node.osImage ?? node.os ?? '',
    properties: properties(
      property('Ready', node.ready, { tone: node.ready === false ? 'error' : undefined }),
      mono('Internal IP', node.internalIps.join(', ')),
      mono('Pod CIDR', node.podCidrs.join(', ')),
      property('Kubelet', node.kubeletVersion),
      property('Runtime', node.containerRuntimeVersion),
      property('Kernel', node.kernelVersion),
      ...(node.name.toLowerCase() === context.snapshot.node.toLowerCase()
        ? nodeFacts(context.snapshot)
            .filter(({ area }) => area !== 'Update')
            .map(({ area, name, value, evidence }) =>
              property(`${area}: ${name}`, value, { evidence }),
            )
        : []),
    ),
    related: [],
    evidence: node.evidence,
  };
}
