import { windowsServiceRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { argument } from '../commands';
import { countOf } from '../evidence-lines';
import { firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';
import { serviceState, type ServiceState } from './service-state';

/** Services that HNS calls. `stopped`: whether it is wrong that it does not run at the moment. */
const NEEDED: readonly {
  readonly name: string;
  readonly what: string;
  readonly stopped: 'always' | 'with-containers' | 'on-demand';
}[] = [
  { name: 'nsi', what: 'the network store of Windows', stopped: 'always' },
  { name: 'BFE', what: 'the filtering engine, which holds the filters of HNS', stopped: 'always' },
  {
    name: 'vmcompute',
    what: 'the compute service, which starts containers',
    stopped: 'with-containers',
  },
  { name: 'NetSetupSvc', what: 'the set-up of adapters', stopped: 'on-demand' },
  { name: 'Dhcp', what: 'the DHCP client', stopped: 'on-demand' },
  { name: 'Dnscache', what: 'the DNS client', stopped: 'on-demand' },
];

export const rule: Rule = {
  meta: {
    id: 'SYS-DEP-SERVICES',
    step: 1,
    severity: 'warning',
    title: 'The Windows services that HNS relies on are there',
    description:
      'Looks at nsi, BFE, vmcompute, NetSetupSvc, Dhcp and Dnscache: none may be disabled, and the first three must run where containers do.',
    impact:
      'HNS fails to make endpoints and filters, with errors that name none of these services.',
    needs: ['services'],
    falsePositives:
      'Hardening may disable the DHCP or DNS client on purpose, where addresses are static. IP Helper and the firewall are often off on purpose and not looked at.',
    references: [
      'https://github.com/microsoft/SDN/blob/master/Kubernetes/windows/debug/collectlogs.ps1',
    ],
    explains: ['SYS-HNS-RUNNING', 'EV-SANDBOX-FAILED'],
  },
  check({ snapshot }) {
    const known = NEEDED.flatMap((need) => {
      const state = serviceState(snapshot, need.name);
      return state && (state.running !== undefined || state.start !== undefined)
        ? [{ need, state }]
        : [];
    });
    if (known.length === 0)
      return notChecked('No output names the services that HNS relies on', 'services');
    const containers = snapshot.containers.length > 0;
    const findings = known.flatMap(({ need, state }) => {
      const off =
        state.running === false &&
        (need.stopped === 'always' || (need.stopped === 'with-containers' && containers));
      return off || state.start === 'disabled' ? [finding(snapshot, need.what, state, off)] : [];
    });
    return firedOrPassed(findings, `${countOf(known.length, 'service')} looked at`);
  },
};

function finding(
  snapshot: NodeSnapshot,
  what: string,
  { name, start, evidence }: ServiceState,
  off: boolean,
): FindingDraft {
  const state = [off ? 'stopped' : '', start === 'disabled' ? 'disabled' : ''].filter(Boolean);
  return {
    title: `The service ${name} is ${state.join(' and ')}: HNS relies on it`,
    summary: `${name} is ${what}. It is ${state.join(' and ')} on ${snapshot.node}.`,
    cause: 'It was turned off by hand, by a policy, or by hardening.',
    remedy: [
      {
        text: 'Let the service start again.',
        command: `sc.exe config ${argument(name)} start= demand; Start-Service ${argument(name)}`,
        disturbs: 'Nothing that runs.',
        verify: {
          kind: 'command',
          command: `Get-Service ${argument(name)}`,
          shows: 'shows Running',
        },
      },
    ],
    entities: [windowsServiceRef(name)],
    evidence,
  };
}
