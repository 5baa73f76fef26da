import type { HnsLoadBalancer } from '../model/hns';
import { parseRuleName } from '../model/vfp-rule-name';
import { isWholeListing } from '../rules/evidence-lines';
import { loadBalancerName, loadBalancerRef } from '../snapshot/entity-ref';
import { ended, type Disposition } from './disposition';
import type { NodeView, PortPlace } from './node-view';
import { addressText, type PacketHeader } from './packet';
import type { TraceStep } from './steps';
import { walkPort } from './vfp-walk';
import { onward, passing, type Walking } from './walking';

/**
 * A packet at the host's port for a load balancer that has the node's own address (a NodePort). The
 * port turns it back into the switch, where its OUT rules balance it as they do for the host's own
 * packets (docs/vfp-semantics.md, `nodeport-turned-back`). `on` is how the switch goes on with it.
 */
export function atNodePort(
  walking: Walking,
  view: NodeView,
  lb: HnsLoadBalancer,
  from: 'host' | 'elsewhere',
  on: (walking: Walking) => readonly Walking[],
): readonly Walking[] {
  const { header } = walking;
  const { hostPort } = view;
  // A rule on the way to the host translated it already.
  if (!view.isHostAddress(header.destinationIp)) return on(walking);
  if (hostPort === undefined) return [{ ...walking, end: hostPortMissing(header, lb) }];
  // The host's own packets met the OUT rules before they came here.
  if (from === 'host') return [{ ...walking, end: untranslated(header, lb, hostPort) }];
  const hairpin = walking.steps.findLast(isHairpin);
  const turned = passing(
    walking,
    'switch',
    { node: view.snapshot.node, column: 'host', name: hostPort.name },
    `the ${hostPort.name} turns it back into the switch, for ${loadBalancerName(lb)}`,
    {
      evidence: [...(hairpin?.evidence ?? []), ...lb.evidence].slice(0, 1),
      entities: [loadBalancerRef(lb)],
      assumes: ['nodeport-turned-back'],
    },
  );
  return onward(walkPort(turned, view, hostPort, 'OUT'), (each) =>
    isUnchanged(each.header, header)
      ? [{ ...each, end: untranslated(header, lb, hostPort) }]
      : on(each),
  );
}

/**
 * A packet that comes to the node at a NodePort for which HNS has no load balancer: no program
 * listens there, so it is not delivered. Where HNS has none at all, something else may balance on
 * this node. Undefined where no service has the port.
 */
export function withoutBalancer(
  { header }: Walking,
  { snapshot, nodePortService }: NodeView,
): Disposition | undefined {
  const { destinationIp, destinationPort, protocol } = header;
  if (protocol !== 6 && protocol !== 17) return undefined;
  const service = nodePortService(destinationIp, destinationPort, protocol);
  if (service === undefined) return undefined;
  const stands = `${frontendText(header)} is the NodePort of service ${service.namespace ?? 'default'}/${service.name}`;
  const evidence = service.evidence.slice(0, 1);
  return snapshot.loadBalancers.length > 0 && isWholeListing(snapshot, 'hns-load-balancers')
    ? ended(
        'no-endpoint',
        `${stands}, and HNS has no load balancer for it: nothing on the node takes it${service.externalTrafficPolicy === 'Local' ? '. With externalTrafficPolicy Local that is so on every node without a ready backend' : ''}.`,
        evidence,
      )
    : ended(
        'insufficient-information',
        `${stands}, and no load balancer of HNS is in the case, or not all of them are.`,
        evidence,
        [
          {
            what: 'the load balancers of HNS',
            command: 'Get-HnsPolicyList | ConvertTo-Json -Depth 20',
            where: 'node',
          },
        ],
      );
}

const isHairpin = (step: TraceStep): boolean =>
  step.kind === 'rule' && parseRuleName(step.rule.name).kind === 'hairpin';

const isUnchanged = (after: PacketHeader, before: PacketHeader): boolean =>
  after.encap.length === 0 &&
  after.destinationIp === before.destinationIp &&
  after.destinationPort === before.destinationPort;

const frontendText = ({ destinationIp, destinationPort, protocol }: PacketHeader): string =>
  addressText(destinationIp, destinationPort, protocol);

function hostPortMissing(header: PacketHeader, lb: HnsLoadBalancer): Disposition {
  return ended(
    'insufficient-information',
    `${loadBalancerName(lb)} stands at ${frontendText(header)} in HNS; the rules of the host's port, which translate it, are not in the case.`,
    lb.evidence.slice(0, 1),
    [
      {
        what: "the VFP rules of the host's port",
        command: 'vfpctrl /port <host vNIC port> /list-rule',
        where: 'node',
      },
    ],
  );
}

/** Nothing translates it. A port that balances nothing at all may be of a build that does it elsewhere. */
function untranslated(
  header: PacketHeader,
  lb: HnsLoadBalancer,
  { dump, port }: PortPlace,
): Disposition {
  const balances = dump
    .rulesOfPort(port.index)
    .some((rule) => ['lbnat', 'nat'].includes(dump.body(dump.bodyIdOf(rule)).type));
  const stands = `${loadBalancerName(lb)} stands at ${frontendText(header)} in HNS`;
  return balances
    ? ended(
        'no-endpoint',
        `${stands}, and no rule of the host's port translates it, while rules for other load balancers are there.`,
        lb.evidence.slice(0, 1),
      )
    : ended(
        'insufficient-information',
        `${stands}, and the host's port has no load balancing at all: where this build translates packets from outside is not on public record.`,
        lb.evidence.slice(0, 1),
        [
          {
            what: "VFP's own answer for this packet",
            command: 'vfpctrl /port <external port> /process-tuples',
            where: 'node',
          },
        ],
      );
}
