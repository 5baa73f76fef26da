import type { Evidence } from '../../model/evidence';
import type { Severity } from '../../model/finding';
import { fileRef } from '../../snapshot/entity-ref';
import { fired, notChecked, passed, type FindingDraft, type Rule } from '../rule';
import { freeBlocks } from './port-blocks';

/** So few blocks of 64 ports are gone with the next services. */
const FEW = 10;

export const rule: Rule = {
  meta: {
    id: 'HNS-PORTPOOL',
    step: 6,
    symptom: 'services',
    severity: 'error',
    title: 'HNS finds free blocks of ports',
    description:
      'Counts blocks of 64 ports of the dynamic range that nothing excludes, or takes the result of the trial in reservedports.txt. Outbound NAT and load balancers without direct server return reserve such blocks.',
    impact: 'New load balancers fail with "port already exists", and pods get no outbound NAT.',
    needs: ['excludedPorts'],
    falsePositives:
      'The count is an estimate; where the trial reserved its blocks, it is trusted over the count.',
    references: [
      'https://github.com/microsoft/SDN/blob/master/Kubernetes/windows/debug/portReservationTest.ps1',
      'https://learn.microsoft.com/virtualization/windowscontainers/kubernetes/common-problems',
    ],
    explains: ['SVC-LB-MISSING', 'SVC-NODEPORT-NOLB', 'OUT-NAT-VFP', 'DNS-LB-MISSING'],
  },
  check({ snapshot }) {
    const trial = snapshot.portReservations.findLast(
      ({ text }) => /\b64\s+ports/i.test(text) && !/\bup to\b/i.test(text),
    );
    if (trial?.error === true && trial.freeBlocks !== undefined && trial.freeBlocks < FEW)
      return fired(
        finding(
          'error',
          `only ${trial.freeBlocks} blocks of 64 ports could be reserved`,
          trial.evidence,
        ),
      );
    const counted = freeBlocks(snapshot);
    if (counted.length === 0)
      return notChecked(
        'The dynamic range and the exclusions of one protocol are not both known',
        'excludedPorts',
      );
    const [worst] = [...counted].sort((a, b) => a.free - b.free);
    if (!worst || worst.free > FEW || (trial && !trial.error))
      return passed(
        counted
          .map(({ protocol, free, of }) => `${protocol}: ${free} of ${of} blocks free`)
          .join(', '),
      );
    return fired(
      finding(
        worst.free === 0 ? 'error' : 'warning',
        `${worst.free} of ${worst.of} blocks of 64 ${worst.protocol.toUpperCase()} ports are free`,
        worst.evidence,
      ),
    );
  },
};

function finding(severity: Severity, what: string, evidence: readonly Evidence[]): FindingDraft {
  return {
    severity,
    title: 'HNS runs out of blocks of ports',
    summary: `${what.charAt(0).toUpperCase()}${what.slice(1)}. Each load balancer without direct server return and each outbound NAT takes one.`,
    cause: 'Many services, pods or left-over reservations on a small dynamic range.',
    remedy: [
      {
        text: 'Enlarge the dynamic range, or let kube-proxy use direct server return, which needs no ports.',
        command: 'netsh int ipv4 set dynamicportrange tcp start=34000 num=31536',
        disturbs: 'Nothing that runs; programs get other ports for new connections.',
        verify: {
          kind: 'command',
          command: 'netsh int ipv4 sh dynamicportrange tcp',
          shows: 'shows the larger range',
        },
      },
    ],
    entities: evidence.slice(0, 1).map(({ file }) => fileRef(file)),
    evidence,
  };
}
