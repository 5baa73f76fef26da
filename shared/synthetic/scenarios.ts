import { edit, without, type BundleTexts } from './bundle';
import { COLLECTED_AT } from './clock';
import { eventObject } from './kubernetes-text';
import { hexOf, hyperVMac, suffixOf } from './names';
import { nodeCapture } from './node-capture';
import { planNode, type NodePlan } from './node-plan';
import { bundleOf } from './synthetic-node';
import { dnsLookupTexts, validateKubernetesText, type ConnectivityTest } from './validation-text';

export type Symptom = 'inter-node' | 'outbound' | 'services' | 'dns' | 'start';

/** A sample node with one known fault, or none. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** What an operator is told of it before opening it. */
  readonly sentence: string;
  readonly mode: 'l2bridge' | 'overlay';
  readonly symptom: Symptom | undefined;
  /** The finding that must come first. */
  readonly expectedRule: string | undefined;
  bundle(): BundleTexts;
  /** A packet capture of the node, where the sample has one. */
  capture?(): Uint8Array;
}

/** Replaces and throws when nothing was replaced, so that a fault is never left out by accident. */
function replaced(text: string, from: string | RegExp, to: string): string {
  const after = typeof from === 'string' ? text.replaceAll(from, to) : text.replace(from, to);
  if (after === text) throw new Error(`nothing matches ${String(from)}`);
  return after;
}

const withFailed = (
  plan: NodePlan,
  bundle: BundleTexts,
  ...failed: ConnectivityTest[]
): BundleTexts =>
  edit(bundle, 'ValidateKubernetes.Pester.txt', () => validateKubernetesText(plan, failed));

const withLookups = (plan: NodePlan, bundle: BundleTexts): BundleTexts =>
  new Map([...bundle, ...dnsLookupTexts(plan, { direct: true, vip: false })]);

/** l2bridge: the static route to one peer's pods is gone. */
function routeMissing(): BundleTexts {
  const plan = planNode({ mode: 'l2bridge' });
  const bundle = edit(bundleOf(plan), 'routes.txt', (text) =>
    text
      .split('\n')
      .filter((line) => !line.includes('10.244.17.0'))
      .join('\n'),
  );
  return withFailed(plan, bundle, 'Pods should be able to reach remote pods');
}

/** overlay: the peer was rebuilt and has a new router MAC, this node still sends to the old one. */
function staleRouterMac(): BundleTexts {
  const plan = planNode({ mode: 'overlay' });
  const peer = plan.peers.find((p) => p.ip === '10.127.130.38');
  if (peer === undefined) throw new Error('the lab has no 10.127.130.38');
  const old = hyperVMac('the router before the rebuild');
  const stale = (text: string): string => replaced(text, peer.drMac, old);
  let bundle = bundleOf(plan);
  for (const path of ['network.txt', 'networkdetailed.txt', 'hnsdiag.txt', 'vfpOutput.txt']) {
    bundle = edit(bundle, path, stale);
  }
  return withFailed(plan, bundle, 'Pods should be able to reach remote pods');
}

/** l2bridge: `/0` instead of `/16` exempts every destination from NAT. */
function zeroPrefix(): BundleTexts {
  const plan = planNode({ mode: 'l2bridge' });
  let bundle = bundleOf(plan);
  for (const path of ['cni/config/cni.conf', 'endpoint.txt']) {
    bundle = edit(bundle, path, (text) => replaced(text, '10.244.0.0/16', '10.244.0.0/0'));
  }
  bundle = edit(bundle, 'vfpOutput.txt', (text) =>
    replaced(
      text,
      'Destination IP : 10.244.0.0-10.244.255.255',
      'Destination IP : 0.0.0.0-255.255.255.255',
    ),
  );
  return withFailed(plan, bundle, 'Pods should have Internet connectivity');
}

