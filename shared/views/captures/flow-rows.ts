import type { CaptureIndex } from '../../capture/capture-index';
import { isRefused } from '../../capture/filter/match-filter';
import type { FlowQuestionView } from '../../ipc/flow-question';
import type { CapturedFlow, FlowSide } from '../../model/capture';
import type { EntityRef } from '../../model/finding';
import type { CaptureObjects } from './capture-objects';

export type FlowTone = 'error' | 'warning' | 'info' | 'ok';

/** One thing worth knowing of a flow. */
export interface FlowMark {
  readonly tone: FlowTone;
  readonly text: string;
}

export interface FlowEnd {
  readonly text: string;
  readonly object: EntityRef | undefined;
}

export interface FlowRow {
  readonly index: number;
  readonly time: number;
  readonly seconds: number;
  readonly protocol: string;
  readonly client: FlowEnd;
  readonly server: FlowEnd;
  readonly packets: readonly [fromClient: number, fromServer: number];
  readonly bytes: number;
  readonly tunnel: string;
  readonly names: string;
  readonly marks: readonly FlowMark[];
  readonly trace: FlowQuestionView | undefined;
}

/** A flow as a row of the table. */
export function flowRow(capture: CaptureIndex, objects: CaptureObjects, index: number): FlowRow {
  const flow = capture.flow(index);
  const { client, server, tunnel } = flow;
  const end = (side: FlowSide): FlowEnd => ({
    text: withPort(side),
    object: objects.at(side.address, side.port, flow.protocolNumber)[0],
  });
  return {
    index,
    time: flow.firstTime,
    seconds: (flow.lastTime - flow.firstTime) / 1000,
    protocol: flow.protocol,
    client: end(client),
    server: end(server),
    packets: [client.packets, server.packets],
    bytes: client.bytes + server.bytes,
    tunnel:
      tunnel === undefined
        ? ''
        : `${tunnel.kind} ${tunnel.network}, ${tunnel.outerFrom} – ${tunnel.outerTo}`,
    names: flow.dnsNames.join(', '),
    marks: flowMarks(flow),
    trace: traceQuestion(flow),
  };
}

const withPort = ({ address, port }: FlowSide): string =>
  port === undefined ? address : `${address.includes(':') ? `[${address}]` : address}:${port}`;

const times = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** What a flow shows, the worst first. */
export function flowMarks(flow: CapturedFlow): FlowMark[] {
  const marks: FlowMark[] = [];
  const add = (when: boolean, tone: FlowTone, text: string): void => {
    if (when) marks.push({ tone, text });
  };
  const { client, server } = flow;
  const resets = client.resets + server.resets;
  const again = client.retransmissions + server.retransmissions;
  add(flow.dropped > 0, 'error', times(flow.dropped, 'drop'));
  add(flow.unansweredOpening, 'error', 'unanswered');
  add(
    flow.dnsUnanswered > 0,
    'error',
    times(flow.dnsUnanswered, 'query', 'queries') + ' unanswered',
  );
  add(flow.dnsErrors > 0, 'error', times(flow.dnsErrors, 'DNS error'));
  add(isRefused(flow), 'warning', 'refused');
  add(!isRefused(flow) && resets > 0, 'warning', times(resets, 'reset'));
  add(flow.icmpErrors > 0, 'warning', times(flow.icmpErrors, 'ICMP error'));
  add(again > 0, again > 2 ? 'warning' : 'info', `${again} sent again`);
  add(flow.dnsNotFound > 0, 'info', `${flow.dnsNotFound} NXDOMAIN`);
  add(flow.fragments > 0, 'info', times(flow.fragments, 'fragment'));
  return marks;
}

/** The question to the trace that this flow is the answer to; undefined for what no trace follows. */
export function traceQuestion(flow: CapturedFlow): FlowQuestionView | undefined {
  const { client, server } = flow;
  const from = client.address;
  const to = server.address;
  switch (flow.protocolNumber) {
    case 6:
    case 17:
      return {
        from,
        to: withPort(server),
        protocol: flow.protocolNumber === 6 ? 'tcp' : 'udp',
        ...(client.port === undefined || client.port === 0 ? {} : { sourcePort: client.port }),
      };
    case 1:
      return { from, to, protocol: 'icmp' };
    default:
      return undefined;
  }
}
