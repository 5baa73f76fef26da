import { fileRef } from '../../snapshot/entity-ref';
import { fired, notChecked, passed, type Rule } from '../rule';

/** All components off. Single bits, as 0x20 (prefer IPv4), are harmless. */
const ALL = 0xff;

export const rule: Rule = {
  meta: {
    id: 'SYS-IPV6-DISABLED',
    step: 1,
    severity: 'error',
    title: 'IPv6 of the host is not turned off as a whole',
    description:
      'Looks at DisabledComponents of Tcpip6 in the registry: 0xFF turns IPv6 off as a whole. HNS needs it, also where the cluster has IPv4 only.',
    impact: 'HNS cannot make endpoints: containers fail to start with "element not found".',
    needs: ['ipv6Setting'],
    falsePositives: 'Other values, as 0x20 (prefer IPv4), are harmless and not reported.',
    references: [
      'https://learn.microsoft.com/virtualization/windowscontainers/container-networking/advanced',
    ],
    explains: ['EV-SANDBOX-FAILED', 'EV-CONTAINERCREATING', 'EV-HRESULT'],
  },
  check({ snapshot }) {
    const setting = snapshot.ipv6Setting;
    if (!setting)
      return notChecked('No output tells the registry value DisabledComponents', 'ipv6Setting');
    const { disabledComponents: value, evidence } = setting;
    if (value === undefined) return passed('DisabledComponents is not set');
    const shown = `0x${value.toString(16).toUpperCase()}`;
    if ((value & ALL) !== ALL) return passed(`DisabledComponents is ${shown}`);
    return fired({
      title: 'IPv6 of the host is turned off: HNS cannot make endpoints',
      summary: `The registry value DisabledComponents is ${shown}.`,
      cause: 'A policy or hardening turned IPv6 off.',
      remedy: [
        {
          text: 'Remove the value and restart the node. IPv6 need not be used.',
          command:
            'reg delete HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip6\\Parameters /v DisabledComponents /f',
          disturbs: 'It counts after a restart of the node: drain it first.',
          verify: {
            kind: 'command',
            command: 'Get-NetIPAddress -AddressFamily IPv6',
            shows: 'lists addresses that begin with fe80',
          },
        },
      ],
      entities: evidence.slice(0, 1).map(({ file }) => fileRef(file)),
      evidence,
    });
  },
};