/** overlay: HNS holds the OutBoundNAT policy of a pod, VFP has neither the rules nor the pools. */
function natNotInVfp(): BundleTexts {
  const plan = planNode({ mode: 'overlay' });
  const pod = plan.pods[0];
  if (pod === undefined) throw new Error('the node has no pods');
  const bundle = edit(bundleOf(plan), 'vfpOutput.txt', (text) =>
    onPort(text, pod.portGuid, (port) =>
      port
        .replace(
          / {4}RULE : \n {8}Friendly name : SNAT_[\s\S]*?(?=\n {4}RULE|\n {2}GROUP|\n {2}LAYER|\nCommand)/g,
          '',
        )
        .replace(/ {2}NAT RANGE : SLB_NATPOOL[\s\S]*?(?=\n {2}NAT RANGE|\nCommand)/g, ''),
    ),
  );
  return withFailed(plan, bundle, 'Pods should have Internet connectivity');
}

/** Changes the part of a vfpOutput.txt that belongs to one port. */
function onPort(text: string, portGuid: string, change: (port: string) => string): string {
  const start = text.indexOf(`Policy for port : \n${portGuid.toUpperCase()}`);
  if (start === -1) throw new Error(`no port ${portGuid}`);
  const next = text.indexOf('Policy for port : ', start + 1);
  const end = next === -1 ? text.length : next;
  return text.slice(0, start) + change(text.slice(start, end)) + text.slice(end);
}

/** l2bridge: one pod's port lacks one backend of the web service. */
function dipMissing(): BundleTexts {
  const plan = planNode({ mode: 'l2bridge' });
  const [pod, second] = plan.pods;
  if (pod === undefined || second === undefined) throw new Error('the node has too few pods');
  return edit(bundleOf(plan), 'vfpOutput.txt', (text) =>
    onPort(text, pod.portGuid, (port) =>
      port.replace(
        /(_10\.102\.220\.146_80_80_6\n[\s\S]*?Count of DIP Ranges: )4([\s\S]*?)\n +\{ ([\d.]+) : 80 \}\n +\{ ([\d.]+) : 80 \}/,
        (_all, head: string, middle: string, first: string) =>
          `${head}3${middle}\n                { ${first} : 80 }`,
      ),
    ),
  );
}

/** overlay: a backend's endpoint is gone from HNS while the load balancers still name it. */
function deadEndpoint(): BundleTexts {
  const plan = planNode({ mode: 'overlay' });
  const backend = plan.remotePods.find((p) => p.app === 'win-webserver');
  const gone = plan.remoteEndpoints.find((e) => e.ip === backend?.ip);
  if (gone === undefined) throw new Error('the node has no remote backend');
  const left = { ...plan, remoteEndpoints: plan.remoteEndpoints.filter((e) => e !== gone) };
  return bundleOf(left);
}

/** l2bridge: kube-dns has a load balancer for TCP only. */
function dnsWithoutUdp(): BundleTexts {
  const whole = planNode({ mode: 'l2bridge' });
  const plan: NodePlan = {
    ...whole,
    loadBalancers: whole.loadBalancers.filter(
      (lb) => !(lb.vip === whole.dnsVip && lb.protocol === 17),
    ),
  };
  const bundle = withLookups(plan, bundleOf(plan));
  return withFailed(plan, bundle, 'Pods should be able to reach the service by name');
}

/** overlay: CoreDNS got new addresses, the load balancers still send to the old ones. */
function dnsBackendsStale(): BundleTexts {
  const plan = planNode({ mode: 'overlay' });
  const moved = (text: string): string =>
    replaced(
      replaced(text, /"10\.244\.0\.3"/g, '"10.244.0.5"'),
      /"10\.244\.0\.4"/g,
      '"10.244.0.6"',
    );
  let bundle = withLookups(plan, bundleOf(plan));
  for (const path of ['pods.json', 'endpointslices.json']) bundle = edit(bundle, path, moved);
  bundle = edit(bundle, 'dns-direct.txt', (text) => replaced(text, '10.244.0.3', '10.244.0.5'));
  return withFailed(plan, bundle, 'Pods should be able to reach the service by name');
}

