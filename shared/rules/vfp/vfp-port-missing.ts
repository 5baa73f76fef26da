import { kubectlOnPod } from '../commands';
import { isWholeListing } from '../evidence-lines';
import type { HnsEndpoint } from '../../model/hns';
import { macText } from '../../model/ids';
import type { VSwitchPort } from '../../model/tcpip';
import { endpointRef } from '../../snapshot/entity-ref';
import { podEndpoints } from '../../snapshot/vfp-ports';
import { doesNotApply, firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';
import { SEED } from './remedies';

/** Only an endpoint that is attached (2) or shared (3) has a port; where the state is not known, it may have. */
const isAttached = (endpoint: HnsEndpoint): boolean => endpoint.state === 2 || endpoint.state === 3;

function unplugged(port: VSwitchPort): string | undefined {
  if (port.nicConnected === false) return 'its NIC is not connected';
  if (port.initialized === false) return 'it is not initialized';
  return undefined;
}

export const rule: Rule = {
  meta: {
    id: 'VFP-PORT-MISSING',
    step: 6,
    severity: 'error',
    title: 'Every attached endpoint has a connected port on the vSwitch',
    description:
      'A pod endpoint that HNS calls attached must have a port on the vSwitch, with its port GUID or its MAC, and that port must be connected.',
    impact: 'The virtual NIC of the pod leads nowhere: the pod has no network at all.',
    needs: ['endpoints', 'vswitchPorts'],
    compares: ['endpoints', 'vswitchPorts'],
    falsePositives:
      'Remote endpoints have no port. A pod that was being made or removed while the files were collected one after the other.',
    references: [SEED],
    explains: ['VFP-LAYERS', 'CT-POD-POD-LOCAL', 'CT-NODE-TO-POD', 'SVC-DIP-REACH'],
  },
  check({ snapshot }) {
    const endpoints = podEndpoints(snapshot).filter(isAttached);
    if (endpoints.length === 0) return doesNotApply('No pod endpoint is attached on this node');
    const ports = snapshot.vswitchPorts;
    if (
      !ports.some((p) => p.mac !== undefined) &&
      !endpoints.some((e) => e.portGuid !== undefined)
    ) {
      return notChecked(
        'Neither MACs of ports nor port GUIDs of endpoints were collected: they cannot be matched',
        'vswitchPorts',
      );
    }
    const cut = !isWholeListing(snapshot, 'vswitch-ports');
    const portOf = snapshot.links.vswitchPortOf;
    const gone = cut ? [] : endpoints.filter((e) => !portOf.has(e));
    const loose = endpoints.flatMap((endpoint) => {
      const port = portOf.get(endpoint);
      const why = port && unplugged(port);
      return port && why !== undefined ? [{ endpoint, port, why }] : [];
    });
    const remedy = (endpoint: HnsEndpoint): FindingDraft['remedy'] => [
      {
        text: 'Delete the pod, so that it gets a new endpoint and port.',
        command: kubectlOnPod('delete', snapshot.links.podOf.get(endpoint)),
        disturbs: 'The pod is interrupted.',
        verify: {
          kind: 'command',
          command: 'vfpctrl /list-vmswitch-port',
          shows: 'shows a connected port with the new MAC',
        },
      },
    ];
    const name = (e: HnsEndpoint): string =>
      snapshot.links.podOf.get(e)?.name ?? e.ipAddresses[0] ?? e.id;
    const findings = [
      ...gone.map((endpoint): FindingDraft => ({
        title: `${name(endpoint)} has no port on the vSwitch`,
        summary: `HNS calls endpoint ${endpoint.ipAddresses[0] ?? endpoint.id} attached (state ${endpoint.state ?? '?'}), and none of ${ports.length} vSwitch ports has ${endpoint.portGuid === undefined ? '' : `the name ${endpoint.portGuid} or `}the MAC ${endpoint.mac === undefined ? '(not known)' : macText(endpoint.mac)}.`,
        cause: 'The port was removed, or never made, while HNS kept the endpoint.',
        remedy: remedy(endpoint),
        entities: [endpointRef(endpoint)],
        evidence: [...endpoint.evidence.slice(0, 1), ...(ports[0]?.evidence.slice(0, 1) ?? [])],
      })),
      ...loose.map(({ endpoint, port, why }): FindingDraft => ({
        title: `The vSwitch port of ${name(endpoint)} is not connected`,
        summary: `Port ${port.name} of endpoint ${endpoint.ipAddresses[0] ?? endpoint.id}: ${why}.`,
        cause: 'The virtual NIC of the container was taken away, or its switch was made anew.',
        remedy: remedy(endpoint),
        entities: [
          endpointRef(endpoint),
          { kind: 'vswitch-port', id: port.name, name: port.friendlyName ?? port.name },
        ],
        evidence: [...port.evidence.slice(0, 1), ...endpoint.evidence.slice(0, 1)],
      })),
    ];
    if (findings.length === 0 && cut) {
      return notChecked(
        'The list of vSwitch ports was cut: ports that it does not show may exist',
        'vswitchPorts',
      );
    }
    return firedOrPassed(
      findings,
      `All ${endpoints.length} attached pod endpoints have a connected port`,
    );
  },
};
