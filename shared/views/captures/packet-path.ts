import { MARK, type CaptureIndex } from '../../capture/capture-index';

/** One appearance of a packet. */
export interface Appearance {
  readonly index: number;
  readonly place: string;
  readonly from: string;
  readonly to: string;
  readonly tunnel: string;
  readonly dropped: boolean;
  /** What changed since the appearance before, in words; '' where nothing did. */
  readonly change: string;
}

/** All appearances of a packet at the places of the capture, in the order of the file. */
export function packetPath(capture: CaptureIndex, index: number): Appearance[] {
  const { packets, flows, addresses } = capture;
  const seen = capture.sightings.path(index).map((at) => {
    const flow = packets.flow.at(at);
    const fromB = (packets.marks.at(at) & MARK.fromB) !== 0;
    const end = (side: 0 | 1): string => {
      const { address, port } = flows.sides[side];
      const text = addresses.text(address.at(flow));
      return port.at(flow) === 0 ? text : `${text}:${port.at(flow)}`;
    };
    const tunnel = flows.tunnels[flows.tunnel.at(flow) - 1];
    return {
      index: at,
      place: capture.places[packets.place.at(at)]?.name ?? '',
      from: end(fromB ? 1 : 0),
      to: end(fromB ? 0 : 1),
      tunnel: tunnel === undefined ? '' : `${tunnel.kind} ${tunnel.network}`,
      dropped: (packets.marks.at(at) & MARK.dropped) !== 0,
      macs: [packets.sourceMac.at(at), packets.destinationMac.at(at)],
    };
  });
  return seen.map(({ macs, ...appearance }, n) => {
    const before = seen[n - 1];
    const changes: string[] = [];
    if (before !== undefined) {
      if (before.to !== appearance.to) changes.push('destination rewritten');
      if (before.from !== appearance.from) changes.push('source rewritten');
      const both = macs[0] !== 0 && before.macs[0] !== 0;
      if (both && (macs[0] !== before.macs[0] || macs[1] !== before.macs[1]))
        changes.push('MAC rewritten');
      if (before.tunnel === '' && appearance.tunnel !== '') changes.push('encapsulated');
      if (before.tunnel !== '' && appearance.tunnel === '') changes.push('decapsulated');
    }
    return { ...appearance, change: changes.join(', ') };
  });
}
