import type { StepNumber } from '../stores/navigation';

export const steps: readonly StepNumber[] = [1, 2, 3, 4, 5, 6, 7, 8];

interface StepTitle {
  readonly title: string;
  /** Two sentences: what the step checks, and why. */
  readonly about: string;
  /** The step's own views, tab id and title. */
  readonly views: readonly { readonly id: string; readonly title: string }[];
}

/** The eight steps, as the rail and the pages name them. */
export const stepTitles: Readonly<Record<StepNumber, StepTitle>> = {
  1: {
    title: 'Installed & running',
    about:
      'Are the components of a Windows node there and running: kubelet, kube-proxy, the CNI, HNS, the container runtime? If one of them is down, everything after it only shows the damage.',
    views: [
      { id: 'view', title: 'Processes and services' },
      { id: 'node', title: 'Versions and settings' },
    ],
  },
  2: {
    title: 'Basic connectivity',
    about:
      'What did the connectivity tests measure: pod to pod, pod to node, pod to service, names, the internet? A test that failed says which of the four symptoms to follow.',
    views: [{ id: 'view', title: 'Tests and lookups' }],
  },
  3: {
    title: 'Kubernetes events',
    about:
      'What does the control plane say of this node and its pods? A sandbox that cannot be created names the component that refused, often before any log does.',
    views: [{ id: 'view', title: 'Events and pods' }],
  },
  4: {
    title: 'Component logs',
    about:
      'What do kubelet, kube-proxy and the network daemon write, and until when? A log that ends long before the collection belongs to a component that stopped.',
    views: [
      { id: 'view', title: 'Logs' },
      { id: 'windows', title: 'Windows events' },
    ],
  },
  5: {
    title: 'CNI configuration',
    about:
      'Do the CNI files describe this cluster: pod and service networks, exceptions, routes, DNS? HNS programs exactly what they say, so a typo here breaks every new pod.',
    views: [{ id: 'view', title: 'Configuration files' }],
  },
  6: {
    title: 'HNS state',
    about:
      'Do the objects that the control plane asked for exist, and do HNS, the CNI configuration and VFP agree about them? What HNS does not hold, VFP cannot forward.',
    views: [
      { id: 'graph', title: 'Graph' },
      { id: 'tables', title: 'Tables' },
      { id: 'vfp', title: 'VFP' },
    ],
  },
  7: {
    title: 'Snapshot analysis',
    about:
      'Which of the four symptoms does this node explain? Each path is followed link by link; the first broken link is where to look.',
    views: [{ id: 'view', title: 'Symptom paths' }],
  },
  8: {
    title: 'Packets & flows',
    about:
      'What happens to one packet on this node, layer by layer, computed from the collected rules; nothing is sent. Captures show what was seen on the wire.',
    views: [
      { id: 'trace', title: 'Trace' },
      { id: 'walk-throughs', title: 'Walk-throughs' },
      { id: 'captures', title: 'Captures' },
      { id: 'reachability', title: 'Reachability' },
    ],
  },
};
