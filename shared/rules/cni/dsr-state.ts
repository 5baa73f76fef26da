import type { Evidence } from '../../model/evidence';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';

/** Whether kube-proxy uses direct server return, by its flag, else by the load balancers it made. Undefined when neither tells. */
export function dsrState(
  snapshot: NodeSnapshot,
): { readonly on: boolean; readonly evidence: readonly Evidence[] } | undefined {
  for (const log of snapshot.logs) {
    const flag = log.component === 'kube-proxy' ? log.flags.get('--enable-dsr') : undefined;
    if (flag) return { on: flag.value === 'true', evidence: [flag.evidence] };
  }
  const known = snapshot.loadBalancers.filter((lb) => lb.isDsr !== undefined);
  const dsr = known.find((lb) => lb.isDsr === true);
  if (dsr) return { on: true, evidence: dsr.evidence.slice(0, 1) };
  const [first] = known;
  return first ? { on: false, evidence: first.evidence.slice(0, 1) } : undefined;
}
