import { podEndpoints } from '../pod-endpoints';
import { endpointRef, vfpPortRef } from '../../snapshot/entity-ref';
import { podPortName, podPorts, wasListed, type PodPort } from '../../snapshot/vfp-ports';
import {
  doesNotApply,
  firedOrPassed,
  notChecked,
  passed,
  type FindingDraft,
  type Rule,
} from '../rule';
import { podPortsText, recreatePods, RESTART_HNS, SEED, someOf } from './remedies';

/** Layers that a pod's port cannot do without, by what they do. Names of single layers differ by build. */
const FAMILIES: readonly {
  readonly name: string;
  readonly pattern: RegExp;
  readonly does: string;
}[] = [
  { name: 'ACL_ENDPOINT_LAYER', pattern: /^ACL_ENDPOINT/i, does: 'network policies' },
  { name: 'SLB_NAT_LAYER', pattern: /^SLB_NAT/i, does: 'outbound NAT' },
  { name: 'LB', pattern: /^(?:LB|SLB_LB)/i, does: 'services' },
  { name: 'VNET', pattern: /^VNET_/i, does: 'routing and encapsulation' },
];

const layersOf = ({ dump, port }: PodPort): string[] =>
  dump.layers.filter((layer) => layer.port === port.index).map((layer) => layer.name);

export const rule: Rule = {
  meta: {
    id: 'VFP-LAYERS',
    step: 6,
    severity: 'error',
    title: 'Pod ports have their VFP layers',
    description:
      'The port of a pod has layers for policies, NAT, load balancing and routing. A port without any layer was never programmed; one that lacks a kind of layer its siblings have was programmed in part.',
    impact: 'Policies of that pod cannot apply: no NAT, no services or no way to other nodes.',
    needs: ['vfp'],
    modes: ['l2bridge', 'overlay', 'l2tunnel'],
    falsePositives:
      'Layer sets differ by build, so a port is only held against the other pod ports of the same node.',
    references: [SEED],
    explains: ['OUT-NAT-VFP', 'SVC-VFP-LB-MISSING', 'IN-OVL-VFP-DRIFT', 'OUT-EXC-3WAY'],
  },
  check({ snapshot }) {
    // The source VIP's endpoint of an overlay node has a port with fewer layers than pods have.
    const pods = new Set(podEndpoints(snapshot));
    const led = podPorts(snapshot);
    const certain = led.filter(({ endpoint }) => endpoint !== undefined && pods.has(endpoint));
    const all = certain.length > 0 ? certain : led;
    if (all.length === 0) {
      return snapshot.endpoints.length > 0
        ? doesNotApply('The dump holds no port of a pod of this node')
        : notChecked('The ports of pods cannot be told without the endpoints', 'endpoints');
    }
    const ports = all.filter(({ port }) => wasListed(port));
    if (ports.length === 0)
      return notChecked('No pod port was listed completely in the dump', 'vfp');
    const layers = new Map(ports.map((port) => [port, layersOf(port)]));
    const has = (port: PodPort, pattern: RegExp): boolean =>
      (layers.get(port) ?? []).some((name) => pattern.test(name));
    const findings: FindingDraft[] = [];
    for (const port of ports) {
      const own = layers.get(port) ?? [];
      const siblings = ports.filter((p) => p !== port && (layers.get(p) ?? []).length > 0);
      const missing = FAMILIES.filter(({ pattern }) => {
        const having = siblings.filter((p) => has(p, pattern)).length;
        return !has(port, pattern) && having > 0 && having * 2 >= siblings.length;
      });
      if (own.length > 0 && missing.length === 0) continue;
      const name = podPortName(port);
      findings.push({
        title:
          own.length === 0
            ? `VFP was never programmed for ${name}`
            : `VFP lacks layers for ${name}`,
        summary:
          own.length === 0
            ? `Port ${port.port.name} has no layer at all, although its listing succeeded.`
            : `Port ${port.port.name} has ${own.length} layers and none for ${missing.map((f) => `${f.does} (${f.name})`).join(', ')}, which ${podPortsText(siblings.length)} of this node have.`,
        cause: 'HNS did not finish programming the port when the endpoint was made or restored.',
        remedy: [recreatePods(snapshot, [port]), RESTART_HNS],
        entities: [
          vfpPortRef(port.dump.file, port.port.index, port.port.name),
          ...(port.endpoint ? [endpointRef(port.endpoint)] : []),
        ],
        evidence: [port.port.evidence, ...(siblings[0] ? [siblings[0].port.evidence] : [])],
      });
    }
    const [first] = ports;
    const sample = first ? someOf(layers.get(first) ?? [], 4) : '';
    if (findings.length === 0 && ports.length === 1) {
      return passed(
        `The only pod port that was listed has ${sample}; no sibling to hold it against`,
      );
    }
    return firedOrPassed(
      findings,
      `All ${podPortsText(ports.length)} that were listed have the layers of their siblings (${sample})`,
    );
  },
};