const MINUTE = 60_000;

/** l2bridge, the article's own: the `/0` was there before the first pod, and no pod starts. */
function podsNeverStart(): BundleTexts {
  const plan = planNode({ mode: 'l2bridge', pods: 0 });
  const names = ['a', 'b'].map((s) => `win-webserver-69495c7694-${suffixOf(s, 5)}`);
  let bundle = without(
    bundleOf(plan),
    'dns-direct.txt',
    'dns-vip.txt',
    'dns-external.txt',
    'ValidateKubernetes.Pester.txt',
  );
  bundle = edit(bundle, 'cni/config/cni.conf', (text) =>
    replaced(text, '10.244.0.0/16', '10.244.0.0/0'),
  );
  bundle = edit(bundle, 'pods.json', (text) =>
    withItems(
      text,
      names.map((name) => pendingPod(plan, name)),
    ),
  );
  return edit(bundle, 'events.json', (text) =>
    withItems(
      text,
      names.map((name) => {
        const sandbox = hexOf(`${name}sandbox`, 64);
        return eventObject({
          type: 'Warning',
          reason: 'FailedCreatePodSandBox',
          pod: name,
          namespace: 'default',
          message: `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to set up sandbox container "${sandbox}" network for pod "${name}": networkPlugin cni failed to set up pod "${name}_default" network: error while ProvisionEndpoint(${sandbox}_cbr0,${plan.networkId.toUpperCase()},${sandbox}): failed to create the new HNSEndpoint: hnsCall failed in Win32: An invalid policy was provided. (0x803b000d)`,
          count: 31,
          first: COLLECTED_AT - 12 * MINUTE,
          last: COLLECTED_AT - MINUTE,
          component: 'kubelet',
          host: plan.node.name,
        });
      }),
    ),
  );
}

function withItems(text: string, items: readonly unknown[]): string {
  const list = JSON.parse(text) as { items: unknown[] };
  return `${JSON.stringify({ ...list, items: [...list.items, ...items] }, undefined, 4)}\n`;
}

function pendingPod(plan: NodePlan, name: string): unknown {
  const created = new Date(COLLECTED_AT - 12 * MINUTE).toISOString().replace('.000', '');
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      creationTimestamp: created,
      labels: { app: 'win-webserver' },
      name,
      namespace: 'default',
      uid: hexOf(name, 32),
    },
    spec: {
      containers: [
        { image: 'mcr.microsoft.com/windows/servercore:ltsc2019', name: 'win-webserver' },
      ],
      dnsPolicy: 'ClusterFirst',
      nodeName: plan.node.name,
    },
    status: {
      containerStatuses: [
        {
          image: 'mcr.microsoft.com/windows/servercore:ltsc2019',
          name: 'win-webserver',
          ready: false,
          restartCount: 0,
          started: false,
          state: { waiting: { reason: 'ContainerCreating' } },
        },
      ],
      hostIP: plan.node.ip,
      phase: 'Pending',
      startTime: created,
    },
  };
}

const healthy = (mode: 'l2bridge' | 'overlay') => (): BundleTexts => bundleOf(planNode({ mode }));

