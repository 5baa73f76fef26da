import type { VfpDump, VfpPort } from '../../model/vfp';
import { endpointRef, vfpPortRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { argument, kubectlOnPod } from '../commands';
import { firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';
import { NETWORK_HEALTH } from './remedies';

/** What of the state stops traffic, in words; undefined for an open port. */
function blockedBy(port: VfpPort): string | undefined {
  const { state } = port;
  if (state?.blocked === true) return 'Blocked is TRUE';
  if (state?.blockedOnRestore === true) return 'BlockedOnRestore is TRUE';
  if (state?.blockedLayerCreation === true) return 'BlockedLayerCreation is TRUE';
  return undefined;
}

/** A port that nothing refers to any more, such as that of a container that has just ended. */
function isLeftOver(snapshot: NodeSnapshot, dump: VfpDump, port: VfpPort): boolean {
  if (snapshot.endpoints.length === 0) return false;
  if (snapshot.links.endpointOfVfpPort.has(`${dump.file}#${port.index}`)) return false;
  const known = snapshot.vswitchPorts.find((p) => p.name === port.name);
  const friendly = port.friendlyName ?? known?.friendlyName ?? '';
  return !/external|host/i.test(`${friendly} ${known?.portType ?? ''}`);
}

export const rule: Rule = {
  meta: {
    id: 'VFP-PORT-BLOCKED',
    step: 6,
    severity: 'error',
    title: 'No VFP port is blocked',
    description:
      'VFP can block a port of the vSwitch as a whole, for instance while it restores a saved state. The state of each port of a pod, of the host and of the uplink is looked at.',
    impact: 'Everything that enters or leaves through the port is dropped.',
    needs: ['vfp'],
    falsePositives:
      'The port of a container that has just ended. Ports that no endpoint refers to are left out.',
    references: [NETWORK_HEALTH],
    explains: ['SVC-DIP-REACH', 'CT-POD-POD-LOCAL', 'CT-POD-POD-REMOTE', 'CT-NODE-TO-POD'],
  },
  check({ snapshot }) {
    const ports = snapshot.vfp.flatMap((dump) => dump.ports.map((port) => ({ dump, port })));
    const stated = ports.filter(({ port }) => port.state !== undefined);
    if (stated.length === 0) {
      return notChecked(
        'The dump shows rules, and the state of no port (vfpctrl /get-port-state)',
        'vfp',
      );
    }
    const blocked = stated.filter(({ port }) => blockedBy(port) !== undefined);
    const left = blocked.filter(({ dump, port }) => isLeftOver(snapshot, dump, port));
    const findings = blocked
      .filter((place) => !left.includes(place))
      .map(({ dump, port }): FindingDraft => {
        const endpoint = snapshot.links.endpointOfVfpPort.get(`${dump.file}#${port.index}`);
        const pod = endpoint && snapshot.links.podOf.get(endpoint);
        const who = pod
          ? `pod ${pod.name}`
          : (endpoint?.ipAddresses[0] ?? port.friendlyName ?? `port ${port.name}`);
        return {
          title: `VFP blocks all traffic of ${who}`,
          summary: `The state of VFP port ${port.name} says: ${blockedBy(port) ?? 'blocked'}.`,
          cause:
            'The port was blocked while its state was saved or its layers were made, and never opened again.',
          remedy: endpoint
            ? [
                {
                  text: 'Delete the pod, so that it gets a new port.',
                  command: kubectlOnPod('delete', pod),
                  disturbs: 'The pod is interrupted.',
                  verify: {
                    kind: 'command',
                    command: 'vfpctrl /port <guid> /get-port-state',
                    shows: 'prints Blocked : FALSE',
                  },
                },
              ]
            : [
                {
                  text: 'Drain the node and make its HNS network again: this is a port of the host or the uplink.',
                  command:
                    'kubectl drain <node> --ignore-daemonsets; Restart-Service hns; Restart-Service flanneld; Restart-Service kubeproxy',
                  disturbs: 'Networking of all pods of the node.',
                  verify: {
                    kind: 'command',
                    command: `vfpctrl /port ${argument(port.name)} /get-port-state`,
                    shows: 'prints Blocked : FALSE',
                  },
                },
              ],
          entities: [
            vfpPortRef(dump.file, port.index, port.name),
            ...(endpoint ? [endpointRef(endpoint)] : []),
          ],
          evidence: [port.state?.evidence ?? port.evidence],
        };
      });
    const rest =
      left.length > 0 ? `; ${left.length} blocked ports belong to no endpoint any more` : '';
    return firedOrPassed(
      findings,
      `${stated.length - left.length} of ${ports.length} ports are open by their state${rest}`,
    );
  },
};
