import type { Evidence } from '../model/evidence';
import type { EntityRef } from '../model/finding';
import type { HnsLoadBalancer } from '../model/hns';
import { mac } from '../model/ids';
import type { VfpRuleBody } from '../model/vfp';
import type { AssumptionId } from './assumptions';
import { ended, type Disposition } from './disposition';
import { decapsulated, mapEncapsulated, routeEncapsulated } from './encap-rules';
import { balanced, mapNatted, natted, outboundNatted } from './nat-rules';
import type { NodeView, PortPlace } from './node-view';
import type { PacketHeader } from './packet';
import type { BranchChoice } from './steps';

/** What a rule does to one header. A rule with several outcomes gives one effect for each. */
export interface Effect {
  readonly after: PacketHeader;
  readonly text: string;
  readonly choice?: BranchChoice | undefined;
  readonly end?: Disposition | undefined;
  /** Made when the step is written down. */
  readonly remarks?: (() => readonly string[]) | undefined;
  readonly assumes?: readonly AssumptionId[] | undefined;
  readonly evidence?: readonly Evidence[] | undefined;
  readonly entities?: readonly EntityRef[] | undefined;
  /** The load balancer that the chosen address comes from. */
  readonly balancer?: HnsLoadBalancer | undefined;
}

/** Where a rule acts. */
export interface RuleContext {
  readonly view: NodeView;
  readonly place: PortPlace;
  readonly evidence: Evidence;
}

/** What the rule does to the header, by its type (vfpctrl's rule types; docs/vfp-semantics.md). */
export function effectsOf(
  body: VfpRuleBody,
  header: PacketHeader,
  context: RuleContext,
): readonly Effect[] {
  const name = body.name;
  switch (body.type) {
    case 'allow':
      return [{ after: header, text: `${name} allows it` }];
    case 'block':
      return [
        {
          after: header,
          text: `${name} blocks it`,
          end: ended('dropped-by-rule', `Rule ${name} blocks the packet.`, [context.evidence]),
        },
      ];
    case 'lbnat':
      return balanced(body, header, context);
    case 'nat':
      return natted(body, header, context);
    case 'dynnat':
      return outboundNatted(body, header, context);
    case 'mapnat':
      return mapNatted(body, header, context);
    case 'transposition':
      return [transposed(body, header)];
    case 'routeencap':
      return routeEncapsulated(body, header, context);
    case 'mapencap':
      return mapEncapsulated(body, header, context);
    case 'decap':
      return decapsulated(body, header);
    case 'paroute':
      return [
        {
          after: header,
          text: `${name} lets the outer header be routed`,
          assumes: ['host-routes'],
        },
      ];
    case 'meter':
      return [{ after: header, text: `${name} counts it` }];
    case 'redirect':
    case 'other':
      return [
        {
          after: header,
          text: `${name} is of type "${body.typeText}", which is not interpreted`,
          remarks: () => (body.data.length === 0 ? [] : [`Its data: ${body.data.join('; ')}`]),
          assumes: ['not-interpreted'],
        },
      ];
  }
}

/** The lines below `Modify:` set fields; lines that are not known are named. */
function transposed(body: VfpRuleBody, header: PacketHeader): Effect {
  const port = (key: RegExp): number | undefined => {
    const value = body.data.map((line) => key.exec(line)?.[1]).find((v) => v !== undefined);
    return value === undefined ? undefined : Number(value);
  };
  const after: PacketHeader = {
    ...header,
    sourceMac: mac(body.setSourceMac ?? '') ?? header.sourceMac,
    destinationMac: mac(body.setDestinationMac ?? '') ?? header.destinationMac,
    sourceIp: body.setSourceIp ?? header.sourceIp,
    destinationIp: body.setDestinationIp ?? header.destinationIp,
    sourcePort: port(/^Source port\s*:\s*(\d{1,5})$/i) ?? header.sourcePort,
    destinationPort: port(/^Destination port\s*:\s*(\d{1,5})$/i) ?? header.destinationPort,
  };
  const unread = body.data.filter(
    (line) => !/^(?:Transposition:|Modify:|(?:Source|Destination) (?:MAC|IP|port)\s*:)/i.test(line),
  );
  return {
    after,
    text: `${body.name} rewrites the header`,
    ...(unread.length === 0
      ? {}
      : {
          remarks: () => [`Not interpreted: ${unread.join('; ')}`],
          assumes: ['not-interpreted'] as const,
        }),
  };
}
