import { cniConfigRef, networkRef } from '../../snapshot/entity-ref';
import { argument } from '../commands';
import { fieldEvidence } from '../evidence-lines';
import { REF } from '../references';
import type { Rule } from '../rule';
import { doesNotApply, fired, notChecked, passed } from '../rule';
import { activeConfig, STATIC_CNIS, unreadable } from './active-config';
import { repairConfig } from './repair';

export const rule: Rule = {
  meta: {
    id: 'CNI-NAME-HNS',
    step: 5,
    severity: 'error',
    title: 'The network of the CNI configuration exists in HNS',
    description:
      'win-bridge, win-overlay and their kin look the HNS network up by the name of the configuration. Letter case does not count.',
    impact: 'The plugin finds no network and no pod gets an endpoint.',
    needs: ['cniConfig', 'networks'],
    cnis: STATIC_CNIS,
    falsePositives:
      'azure-vnet and Calico make their network with the first pod and are not checked.',
    references: [REF.article, REF.windowsPlugins],
    explains: ['HNS-NET-MISSING', 'EV-SANDBOX-FAILED', 'EV-CONTAINERCREATING', 'EV-HRESULT'],
  },
  check({ snapshot }) {
    const active = activeConfig(snapshot);
    if (!active) return unreadable();
    if (active.endpointPlugin === 'nat')
      return doesNotApply('The configuration in use is that of a nat network');
    const name = active.config.name;
    if (!name) return notChecked('The configuration has no name', 'cniConfig');
    const found = snapshot.networks.find((n) => n.name?.toLowerCase() === name.value.toLowerCase());
    if (found) return passed(`HNS has the network ${found.name ?? name.value}`);
    if (snapshot.evidence.get('hns-networks')?.state === 'partial') {
      return notChecked(
        'The listing of HNS networks is cut, and the network may be in the lost part',
        'networks',
      );
    }
    const names = snapshot.networks.map((n) => n.name ?? n.id);
    return fired({
      title: `No pod gets a network: HNS has none called "${name.value}"`,
      summary: `The CNI configuration is for the network "${name.value}"; HNS has ${names.length === 0 ? 'no network at all' : names.join(', ')}.`,
      cause: names.some((n) => !/^(nat|none|external|ext|default switch)$/i.test(n))
        ? 'Configuration and agent use different names (cbr0, vxlan0, flannel.4096).'
        : 'The CNI agent has not made the network: it did not run, failed, or the network was removed.',
      remedy: [
        ...repairConfig(
          active,
          'Set "name" to the name of the network that HNS shows, or name the network in net-conf.json (Backend.Name) as the configuration does.',
          {
            kind: 'command',
            command: 'Get-HnsNetwork',
            shows: 'shows a network of that name, and new pods get addresses',
          },
        ),
        {
          text: 'If HNS has no pod network at all, start the CNI agent.',
          command: 'Restart-Service flanneld',
          disturbs: 'Making the network interrupts the connections of the node for some seconds.',
          verify: {
            kind: 'command',
            command: `Get-HnsNetwork | ? Name -eq ${argument(name.value)}`,
          },
        },
      ],
      entities: [cniConfigRef(active.config), ...snapshot.networks.map(networkRef)],
      evidence: [
        name.evidence,
        ...snapshot.networks.flatMap((n) => fieldEvidence(n, 'name')).slice(0, 4),
      ],
    });
  },
};
