import { errorMeaning, errorText } from '../../model/error-codes';
import type { Evidence } from '../../model/evidence';
import type { EntityRef } from '../../model/finding';
import type { FieldLines, Health } from '../../model/hns';
import { endpointRef, loadBalancerRef, networkRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { dnsVips } from '../dns-service';
import { countOf, fieldEvidence, someOf } from '../evidence-lines';
import { firedOrPassed, notChecked, type Rule } from '../rule';

/** Harmless: the bridge endpoint was attached already; an operation that goes on. */
const BENIGN: ReadonlySet<number> = new Set([0, 0x803b0014, 0xc0370103, 0x80370103]);

export const rule: Rule = {
  meta: {
    id: 'HNS-NET-HEALTH',
    step: 6,
    severity: 'warning',
    title: 'No HNS object reports an error',
    description:
      'HNS keeps with each network, endpoint and load balancer the result of its last operation (Health.LastErrorCode). Any code but 0 is reported and explained.',
    impact: 'The last change of the object failed, even if the object looks present.',
    needs: [['networks', 'endpoints', 'loadBalancers']],
    falsePositives:
      'The code may be of an old operation. 0x803b0014 (attached already) is harmless and left out; load balancers of the DNS service have a check of their own.',
    references: ['https://learn.microsoft.com/en-us/virtualization/api/hcn/hns_schema'],
  },
  check({ snapshot }) {
    const objects = withHealth(snapshot);
    if (objects.length === 0)
      return notChecked('No listing shows the health of its objects', 'networks', 'endpoints');
    const byCode = new Map<number, Reporting[]>();
    for (const object of objects) {
      const code = object.health.lastErrorCode;
      if (!BENIGN.has(code)) byCode.set(code, [...(byCode.get(code) ?? []), object]);
    }
    const findings = [...byCode].map(([code, failed]) => {
      const known = errorMeaning(code);
      const names = failed.map(({ ref }) => `${ref.kind.replace('-', ' ')} ${ref.name}`);
      return {
        title: `HNS reports ${errorText(code)} for ${failed.length === 1 ? (names[0] ?? 'an object') : countOf(failed.length, 'object')}`,
        summary: `The last operation on ${someOf(names)} ended with ${known ? `${known.hex}, ${known.symbol}: ${known.meaning}` : `code ${code}`}.`,
        cause:
          known?.usualCause === undefined
            ? 'HNS refused or could not finish an operation on it.'
            : `Usually: ${known.usualCause}.`,
        remedy: [
          {
            text: 'See in the logs of kube-proxy and of the CNI agent which call got this code; make the object anew through its owner (a pod: delete it; a load balancer: start kube-proxy again).',
            command: `Select-String -Path C:\\k\\*.log -Pattern "${known?.hex ?? `0x${code.toString(16)}`}"`,
            verify: {
              kind: 'observation' as const,
              text: 'Health.LastErrorCode is 0 in a new collection',
            },
          },
        ],
        entities: failed.slice(0, 10).map(({ ref }) => ref),
        evidence: failed.slice(0, 10).flatMap((object) => fieldEvidence(object, 'health')),
      };
    });
    return firedOrPassed(
      findings,
      `${objects.length} of ${objects.length} networks, endpoints and load balancers report success`,
    );
  },
};

interface Reporting {
  readonly health: Health;
  readonly ref: EntityRef;
  readonly evidence: readonly Evidence[];
  readonly fieldLines?: FieldLines | undefined;
}

function withHealth(snapshot: NodeSnapshot): Reporting[] {
  const dns = new Set(dnsVips(snapshot).map(({ ip }) => ip));
  const objects = [
    ...snapshot.networks.map((object) => ({ ...object, ref: networkRef(object) })),
    ...snapshot.endpoints.map((object) => ({ ...object, ref: endpointRef(object) })),
    ...snapshot.loadBalancers
      .filter(({ vips }) => !vips.some((vip) => dns.has(vip)))
      .map((object) => ({ ...object, ref: loadBalancerRef(object) })),
  ];
  return objects.flatMap(({ health, ref, evidence, fieldLines }) =>
    health === undefined ? [] : [{ health, ref, evidence, fieldLines }],
  );
}
