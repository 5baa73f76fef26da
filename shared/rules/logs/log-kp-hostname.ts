import type { Evidence } from '../../model/evidence';
import { logRef, nodeRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { argument } from '../commands';
import { kubeNodeOf } from '../events/node-scope';
import { REF } from '../references';
import type { Rule } from '../rule';
import { fired, notChecked, passed } from '../rule';
import { baseName, newestLog } from './log-runs';

interface Known {
  readonly value: string;
  readonly evidence: readonly Evidence[];
}

export const rule: Rule = {
  meta: {
    id: 'LOG-KP-HOSTNAME',
    step: 4,
    symptom: 'services',
    severity: 'error',
    title: 'kube-proxy knows its node by the right name',
    description:
      'Compares --hostname-override of kube-proxy with the name of the node object; without the flag kube-proxy takes the host name in lower case. The comparison minds the letter case, as Kubernetes does.',
    impact:
      'kube-proxy takes backends of its own node for remote ones: it makes remote endpoints for local pods, and their services fail.',
    needs: ['kubeProxyLog'],
    falsePositives: 'Without the flag all is well where the host name equals the node’s name.',
    references: [REF.article, REF.commonProblems, REF.windowsDebug],
    explains: ['HNS-EP-DUP-IP'],
  },
  check({ snapshot }) {
    const log = newestLog(snapshot, 'kube-proxy');
    const override = overrideOf(snapshot);
    if (!log || !override)
      return notChecked(
        'Neither the log nor the process list shows with which flags kube-proxy was started',
        'kubeProxyLog',
      );
    const used: Known | undefined =
      override.value !== '' ? override : hostName(snapshot, override.evidence);
    if (!used)
      return notChecked(
        'kube-proxy runs without --hostname-override, and the host name is not known',
        'nodes',
      );
    const wanted = nodeName(snapshot);
    if (!wanted) return notChecked('The name of the node object is not known', 'nodes');
    if (used.value === wanted.value) {
      return passed(
        override.value === ''
          ? `No override; the host name ${used.value} is the node’s name`
          : `--hostname-override is ${used.value}, the node’s name`,
      );
    }
    const onlyCase = used.value.toLowerCase() === wanted.value.toLowerCase();
    const node = snapshot.cluster.nodes.find((n) => n.name === wanted.value);
    return fired({
      title: `kube-proxy takes itself for "${used.value}", the node is "${wanted.value}"`,
      summary:
        override.value === ''
          ? `kube-proxy runs without --hostname-override, so it uses the host name ${used.value}; the node object is called ${wanted.value}.`
          : `--hostname-override is "${used.value}" in ${baseName(used.evidence[0]?.file ?? log.file)}; the node object is called ${wanted.value}${onlyCase ? ' (only the letter case differs, which counts)' : ''}.`,
      cause:
        'kube-proxy finds out which backends are local by comparing their node with its own name. With another name all of them look remote.',
      remedy: [
        {
          text: 'Start kube-proxy with the name that kubectl get nodes shows.',
          command: `kube-proxy.exe --hostname-override=${argument(wanted.value)} ...`,
          disturbs:
            'Restarting kube-proxy interrupts nothing; load balancers are made anew within its first sync.',
          verify: {
            kind: 'observation',
            text: `kubeproxy.log shows FLAG: --hostname-override="${wanted.value}"`,
          },
        },
        {
          text: 'Remote endpoints that were made for local pods stay behind; remove them after draining the node.',
          command: 'Get-HnsEndpoint | ? IsRemoteEndpoint | select IPAddress, Id',
          disturbs: 'Removing an endpoint cuts off whoever uses it: drain the node first.',
          verify: {
            kind: 'observation',
            text: 'No remote endpoint has the address of a pod of this node',
          },
        },
      ],
      entities: [logRef(log.file), ...(node ? [nodeRef(node)] : [])],
      evidence: [...used.evidence.slice(0, 1), ...wanted.evidence.slice(0, 1)],
    });
  },
};

/** The flag's value ('' for absent) and where it stands. Undefined when no flags are known. */
function overrideOf(snapshot: NodeSnapshot): Known | undefined {
  const dumps = snapshot.logs.filter((l) => l.component === 'kube-proxy' && l.flags.size > 0);
  const newest = dumps.sort((a, b) => (b.lastTime ?? 0) - (a.lastTime ?? 0))[0];
  const flag = newest?.flags.get('--hostname-override');
  if (flag) return { value: flag.value, evidence: [flag.evidence] };
  const process = snapshot.processes.find(
    (p) => /^kube-?proxy/i.test(p.name) && p.commandLine !== undefined,
  );
  const match = /--hostname-override[= ]"?([^\s"]*)/.exec(process?.commandLine ?? '');
  if (process) return { value: match?.[1] ?? '', evidence: process.evidence };
  // A dump lists every flag: one that is cut before this one says nothing of it.
  return undefined;
}

/** Host name in lower case, as kube-proxy takes it without the flag. */
function hostName(snapshot: NodeSnapshot, evidence: readonly Evidence[]): Known | undefined {
  const machine =
    newestLog(snapshot, 'kube-proxy')?.machine ??
    (snapshot.nameGuessed ? undefined : snapshot.node);
  return machine === undefined ? undefined : { value: machine.toLowerCase(), evidence };
}

/** The name of the node object: from the node listing, else as kubelet or flanneld know it. */
function nodeName(snapshot: NodeSnapshot): Known | undefined {
  const node = kubeNodeOf(snapshot);
  if (node) return { value: node.name, evidence: node.evidence.slice(-1) };
  const kubelet = newestLog(snapshot, 'kubelet')?.flags.get('--hostname-override');
  if (kubelet && kubelet.value !== '')
    return { value: kubelet.value, evidence: [kubelet.evidence] };
  const flanneld = newestLog(snapshot, 'flanneld');
  const index = flanneld?.find('Kubernetes Subnet Manager - ', 1)[0];
  if (!flanneld || index === undefined) return undefined;
  const { text, evidence } = flanneld.entry(index);
  const name = /Kubernetes Subnet Manager - (\S+)/.exec(text)?.[1];
  return name === undefined ? undefined : { value: name, evidence: [evidence] };
}