/** Every sample node. The healthy ones come first. */
export const SCENARIOS: readonly Scenario[] = [
  {
    id: 'healthy-l2bridge',
    title: 'Healthy node, flannel host-gw',
    sentence: 'An l2bridge node on which everything works, with all evidence present.',
    mode: 'l2bridge',
    symptom: undefined,
    expectedRule: undefined,
    bundle: healthy('l2bridge'),
    capture: () => nodeCapture(planNode({ mode: 'l2bridge' })),
  },
  {
    id: 'healthy-overlay',
    title: 'Healthy node, flannel vxlan',
    sentence: 'An overlay node on which everything works, with all evidence present.',
    mode: 'overlay',
    symptom: undefined,
    expectedRule: undefined,
    bundle: healthy('overlay'),
    capture: () => nodeCapture(planNode({ mode: 'overlay' })),
  },
  {
    id: 'broken-inter-node-l2bridge',
    title: 'Pods of one peer are out of reach',
    sentence: 'Pods of this l2bridge node reach the pods of two nodes and not those of the third.',
    mode: 'l2bridge',
    symptom: 'inter-node',
    expectedRule: 'IN-L2B-ROUTE-MISSING',
    bundle: routeMissing,
    capture: () =>
      nodeCapture(planNode({ mode: 'l2bridge' }), { kind: 'no-route', unreached: '10.244.17.' }),
  },
  {
    id: 'broken-inter-node-overlay',
    title: 'Silence after a peer was rebuilt',
    sentence: 'Since a peer of this overlay node was reinstalled, its pods no longer answer.',
    mode: 'overlay',
    symptom: 'inter-node',
    expectedRule: 'IN-OVL-RSR-DRMAC',
    bundle: staleRouterMac,
    capture: () =>
      nodeCapture(planNode({ mode: 'overlay' }), {
        kind: 'stale-router-mac',
        unreached: '10.244.2.',
        mac: hyperVMac('the router before the rebuild'),
      }),
  },
  {
    id: 'broken-outbound-l2bridge',
    title: 'Pods do not reach the internet',
    sentence:
      'Pods of this l2bridge node talk to each other and to services, but not to the outside.',
    mode: 'l2bridge',
    symptom: 'outbound',
    expectedRule: 'CNI-EXC-ZERO',
    bundle: zeroPrefix,
    capture: () => nodeCapture(planNode({ mode: 'l2bridge' }), { kind: 'no-nat' }),
  },
  {
    id: 'broken-outbound-overlay',
    title: 'One pod does not reach the internet',
    sentence:
      'HNS shows the same policies for every pod of this overlay node, yet one has no way out.',
    mode: 'overlay',
    symptom: 'outbound',
    expectedRule: 'OUT-NAT-VFP',
    bundle: natNotInVfp,
  },
  {
    id: 'broken-services-l2bridge',
    title: 'A service loses a backend on one pod',
    sentence: 'From one pod of this l2bridge node, win-webserver never uses one of its backends.',
    mode: 'l2bridge',
    symptom: 'services',
    expectedRule: 'SVC-VFP-3WAY',
    bundle: dipMissing,
  },
  {
    id: 'broken-services-overlay',
    title: 'A share of the connections times out',
    sentence: 'About one in four connections to win-webserver from this overlay node hangs.',
    mode: 'overlay',
    symptom: 'services',
    expectedRule: 'HNS-ORPHAN-LB-ENDPOINT',
    bundle: deadEndpoint,
  },
  {
    id: 'broken-dns-l2bridge',
    title: 'Names do not resolve',
    sentence:
      'Pods of this l2bridge node get no answer from the cluster DNS service; a DNS pod answers directly.',
    mode: 'l2bridge',
    symptom: 'dns',
    expectedRule: 'DNS-LB-MISSING',
    bundle: dnsWithoutUdp,
  },
  {
    id: 'broken-dns-overlay',
    title: 'Names stopped resolving after CoreDNS moved',
    sentence: 'Since the DNS pods were replaced, pods of this overlay node resolve nothing.',
    mode: 'overlay',
    symptom: 'dns',
    expectedRule: 'DNS-LB-BACKENDS',
    bundle: dnsBackendsStale,
  },
  {
    id: 'broken-start-l2bridge',
    title: 'Pods never leave ContainerCreating',
    sentence: 'No pod of this l2bridge node has started since its CNI configuration was edited.',
    mode: 'l2bridge',
    symptom: 'start',
    expectedRule: 'CNI-EXC-ZERO',
    bundle: podsNeverStart,
  },
];

/** A scenario by id. @throws Error for an unknown id. */
export function scenario(id: string): Scenario {
  const found = SCENARIOS.find((s) => s.id === id);
  if (found === undefined) throw new Error(`no scenario ${id}`);
  return found;
}
