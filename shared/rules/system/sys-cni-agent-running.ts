import type { Evidence } from '../../model/evidence';
import type { Remedy } from '../../model/finding';
import type { KubePod } from '../../model/kubernetes';
import { componentOfName } from '../../model/log-component';
import type { LogComponent } from '../../model/logs';
import { podRef, processRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { argument } from '../commands';
import { podsOfNode } from '../events/node-scope';
import { doesNotApply, fired, notChecked, passed, type Rule } from '../rule';
import { countProcesses } from './process-count';
import { failureText, resultsOf } from './validation-tests';
import { whyNotRunning } from './why-not-running';

interface Agent {
  readonly cni: string;
  /** Process names any of which is the agent. */
  readonly processes: readonly string[];
  readonly log: LogComponent;
  readonly service: string;
}

const FLANNEL: Agent = {
  cni: 'flannel',
  processes: ['flanneld'],
  log: 'flanneld',
  service: 'flanneld',
};
const CALICO: Agent = {
  cni: 'Calico',
  processes: ['calico-node', 'calico-felix'],
  log: 'calico-felix',
  service: 'CalicoFelix',
};
const ANTREA: Agent = {
  cni: 'Antrea',
  processes: ['antrea-agent'],
  log: 'antrea-agent',
  service: 'antrea-agent',
};

function agentOf(snapshot: NodeSnapshot): Agent | undefined {
  switch (snapshot.mode.cni) {
    case 'flannel-host-gw':
    case 'flannel-vxlan':
      return FLANNEL;
    case 'calico-bgp':
    case 'calico-vxlan':
      return CALICO;
    case 'antrea':
      return ANTREA;
    default:
      return undefined;
  }
}

/** A network called cbr0 may also be plain win-bridge with static routes: only these prove flannel. */
function provesFlannel(snapshot: NodeSnapshot): readonly Evidence[] {
  const plugin = snapshot.cniConfigs
    .flatMap((config) => config.plugins)
    .find(({ type }) => type?.value.toLowerCase() === 'flannel');
  const log = snapshot.logs.find(({ component }) => component === 'flanneld');
  const first = log && log.entryCount > 0 ? [log.entry(0).evidence] : [];
  return [
    ...(plugin ? [plugin.type?.evidence ?? plugin.evidence] : []),
    ...first,
    ...snapshot.subnetEnvs.flatMap(({ evidence }) => evidence.slice(0, 1)),
  ];
}

/** States of a pod whose process does not stay up. */
const BROKEN = /CrashLoopBackOff|Error|ImagePullBackOff/;

/**
 * The agent's own pod among those of the node. In a listing that names no nodes it is the only one
 * whose name says that it is for Windows.
 */
function ownPod(agent: Agent, pods: readonly KubePod[]): KubePod | undefined {
  const agents = pods.filter(({ name }) => {
    const component = componentOfName(name);
    return component === agent.log || (agent === CALICO && component === 'calico-node');
  });
  const placed = agents.filter(({ node }) => node !== undefined);
  const [only, ...others] =
    placed.length > 0 ? placed : agents.filter(({ name }) => /windows|-win-/.test(name));
  return others.length === 0 ? only : undefined;
}

const startAgent = ({ service }: Agent): Remedy => ({
  text: 'Start the agent (its service, or its pod on this node) and read its log.',
  command: `Start-Service ${service}`,
  disturbs:
    'The agent may make the HNS network anew where it is gone; pods of the node then lose their network until they are recreated.',
  verify: {
    kind: 'observation',
    text: 'The routes to the pod subnets of all other nodes are there.',
  },
});

const readCrash = ({ namespace, name }: KubePod): Remedy => ({
  text: 'Remove what its last words name; kubelet then starts the pod again by itself.',
  command: `kubectl logs ${namespace === undefined ? '' : `-n ${argument(namespace)} `}${argument(name)} --previous`,
  verify: { kind: 'observation', text: 'The pod is Running and its restarts no longer grow' },
});

export const rule: Rule = {
  meta: {
    id: 'SYS-CNI-AGENT-RUNNING',
    step: 1,
    severity: 'error',
    title: 'The agent of the CNI is running',
    description:
      'Looks for flanneld, calico-node or antrea-agent, by which CNI the node uses, in the process list, the test results or the pods of the node. The agent keeps routes to other nodes and the lease of the pod subnet up to date.',
    impact: 'Pods on nodes that join or change are out of reach, and the subnet lease runs out.',
    needs: [['processes', 'tests', 'pods']],
    falsePositives:
      'azure-vnet and plain win-bridge with static routes have no agent; the check does not apply to them.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
      'https://github.com/flannel-io/flannel/blob/master/Documentation/running.md',
    ],
    explains: ['CT-POD-POD-REMOTE', 'IN-L2B-ROUTE-MISSING', 'IN-OVL-RSR-MISSING', 'LOG-STALE'],
  },
  check({ snapshot, case: theCase }) {
    const agent = agentOf(snapshot);
    if (!agent) {
      return snapshot.mode.cni === 'unknown'
        ? notChecked('Which CNI the node uses is not known', 'cniConfig')
        : doesNotApply(`${snapshot.mode.cni} has no agent on the node`);
    }
    const proof = agent === FLANNEL ? provesFlannel(snapshot) : snapshot.mode.evidence;
    if (proof.length === 0) {
      return notChecked(
        'The network looks like flannel, but no CNI configuration proves it',
        'cniConfig',
      );
    }
    const counts = agent.processes.flatMap((name) => countProcesses(snapshot, name) ?? []);
    const running = counts.find(({ found }) => found.length > 0)?.found[0];
    if (running) return passed(`${running.name} is running`);
    const tests = agent === FLANNEL ? resultsOf(snapshot, 'flanneld') : [];
    const failed = tests.find(({ result }) => result === 'failed');
    const pod = counts.length === 0 ? ownPod(agent, podsOfNode(snapshot, theCase)) : undefined;
    const crashed = pod !== undefined && BROKEN.test(pod.status ?? '') ? pod : undefined;
    if (counts.length === 0 && !failed && !crashed) {
      if (pod?.status === 'Running') return passed(`The pod ${pod.name} is Running`);
      return tests.length > 0
        ? passed(`Test "${tests[0]?.name ?? ''}" passed`)
        : notChecked(
            `No process list could have shown ${agent.processes.join(' or ')}`,
            'processes',
          );
    }
    const why = whyNotRunning(snapshot, agent.log);
    const name = agent.processes.join(' or ');
    return fired({
      title: `${name} is not running: routes to pods of other nodes go stale`,
      summary:
        counts.length > 0
          ? `The CNI is ${agent.cni}, and the process list does not show ${name}.`
          : failed
            ? `The CNI is ${agent.cni}, and the test "${failed.name}" failed: ${failureText(failed)}.`
            : `The CNI is ${agent.cni}, and its pod ${crashed?.name ?? ''} is in ${crashed?.status ?? ''}${crashed?.restarts === undefined ? '' : ` after ${crashed.restarts} restarts`}.`,
      cause: why.text === '' ? 'It was not started, or it ended; its log says why.' : why.text,
      remedy: crashed ? [readCrash(crashed)] : [startAgent(agent)],
      entities: [
        processRef(`${agent.processes[0] ?? name}.exe`),
        ...(crashed ? [podRef(crashed)] : []),
      ],
      evidence: [
        ...(counts[0]?.evidence ?? failed?.evidence ?? crashed?.evidence ?? []),
        ...why.evidence,
        ...proof.slice(0, 1),
      ],
    });
  },
};
