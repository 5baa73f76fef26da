import type { Placed } from '../../model/cni';
import { cidrText, parseCidr, parseIp } from '../../model/ip';
import { cniConfigRef } from '../../snapshot/entity-ref';
import { REF } from '../references';
import type { Rule } from '../rule';
import { fired, passed } from '../rule';
import { activeConfig, exceptionsField, unreadable } from './active-config';
import { repairConfig } from './repair';

export const rule: Rule = {
  meta: {
    id: 'CNI-EXC-BADCIDR',
    step: 5,
    symptom: 'outbound',
    severity: 'warning',
    title: 'Every NAT exception is a well-formed prefix',
    description:
      'Checks each exception of OutBoundNAT: it must be an address prefix without host bits, with a length that exists, and stand there once.',
    impact:
      'HNS drops or misreads the entry: traffic that should keep its source address is translated, or the endpoint is refused.',
    needs: ['cniConfig'],
    falsePositives:
      'Azure provisions prefixes with host bits such as 10.224.1.0/12 and entries twice; that works and is only mentioned.',
    references: [REF.article, REF.sdnPlugins],
    explains: ['OUT-EXC-3WAY'],
  },
  check({ snapshot }) {
    const active = activeConfig(snapshot);
    if (!active) return unreadable();
    const faults = faultsOf(active.exceptions);
    const [first] = faults;
    if (!first)
      return passed(`All ${active.exceptions.length} exceptions are well-formed prefixes`);
    const sloppy = faults.every((f) => f.works) && snapshot.mode.cni === 'azure';
    return fired({
      title:
        faults.length === 1
          ? `NAT exception "${first.entry.value}" ${first.what}`
          : `${faults.length} NAT exceptions are not well formed`,
      summary: faults.map((f) => `"${f.entry.value}" ${f.what}.`).join(' '),
      cause: `The list ${exceptionsField(active)} was edited by hand or filled from a template with wrong values.`,
      remedy: repairConfig(active, 'Correct or remove the entries named above.', {
        kind: 'command',
        command: 'Get-HnsEndpoint',
        shows: 'shows the corrected list for the endpoint of a new pod',
      }),
      ...(sloppy ? { severity: 'info' as const } : {}),
      entities: [cniConfigRef(active.config)],
      evidence: faults.map((f) => f.entry.evidence).slice(0, 10),
    });
  },
};

interface Fault {
  readonly entry: Placed<string>;
  readonly what: string;
  /** HNS takes it in spite of it. */
  readonly works: boolean;
}

/** Entries of length 0 are another rule's. */
function faultsOf(exceptions: readonly Placed<string>[]): Fault[] {
  const seen = new Map<string, string>();
  return exceptions.flatMap((entry): Fault[] => {
    const cidr = parseCidr(entry.value);
    if (!cidr) return [{ entry, what: whyUnreadable(entry.value), works: false }];
    if (cidr.length === 0) return [];
    const canonical = cidrText(cidr);
    const before = seen.get(canonical);
    seen.set(canonical, entry.value);
    if (before !== undefined) return [{ entry, what: `repeats "${before}"`, works: true }];
    if (cidr.ip !== cidr.base)
      return [{ entry, what: `has host bits set; the prefix is ${canonical}`, works: true }];
    return [];
  });
}

function whyUnreadable(text: string): string {
  const [address = '', length] = text.trim().split('/');
  if (/^[^<]*\s/.test(text.trim())) return 'holds a blank';
  const ip = parseIp(address);
  if (!ip)
    return /^<.*>$|^__/.test(text.trim())
      ? 'is a placeholder that was never replaced'
      : 'does not begin with an IP address';
  if (length === undefined) return 'has no prefix length';
  return `has a prefix length that IPv${ip.family} does not have`;
}
