import type { CaptureIndex } from '../../capture/capture-index';
import { completeFilter, type Completions } from '../../capture/filter/complete-filter';
import { flowTest } from '../../capture/filter/match-filter';
import { parseFilter, type FilterProblem } from '../../capture/filter/parse-filter';
import type { CapturedFlow } from '../../model/capture';
import { compareIpText } from '../../model/ip';
import type { Args } from '../../ipc/contract';
import type { CaptureObjects } from './capture-objects';

/** Columns that flows can be sorted by. */
export type FlowSort = NonNullable<Args<'captures:flows'>['sort']>['column'];

/** A span of time, milliseconds UTC; null: without end. */
export interface TimeSpan {
  readonly from: number | null;
  readonly to: number | null;
}

/** The flows that a filter picks, as a mark each, or why the filter cannot be read. */
export interface Picked {
  readonly picked: Uint8Array;
  readonly count: number;
  readonly problem: FilterProblem | undefined;
}

/** Runs a filter over all flows. One that cannot be read picks all, and says so. */
export function pickFlows(
  capture: CaptureIndex,
  objects: CaptureObjects,
  filter: string,
  { from, to }: TimeSpan,
): Picked {
  const parsed = parseFilter(filter);
  const picked = new Uint8Array(capture.flowCount);
  const test = parsed.ok ? flowTest(parsed.filter, objects.names) : (): boolean => true;
  const all = (!parsed.ok || parsed.filter.kind === 'all') && from === null && to === null;
  let count = 0;
  for (let index = 0; index < picked.length; index += 1) {
    const flow = all ? undefined : capture.flow(index);
    const inTime =
      flow === undefined ||
      ((to === null || flow.firstTime <= to) && (from === null || flow.lastTime >= from));
    if (!inTime || (flow !== undefined && !test(flow))) continue;
    picked[index] = 1;
    count += 1;
  }
  return { picked, count, problem: parsed.ok ? undefined : parsed.problem };
}

/** Indexes of the picked flows in the wanted order. */
export function flowOrder(
  capture: CaptureIndex,
  { picked, count }: Picked,
  sort: { readonly column: FlowSort; readonly descending: boolean } | null,
): Uint32Array {
  const order = new Uint32Array(count);
  let at = 0;
  for (let index = 0; index < picked.length; index += 1) {
    if (picked[index] !== 1) continue;
    order[at] = index;
    at += 1;
  }
  if (sort === null) return order;
  const keys = sortKeys(capture, order, sort.column);
  const sign = sort.descending ? -1 : 1;
  return order.sort((a, b) => sign * ((keys[a] ?? 0) - (keys[b] ?? 0)) || a - b);
}

/** A number for each flow that sorts as the column does. */
function sortKeys(capture: CaptureIndex, order: Uint32Array, column: FlowSort): Float64Array {
  const keys = new Float64Array(capture.flowCount);
  const texts = new Map<number, string>();
  for (const index of order) {
    const flow = capture.flow(index);
    switch (column) {
      case 'time':
        keys[index] = flow.firstTime;
        break;
      case 'packets':
        keys[index] = flow.client.packets + flow.server.packets;
        break;
      case 'bytes':
        keys[index] = flow.client.bytes + flow.server.bytes;
        break;
      case 'seconds':
        keys[index] = flow.lastTime - flow.firstTime;
        break;
      case 'trouble':
        keys[index] = troubleOf(flow);
        break;
      case 'protocol':
        texts.set(index, flow.protocol);
        break;
      case 'client':
      case 'server': {
        const { address, port } = flow[column];
        texts.set(index, address);
        keys[index] = port ?? 0;
        break;
      }
    }
  }
  if (texts.size > 0) {
    const unique = [...new Set(texts.values())].sort(compareIpText);
    const rank = new Map(unique.map((text, n) => [text, n]));
    for (const [index, text] of texts)
      keys[index] = (rank.get(text) ?? 0) * 0x10000 + (keys[index] ?? 0);
  }
  return keys;
}

/** How much is wrong with a flow, for sorting: what never worked before what was slow. */
export function troubleOf(flow: CapturedFlow): number {
  const { client, server } = flow;
  return (
    (flow.dropped > 0 ? 1e9 : 0) +
    (flow.unansweredOpening ? 5e8 : 0) +
    flow.dnsUnanswered * 1e6 +
    flow.dnsErrors * 1e5 +
    flow.icmpErrors * 1e4 +
    (client.resets + server.resets) * 100 +
    client.retransmissions +
    server.retransmissions
  );
}

/** Completion with the names of this node and the networks of this capture. */
export function completeCaptureFilter(
  capture: CaptureIndex,
  objects: CaptureObjects,
  text: string,
  cursor: number,
): Completions {
  return completeFilter(text, cursor, (word) => {
    if (word === 'pod' || word === 'service' || word === 'node')
      return (objects.known.get(word) ?? []).map(({ name, id }) => ({
        text: word === 'pod' ? name : id,
        about: id === name ? '' : id,
      }));
    if (word === 'vni')
      return [...new Set(capture.flows.tunnels.map(({ network }) => network))]
        .sort((a, b) => a - b)
        .map((network) => ({ text: String(network), about: 'seen in this capture' }));
    if (word === 'protocol')
      return ['TCP', 'UDP', 'ICMP', 'ICMPv6', 'ARP'].map((name) => ({ text: name, about: '' }));
    return [];
  });
}
