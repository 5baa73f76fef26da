import type { Evidence } from '../../model/evidence';
import { macText } from '../../model/ids';
import { endpointRef, vfpRuleRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { podEndpoints, wasListed } from '../../snapshot/vfp-ports';
import { kubectlOnPod } from '../commands';
import { doesNotApply, firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';
import { RESTART_HNS, SEED } from '../vfp/remedies';

interface Rewrite {
  readonly to: string | undefined;
  readonly file: string;
  readonly index: number;
  readonly name: string;
  readonly evidence: Evidence;
}

interface Rewrites {
  /** Rules by the MAC they rewrite. */
  readonly byMac: ReadonlyMap<string, readonly Rewrite[]>;
  /** The uplink's port, or another that has such a layer and is no pod's, was listed to its end. */
  readonly listed: boolean;
  readonly place: readonly Evidence[];
}

/** Rules that give packets of a container another source MAC on their way out of the node. */
function rewrites(snapshot: NodeSnapshot): Rewrites {
  const byMac = new Map<string, Rewrite[]>();
  const place: Evidence[] = [];
  let listed = false;
  for (const dump of snapshot.vfp) {
    for (const port of dump.ports) {
      const layers = dump.layers.filter((l) => l.port === port.index && /L2_REWRITE/i.test(l.name));
      const known = snapshot.vswitchPorts.find((p) => p.name === port.name);
      const uplink = /external/i.test(
        `${port.friendlyName ?? ''} ${known?.friendlyName ?? ''} ${known?.portType ?? ''}`,
      );
      const ofPod = snapshot.links.endpointOfVfpPort.has(`${dump.file}#${port.index}`);
      if ((layers.length > 0 || uplink) && !ofPod && wasListed(port)) {
        listed = true;
        place.push(layers[0]?.evidence ?? port.evidence);
      }
    }
    for (let id = 0; id < dump.bodyCount; id += 1) {
      const body = dump.body(id);
      if (body.type !== 'transposition' || body.conditions.sourceMacs.length === 0) continue;
      for (const index of dump.rulesOfBody(id)) {
        const found = {
          to: body.setSourceMac,
          file: dump.file,
          index,
          name: body.name,
          evidence: dump.rule(index).evidence,
        };
        for (const from of body.conditions.sourceMacs) {
          const rules = byMac.get(from);
          if (rules) rules.push(found);
          else byMac.set(from, [found]);
        }
      }
    }
  }
  return { byMac, listed, place };
}

/** MACs that the fabric knows this node by. */
function hostMacs(snapshot: NodeSnapshot): Set<string> {
  const macs = new Set<string>();
  if (snapshot.addresses.hostMac) macs.add(snapshot.addresses.hostMac.value);
  const pod = snapshot.networks.find((n) => n.id === snapshot.mode.podNetworkId);
  if (pod?.sourceMac !== undefined) macs.add(pod.sourceMac);
  for (const compartment of snapshot.compartments) {
    if (compartment.id !== 1) continue;
    for (const adapter of compartment.adapters)
      if (adapter.mac !== undefined) macs.add(adapter.mac);
  }
  return macs;
}

export const rule: Rule = {
  meta: {
    id: 'IN-L2REWRITE',
    step: 7,
    symptom: 'inter-node',
    severity: 'error',
    title: 'Packets of every pod leave with the MAC of the host',
    description:
      'On l2bridge VFP rewrites the source MAC of each pod to that of the host (layer EXTERNAL_L2_REWRITE). A pod without such a rule, or with a foreign MAC in it, sends frames that the fabric does not know.',
    impact:
      'The switch, hypervisor or cloud drops the packets of the pod: it reaches nothing outside its node.',
    needs: ['endpoints', 'vfp'],
    compares: ['endpoints', 'vfp'],
    modes: ['l2bridge'],
    falsePositives:
      'Overlay and transparent networks have no such layer, and some builds hold it on the external port only: any port of the dump counts.',
    references: [SEED],
    explains: ['CT-POD-POD-REMOTE', 'FLOW-POD-POD-L2B', 'CT-POD-INTERNET', 'CAP-DROP-MAC'],
  },
  check({ snapshot }) {
    const pods = podEndpoints(snapshot).filter((e) => e.mac !== undefined);
    if (pods.length === 0) return doesNotApply('This node has no pod endpoint with a MAC');
    const { byMac, listed, place } = rewrites(snapshot);
    if (!listed && !pods.some((e) => byMac.has(e.mac ?? ''))) {
      return notChecked(
        'The dump does not show the external port with its L2 rewrite layer',
        'vfp',
      );
    }
    const host = hostMacs(snapshot);
    const findings = pods.flatMap((endpoint): FindingDraft[] => {
      const mac = endpoint.mac ?? '';
      const rules = byMac.get(mac) ?? [];
      const name =
        snapshot.links.podOf.get(endpoint)?.name ?? endpoint.ipAddresses[0] ?? endpoint.id;
      if (rules.length === 0) {
        if (!listed) return [];
        return [
          {
            title: `Packets of ${name} leave the node with a MAC that nobody knows`,
            summary: `No rule rewrites the source MAC ${macText(mac)} of ${endpoint.ipAddresses[0] ?? 'the pod'}; ${byMac.size} other MACs are rewritten.`,
            cause: 'HNS did not add the rule for this endpoint to the external port.',
            remedy: [
              {
                text: 'Delete the pod, so that its endpoint and the rule are made anew.',
                command: kubectlOnPod('delete', snapshot.links.podOf.get(endpoint)),
                disturbs: 'The pod is interrupted.',
                verify: {
                  kind: 'command',
                  command:
                    'vfpctrl /port <external port> /layer EXTERNAL_L2_REWRITE_LAYER /list-rule',
                  shows: 'shows the MAC of the new pod',
                },
              },
              RESTART_HNS,
            ],
            entities: [endpointRef(endpoint)],
            evidence: [...endpoint.evidence.slice(0, 1), ...place.slice(0, 1)],
          },
        ];
      }
      const [wrong] =
        host.size === 0 || rules.some((r) => r.to !== undefined && host.has(r.to))
          ? []
          : rules.filter((r) => r.to !== undefined);
      if (!wrong) return [];
      return [
        {
          title: `Packets of ${name} leave the node with a MAC that is not the host's`,
          summary: `The rule for ${macText(mac)} sets the source MAC ${macText(wrong.to ?? '')}; the host has ${[...host].slice(0, 3).map(macText).join(', ')}.`,
          cause:
            'The MAC of the host changed (another NIC, a rebuilt virtual machine) after the network was made.',
          remedy: [
            {
              text: 'Drain the node and make the HNS network again, so that the rules take the present MAC.',
              command:
                'kubectl drain <node> --ignore-daemonsets; Get-HnsNetwork | ? Type -eq l2bridge | Remove-HnsNetwork; Restart-Service flanneld; Restart-Service kubeproxy',
              disturbs: 'Networking of all pods of the node.',
              verify: {
                kind: 'observation',
                text: 'The rules of EXTERNAL_L2_REWRITE_LAYER set the MAC of the host.',
              },
            },
          ],
          entities: [endpointRef(endpoint), vfpRuleRef(wrong.file, wrong.index, wrong.name)],
          evidence: [wrong.evidence, ...endpoint.evidence.slice(0, 1)],
        },
      ];
    });
    const unshown = pods.filter((e) => !byMac.has(e.mac ?? '')).length;
    if (findings.length === 0 && unshown > 0) {
      return notChecked(
        `The dump shows no rule for ${unshown} of ${pods.length} pod MACs, and not the external port`,
        'vfp',
      );
    }
    return firedOrPassed(
      findings,
      `${pods.filter((e) => byMac.has(e.mac ?? '')).length} of ${pods.length} pod MACs are rewritten to the host's`,
    );
  },
};
