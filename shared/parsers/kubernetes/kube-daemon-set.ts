import type { KubeDaemonSet } from '../../model/kubernetes';
import type { JsonValue } from '../json-tree';
import { member, numberOf, textOf } from '../json-tree';
import { metaOf, path } from './kube-fields';
import { isHostProcess } from './kube-pod';

/** A DaemonSet of the API (apps/v1). */
export function daemonSetOf(value: JsonValue, file: string): KubeDaemonSet {
  const { name, namespace, evidence } = metaOf(value, file);
  const status = member(value, 'status');
  const spec = path(value, 'spec', 'template', 'spec');
  return {
    name,
    namespace,
    desired: numberOf(member(status, 'desiredNumberScheduled')),
    ready: numberOf(member(status, 'numberReady')),
    os: textOf(path(spec, 'nodeSelector', 'kubernetes.io/os')),
    hostProcess: spec !== undefined && isHostProcess(spec),
    evidence: [evidence],
  };
}
