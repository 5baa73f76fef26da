import { cidrText, parseCidr } from '../../model/ip';
import { cniConfigRef } from '../../snapshot/entity-ref';
import { REF } from '../references';
import type { FindingDraft, Rule } from '../rule';
import { firedOrPassed } from '../rule';
import { activeConfig, exceptionsField, unreadable } from './active-config';
import { podRanges } from './cluster-ranges';
import { repairConfig } from './repair';

export const rule: Rule = {
  meta: {
    id: 'CNI-EXC-ZERO',
    step: 5,
    symptom: 'outbound',
    severity: 'error',
    title: 'No NAT exception covers every address',
    description:
      'Looks for prefixes of length 0 among the exceptions of OutBoundNAT in the CNI configuration. Such an entry, mostly a typing error for /16, exempts every destination.',
    impact:
      'HNS may refuse the endpoint, and then pods do not start; where it is made all the same, no packet is translated and nothing outside the cluster answers.',
    needs: ['cniConfig'],
    falsePositives:
      'Clusters whose pods are routable may write 0.0.0.0/0 on purpose: written exactly so it is a warning only.',
    references: [REF.article, REF.commonProblems],
    explains: [
      'EV-SANDBOX-FAILED',
      'EV-CONTAINERCREATING',
      'EV-HRESULT',
      'CNI-EXC-BADCIDR',
      'HNS-EP-STATE',
      'HNS-EP-NO-VNIC',
      'HNS-EP-POLICY-DRIFT',
      'OUT-NAT-EP',
      'OUT-NAT-VFP',
      'OUT-EXC-3WAY',
      'CT-POD-INTERNET',
      'FLOW-POD-NET',
      'CT-ROLLOUT-STALLED',
      'CT-LOCAL-PODS',
      'DNS-EXTERNAL-ONLY',
    ],
  },
  check({ snapshot }) {
    const active = activeConfig(snapshot);
    if (!active) return unreadable();
    const zero = active.exceptions.flatMap((entry) => {
      const cidr = parseCidr(entry.value);
      return cidr?.length === 0 ? [{ entry, cidr }] : [];
    });
    const findings = zero.map(({ entry, cidr }): FindingDraft => {
      const isTypo = cidr.ip !== 0n;
      const meant = podRanges(snapshot).find(
        (r) => r.cidr.base <= cidr.ip && r.what.includes('flannel'),
      )?.cidr;
      const right = meant ? cidrText(meant) : `${entry.value.split('/')[0] ?? ''}/16`;
      return {
        title: isTypo
          ? `Pods cannot start or reach the outside: the NAT exception ${entry.value} exempts every address`
          : `No pod traffic is translated: ${entry.value} is a NAT exception`,
        summary: `${entry.value} in ${exceptionsField(active)} has prefix length 0 and so covers all addresses${isTypo ? `; ${right} was probably meant` : ''}.`,
        cause: isTypo
          ? 'A typing error in the CNI configuration. OutBoundNAT would never translate anything, so HNS refuses the endpoint, or pods come up without a way out.'
          : 'Somebody turned source NAT off for every destination. This is right only where the network outside routes pod addresses.',
        remedy: repairConfig(
          active,
          isTypo
            ? `Replace "${entry.value}" by the real prefix, for instance "${right}".`
            : `Replace "${entry.value}" by the pod, service and node prefixes, unless the pods are routable.`,
          {
            kind: 'command',
            command: 'kubectl get pods -o wide',
            shows:
              'shows the pods running; from inside of one, Invoke-WebRequest to an address outside answers',
          },
        ),
        severity: isTypo ? 'error' : 'warning',
        entities: [cniConfigRef(active.config)],
        evidence: [entry.evidence],
      };
    });
    return firedOrPassed(
      findings,
      `None of ${active.exceptions.length} exceptions has prefix length 0`,
    );
  },
};
