import type { KubePod } from '../../model/kubernetes';
import type { JsonValue } from '../json-tree';
import { booleanOf, itemsOf, member, numberOf, textOf } from '../json-tree';
import { ipsOf, metaOf, path, placeOf, textMap } from './kube-fields';

/** A Pod of the API (core/v1); `status` is what kubectl shows in its STATUS column. */
export function podOf(value: JsonValue, file: string): KubePod {
  const { name, namespace, createdAt, evidence } = metaOf(value, file);
  const spec = member(value, 'spec');
  const status = member(value, 'status');
  const containers = itemsOf(member(status, 'containerStatuses'));
  const all = [...itemsOf(member(status, 'initContainerStatuses')), ...containers];
  const phase = member(status, 'phase');
  const reason = reasonOf(all) ?? member(status, 'reason');
  const isDeleted = path(value, 'metadata', 'deletionTimestamp') !== undefined;
  const telling = reason ?? phase;
  const ready = containers.filter((c) => booleanOf(member(c, 'ready')) === true).length;
  return {
    name,
    namespace,
    node: textOf(member(spec, 'nodeName')),
    phase: textOf(phase),
    status: isDeleted ? 'Terminating' : textOf(telling),
    ready: containers.length === 0 ? undefined : `${ready}/${containers.length}`,
    restarts:
      containers.length === 0
        ? undefined
        : containers.reduce((sum, c) => sum + (numberOf(member(c, 'restartCount')) ?? 0), 0),
    ips: ipsOf([
      ...itemsOf(member(status, 'podIPs')).map((ip) => member(ip, 'ip')),
      member(status, 'podIP'),
    ]),
    ipKnown: status !== undefined,
    hostNetwork: spec === undefined ? undefined : (booleanOf(member(spec, 'hostNetwork')) ?? false),
    hostProcess: spec === undefined ? undefined : isHostProcess(spec),
    dnsPolicy: textOf(member(spec, 'dnsPolicy')),
    containerIds: all.flatMap(
      (c) => textOf(member(c, 'containerID'))?.replace(/^[\w-]+:\/\//, '') || [],
    ),
    images: itemsOf(member(spec, 'containers')).flatMap((c) => textOf(member(c, 'image')) ?? []),
    labels: textMap(path(value, 'metadata', 'labels')),
    createdAt,
    evidence: [...(telling ? [placeOf(telling, file)] : []), evidence],
  };
}

/** The reason a container waits or ended with, as kubectl picks it: waiting before terminated. */
function reasonOf(statuses: readonly JsonValue[]): JsonValue | undefined {
  const waiting = statuses.map((s) => path(s, 'state', 'waiting', 'reason'));
  const ended = statuses.map((s) => path(s, 'state', 'terminated', 'reason'));
  const found = waiting.find((r) => r !== undefined && textOf(r) !== 'PodInitializing');
  if (found) return found;
  if (statuses.some((s) => path(s, 'state', 'running') !== undefined)) return undefined;
  return waiting.find((r) => r !== undefined) ?? ended.find((r) => r !== undefined);
}

/** HostProcess is set for the pod or for a container (`securityContext.windowsOptions.hostProcess`). */
export function isHostProcess(spec: JsonValue): boolean {
  return [spec, ...itemsOf(member(spec, 'containers'))].some(
    (level) => booleanOf(path(level, 'securityContext', 'windowsOptions', 'hostProcess')) === true,
  );
}
