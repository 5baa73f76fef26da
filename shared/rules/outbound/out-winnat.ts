import { cidrOverlaps, parseCidr } from '../../model/ip';
import type { WindowsNat } from '../../model/tcpip';
import { fileRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { argument } from '../commands';
import { podRanges } from '../cni/cluster-ranges';
import { countOf } from '../evidence-lines';
import { firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';

export const rule: Rule = {
  meta: {
    id: 'OUT-WINNAT',
    step: 7,
    symptom: 'outbound',
    severity: 'warning',
    title: 'No NAT of Windows covers addresses of pods',
    description:
      'Compares the internal prefixes of Get-NetNat with the prefixes of pods. HNS translates addresses of pods itself; a NAT of Windows does it a second time.',
    impact: 'Packets of pods leave with the wrong address, and answers are lost.',
    needs: ['windowsNat', ['networks', 'nodes']],
    modes: ['l2bridge', 'overlay', 'l2tunnel'],
    falsePositives:
      'Antrea makes such a NAT on purpose; the check does not apply to its transparent network.',
    references: [
      'https://learn.microsoft.com/virtualization/windowscontainers/container-networking/advanced',
      'https://github.com/antrea-io/antrea/blob/main/docs/design/windows-design.md',
    ],
    explains: ['FLOW-POD-NET'],
  },
  check({ snapshot }) {
    const ranges = podRanges(snapshot);
    if (ranges.length === 0)
      return notChecked('No output names the prefix of the pods', 'networks', 'nodes');
    const nats = snapshot.windowsNats.filter(({ active }) => active !== false);
    const findings = nats.flatMap((nat) => {
      const cidr = nat.internalPrefix === undefined ? undefined : parseCidr(nat.internalPrefix);
      const range = cidr && ranges.find((r) => cidrOverlaps(r.cidr, cidr));
      return range ? [finding(snapshot, nat, range.evidence)] : [];
    });
    return firedOrPassed(findings, `${countOf(nats.length, 'NAT')} of Windows, none for pods`);
  },
};

function finding(
  snapshot: NodeSnapshot,
  nat: WindowsNat,
  range: FindingDraft['evidence'],
): FindingDraft {
  const evidence = [...nat.evidence, ...range.slice(0, 1)];
  return {
    title: `The Windows NAT ${nat.name} translates addresses of pods`,
    summary: `Its internal prefix ${nat.internalPrefix ?? ''} covers addresses of pods on ${snapshot.node}, which HNS translates too.`,
    cause: 'It was made by hand or left by an earlier container network.',
    remedy: [
      {
        text: 'Remove it, if nothing else on the node uses it.',
        command: `Remove-NetNat -Name ${argument(nat.name)}`,
        disturbs: 'Whatever uses this NAT loses its connections.',
        verify: { kind: 'command', command: 'Get-NetNat', shows: 'does not list it' },
      },
    ],
    entities: nat.evidence.slice(0, 1).map(({ file }) => fileRef(file)),
    evidence,
  };
}
