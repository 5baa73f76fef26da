import { windowsServiceRef } from '../../snapshot/entity-ref';
import { VFP_NETWORK_TYPES } from '../../snapshot/node-snapshot';
import { fired, notChecked, passed, type Rule } from '../rule';
import { serviceState } from './service-state';

export const rule: Rule = {
  meta: {
    id: 'SYS-VFPEXT-RUNNING',
    step: 1,
    severity: 'error',
    title: 'The VFP driver (vfpext) is running',
    description:
      'Looks at the state and the start type of the driver vfpext. NAT, load balancing, ACLs and tunnels of pods are rules of VFP.',
    impact: 'No rule of VFP is applied: pods reach neither services nor other nodes.',
    needs: ['services'],
    modes: ['l2bridge', 'overlay', 'l2tunnel'],
    falsePositives:
      'Transparent networks (Antrea) do without VFP; the check does not apply to them.',
    references: [
      'https://github.com/microsoft/SDN/blob/master/Kubernetes/windows/debug/collectlogs.ps1',
      'https://learn.microsoft.com/virtualization/windowscontainers/container-networking/advanced',
    ],
    explains: ['VFP-LAYERS', 'VFP-PORT-MISSING', 'SVC-VFP-LB-MISSING', 'OUT-NAT-VFP'],
  },
  check({ snapshot }) {
    const driver = serviceState(snapshot, 'vfpext');
    if (!driver || (driver.running === undefined && driver.start === undefined))
      return notChecked('No output names the driver vfpext; Get-Service lists none', 'services');
    const network = snapshot.networks.find(
      ({ type }) => type !== undefined && VFP_NETWORK_TYPES.includes(type),
    );
    const stopped = driver.running === false;
    if (!stopped && driver.start !== 'disabled')
      return passed(driver.running ? 'vfpext is running' : 'vfpext is not disabled');
    if (!network) return passed('No HNS network of this node needs VFP');
    return fired({
      title: stopped
        ? 'The VFP driver is not running: no rule of pods is applied'
        : 'The VFP driver is disabled: after the next start no rule of pods is applied',
      severity: stopped ? 'error' : 'warning',
      summary: `The driver vfpext is ${stopped ? 'stopped' : 'running, but disabled'}, and the network ${network.name ?? network.id} needs it.`,
      cause:
        'The driver was disabled or stopped, or a filter driver in conflict with it was installed.',
      remedy: [
        {
          text: 'Let the driver start with the system, then restart the node.',
          command: 'sc.exe config vfpext start= system',
          disturbs: 'The node restarts: drain it first.',
          verify: {
            kind: 'command',
            command: 'sc.exe queryex vfpext',
            shows: 'shows RUNNING',
          },
        },
      ],
      entities: [windowsServiceRef('vfpext')],
      evidence: driver.evidence,
    });
  },
};
