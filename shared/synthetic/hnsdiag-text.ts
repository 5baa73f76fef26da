import { guidOf } from './names';
import { hnsdiagObjects } from './hns-v1-text';
import type { NodePlan } from './node-plan';
import { hnsdiagJson } from './powershell-text';

interface Row {
  readonly name: string;
  readonly id: string;
}

/** Names are padded to 16 and overflow when longer. */
const row = ({ name, id }: Row): string => `${name.padEnd(16)} ${id}`;

/** `hnsdiag list all`: networks in upper case, endpoints in lower case, `|` between the other cells. */
function classic(plan: NodePlan): string {
  const networks: Row[] = [
    { name: 'nat', id: guidOf(`${plan.node.name}nat`).toUpperCase() },
    { name: 'External', id: guidOf(`${plan.node.name}External`).toUpperCase() },
    { name: plan.networkName, id: plan.networkId.toUpperCase() },
  ];
  const endpoints: Row[] = [
    ...(plan.bridge === undefined ? [] : [plan.bridge]),
    ...(plan.sourceVip === undefined ? [] : [{ name: 'Ethernet', id: plan.sourceVip.id }]),
    ...plan.pods.map((p) => ({ name: p.endpointName, id: p.endpointId })),
    ...plan.remoteEndpoints.map((e) => ({ name: 'Ethernet', id: e.id })),
  ];
  const balancers = plan.loadBalancers.map(
    (lb) => `${lb.id} |  ${(lb.vip ?? '').padEnd(15)} | ${lb.endpointIds.join(' ')}`,
  );
  return [
    'Networks:',
    'Name             ID',
    ...networks.map(row),
    '',
    'Endpoints:',
    'Name             ID                                   Virtual Network Name',
    ...endpoints.map((e) => `${row(e)} ${plan.networkName}`),
    '',
    'Namespaces:',
    'ID                                   | Endpoint IDs',
    '',
    'LoadBalancers:',
    'ID                                   | Virtual IPs      | Direct IP IDs',
    ...balancers,
    '',
  ].join('\n');
}

/** hnsdiag.txt: the listing on the older system, `-d` (one JSON object after another) on the newer. */
export function hnsdiagText(plan: NodePlan): string {
  if (plan.schema === 1) return `${classic(plan)}\n`;
  return `${hnsdiagObjects(plan)
    .map((o) => hnsdiagJson(o))
    .join('\n')}\n`;
}

/** hcsdiag.txt: `hcsdiag list`. */
export function hcsdiagText(plan: NodePlan): string {
  const owner = plan.runtime === 'docker' ? 'docker' : 'containerd-shim-runhcs-v1.exe';
  const ids = plan.pods.flatMap((p) => [p.sandboxId, p.containerId]);
  return ids
    .map(
      (id) =>
        `${id}\n    Windows Server Container, \tRunning, ${guidOf(id).toUpperCase()}, ${owner}\n`,
    )
    .join('\n');
}
