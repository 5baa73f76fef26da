import type { HnsEndpoint } from '../model/hns';
import type { VfpRuleBody } from '../model/vfp';
import { endpointRef } from '../snapshot/entity-ref';
import { ended } from './disposition';
import { inOwnPodSubnet } from './node-view';
import type { PacketHeader } from './packet';
import type { Effect, RuleContext } from './transform';

const ofSource = (body: VfpRuleBody, { view }: RuleContext): string | undefined =>
  body.encapSource ?? view.snapshot.addresses.managementIp?.value;

/** Overlay to another node: the destinations are in the rule; the inner MAC becomes the peer's router's. */
export function routeEncapsulated(
  body: VfpRuleBody,
  header: PacketHeader,
  context: RuleContext,
): readonly Effect[] {
  if (body.encapDestinations.length === 0) {
    return [
      {
        after: header,
        text: `${body.name} encapsulates to a destination that is not shown`,
        end: ended(
          'insufficient-information',
          `Rule ${body.name} shows no encap destination.`,
          [context.evidence],
          [
            {
              what: 'the rule with all of its data',
              command: 'vfpctrl /port <port> /list-rule',
              where: 'node',
            },
          ],
        ),
      },
    ];
  }
  return body.encapDestinations.map(({ ip, mac, greKey }) => {
    const vni = greKey ?? body.greKey;
    return {
      after: {
        ...header,
        destinationMac: mac ?? header.destinationMac,
        encap: [
          { kind: 'vxlan' as const, sourceIp: ofSource(body, context), destinationIp: ip, vni },
          ...header.encap,
        ],
      },
      text: `${body.name} puts it into VXLAN ${vni ?? '(VNI not shown)'} to ${ip}`,
      choice:
        body.encapDestinations.length === 1
          ? undefined
          : ({ kind: 'encap-destination', text: ip } as const),
      assumes: ['behind-encap' as const],
    };
  });
}

/** The provider address that HNS keeps with a remote endpoint. */
const providerOf = (endpoint: HnsEndpoint): string | undefined =>
  endpoint.policies.flatMap((p) => (p.kind === 'provider-address' ? [p.address] : []))[0];

/**
 * Encapsulation by a map space: an endpoint of this node needs no tunnel, one elsewhere is at the
 * provider address that HNS has for it.
 */
export function mapEncapsulated(
  body: VfpRuleBody,
  header: PacketHeader,
  context: RuleContext,
): readonly Effect[] {
  const { view, evidence } = context;
  const endpoint = view.anyEndpoint(header.destinationIp);
  if (endpoint !== undefined && endpoint.isRemote !== true) {
    return [
      {
        after: { ...header, destinationMac: endpoint.mac ?? header.destinationMac },
        text: `${body.name}: ${header.destinationIp} is on this node, no tunnel is needed`,
        assumes: ['local-overlay'],
        entities: [endpointRef(endpoint)],
      },
    ];
  }
  const provider = endpoint && providerOf(endpoint);
  if (endpoint !== undefined && provider !== undefined) {
    return [
      {
        after: {
          ...header,
          destinationMac: endpoint.mac ?? header.destinationMac,
          encap: [
            {
              kind: 'vxlan',
              sourceIp: ofSource(body, context),
              destinationIp: provider,
              vni: body.greKey,
            },
            ...header.encap,
          ],
        },
        text: `${body.name} puts it into VXLAN ${body.greKey ?? '(VNI not shown)'} to ${provider}, the provider of ${header.destinationIp}`,
        assumes: ['map-space', 'behind-encap'],
        evidence: endpoint.evidence.slice(0, 1),
        entities: [endpointRef(endpoint)],
      },
    ];
  }
  const own = inOwnPodSubnet(view, header.destinationIp) === true;
  return [
    {
      after: header,
      text: `${body.name} looks ${header.destinationIp} up in its map space`,
      end:
        own && view.endpointsListed
          ? ended(
              'no-endpoint',
              `${header.destinationIp} is in this node's pod subnet and no endpoint of HNS has it.`,
              [evidence],
            )
          : ended(
              'insufficient-information',
              `Where the map space of rule ${body.name} leads ${header.destinationIp} is not in the case.`,
              [evidence],
              [
                {
                  what: 'the mappings of the port',
                  command: 'vfpctrl /port <port> /list-mapping',
                  where: 'node',
                },
              ],
            ),
    },
  ];
}

/** Takes the outermost header off; a packet that is in no tunnel passes. */
export function decapsulated(body: VfpRuleBody, header: PacketHeader): readonly Effect[] {
  return [
    header.encap.length === 0
      ? { after: header, text: `${body.name} finds no outer header to take off` }
      : {
          after: { ...header, encap: header.encap.slice(1) },
          text: `${body.name} takes the outer header off`,
        },
  ];
}
