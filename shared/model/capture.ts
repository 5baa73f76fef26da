import type { Sourced } from './evidence';

/** How one flow is wrapped: the tunnel's network and its outer addresses as first seen. */
export interface FlowTunnel {
  readonly kind: 'VXLAN' | 'NVGRE' | 'GRE' | 'Geneve';
  /** VNI, virtual subnet id or key. */
  readonly network: number;
  readonly outerFrom: string;
  readonly outerTo: string;
}

/** Counts of one side of a flow. */
export interface FlowSide {
  readonly address: string;
  /** Undefined where the protocol has none. */
  readonly port: number | undefined;
  readonly packets: number;
  /** Bytes on the wire. */
  readonly bytes: number;
  /** All TCP flags it sent, as in the header. */
  readonly tcpFlags: number;
  readonly retransmissions: number;
  readonly resets: number;
}

/**
 * Packets between two addresses and ports in one tunnel, both ways. A packet that was captured at
 * several places counts once. Times are milliseconds UTC.
 */
export interface CapturedFlow {
  readonly index: number;
  /** `TCP`, `UDP`, `ICMP`, `ICMPv6`, `ARP`, or the number. */
  readonly protocol: string;
  /** IP protocol number; 65536 and the ethertype for what is not IP. */
  readonly protocolNumber: number;
  /** Who opened it, as far as the packets tell. */
  readonly client: FlowSide;
  readonly server: FlowSide;
  readonly tunnel: FlowTunnel | undefined;
  readonly vlan: number;
  readonly firstTime: number;
  readonly lastTime: number;
  readonly synPackets: number;
  readonly synAckPackets: number;
  /** Captured appearances of all its packets: more than packets where several places captured. */
  readonly sightings: number;
  /** Packets that the capture marks as dropped. */
  readonly dropped: number;
  readonly fragments: number;
  /** ICMP errors about this flow. */
  readonly icmpErrors: number;
  /** A SYN, echo or ARP request without any answer though the capture went on. */
  readonly unansweredOpening: boolean;
  readonly dnsQueries: number;
  readonly dnsUnanswered: number;
  /** Answers with an error code (NXDOMAIN is counted apart: search lists make many). */
  readonly dnsErrors: number;
  readonly dnsNotFound: number;
  /** Names asked for, the first few. */
  readonly dnsNames: readonly string[];
  /** Index of its first packet. */
  readonly firstPacket: number;
}

/** The same packet before and after something on the node changed it, seen `count` times. */
export interface ObservedRewrite {
  readonly fromFlow: number;
  readonly toFlow: number;
  /** What differs. */
  readonly changes: readonly ('source' | 'destination' | 'mac' | 'encapsulated' | 'decapsulated')[];
  /** Source and destination MAC before and after, where both frames have them. */
  readonly macs:
    | {
        readonly from: readonly [source: string, destination: string];
        readonly to: readonly [source: string, destination: string];
      }
    | undefined;
  /** Whether the packet travelled from the client to the server of `fromFlow`. */
  readonly fromClient: boolean;
  readonly count: number;
  /** Packets of the first such pair. */
  readonly packets: readonly [before: number, after: number];
}

/** An interface that was captured at; with pktmon, a component of the network stack. */
export interface CapturePlace {
  readonly index: number;
  readonly name: string;
  readonly description: string;
  readonly linkType: number;
  readonly snapLength: number;
  readonly packets: number;
  readonly lost: number;
}

/** What a packet capture holds. Flows are made on demand: there can be hundreds of thousands. */
export interface Capture extends Sourced {
  readonly file: string;
  readonly format: 'pcap' | 'pcapng';
  readonly bytes: number;
  readonly packetCount: number;
  readonly flowCount: number;
  /** Milliseconds UTC; undefined where no packet has a time. */
  readonly firstTime: number | undefined;
  readonly lastTime: number | undefined;
  /** Captured at several components with group ids: made by pktmon. */
  readonly fromPktmon: boolean;
  readonly places: readonly CapturePlace[];
  /** Packets of which not all bytes were kept, and the most bytes kept of such a one. */
  readonly shortened: { readonly packets: number; readonly mostBytes: number };
  /** Packets in a tunnel of which the inner headers are missing because they were cut. */
  readonly innerCut: number;
  readonly rewrites: readonly ObservedRewrite[];
  readonly notes: readonly string[];
  flow(index: number): CapturedFlow;
  /** Source and destination MAC of the innermost frame of a packet; undefined where it has none. */
  macsOf(packet: number): readonly [source: string, destination: string] | undefined;
}
