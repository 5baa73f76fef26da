import type { CniPolicy } from '../../model/cni';
import type { Evidence } from '../../model/evidence';
import { cniConfigRef } from '../../snapshot/entity-ref';
import type { Case, NodeSnapshot } from '../../snapshot/node-snapshot';
import { eventsOfNode } from '../events/node-scope';
import { REF } from '../references';
import type { FindingDraft, Rule } from '../rule';
import { doesNotApply, fired, passed } from '../rule';
import type { ActiveConfig } from './active-config';
import { activeConfig, unreadable } from './active-config';
import { repairConfig } from './repair';

const V2_PLUGINS = new Set(['sdnbridge', 'sdnoverlay']);
const CONVERTING = new Set(['azure-vnet', 'calico']);
const REFUSALS = ['0x803b000d', '0x803b000e'];

export const rule: Rule = {
  meta: {
    id: 'CNI-EXC-SCHEMA',
    step: 5,
    symptom: 'outbound',
    severity: 'error',
    title: 'NAT exceptions are written in the form the plugin reads',
    description:
      'Plugins of the V1 schema read ExceptionList beside the type, those of V2 (apiVersion 2, sdnbridge, sdnoverlay) Settings.Exceptions. Written in the other form the list is ignored.',
    impact:
      'The policy is accepted and its exceptions are not: traffic between pods and to services is translated.',
    needs: ['cniConfig'],
    falsePositives:
      'azure-vnet turns the V1 form into V2 itself, Calico does in some versions: for them only an error 0x803b000d or 0x803b000e in logs or events counts.',
    references: [REF.windowsPlugins, REF.sdnPlugins],
    explains: [
      'OUT-EXC-3WAY',
      'HNS-EP-POLICY-DRIFT',
      'EV-HRESULT',
      'EV-SANDBOX-FAILED',
      'EV-CONTAINERCREATING',
    ],
  },
  check({ snapshot, case: theCase }) {
    const active = activeConfig(snapshot);
    if (!active) return unreadable();
    const nats = active.policies.filter(
      (p) => p.policy.kind === 'outbound-nat' && p.exceptions.length > 0,
    );
    if (nats.length === 0)
      return doesNotApply('The configuration has no OutBoundNAT with exceptions');
    const wanted = wantedForm(active);
    if (wanted === undefined)
      return doesNotApply(`The form that ${active.endpointPlugin} reads is not known`);
    const wrong = nats.filter((p) => p.form !== wanted);
    if (wrong.length === 0)
      return passed(
        `The exceptions are in the ${wanted === 'v2' ? 'V2' : 'V1'} form that ${active.endpointPlugin} reads`,
      );
    const refusal = refusalOf(snapshot, theCase);
    if (CONVERTING.has(active.endpointPlugin) && !refusal)
      return passed(`${active.endpointPlugin} converts the form itself, and nothing was refused`);
    return fired(finding(active, wrong, wanted, refusal));
  },
};

/** The form the plugin reads: by the plugin, else by `apiVersion`. */
function wantedForm(active: ActiveConfig): 'v1' | 'v2' | undefined {
  if (V2_PLUGINS.has(active.endpointPlugin)) return 'v2';
  const version = active.config.plugins.find((p) => p.apiVersion !== undefined)?.apiVersion?.value;
  if (CONVERTING.has(active.endpointPlugin)) return 'v2';
  if (
    active.endpointPlugin === 'win-bridge' ||
    active.endpointPlugin === 'win-overlay' ||
    active.endpointPlugin === 'wincni'
  )
    return version === 2 ? 'v2' : 'v1';
  return version === 2 ? 'v2' : undefined;
}

function refusalOf(snapshot: NodeSnapshot, theCase: Case): Evidence | undefined {
  for (const event of eventsOfNode(snapshot, theCase)) {
    if (REFUSALS.some((code) => event.message.toLowerCase().includes(code)))
      return event.evidence[0];
  }
  for (const log of snapshot.logs) {
    for (const code of REFUSALS) {
      const index = log.component === 'kube-proxy' ? undefined : log.find(code, 1)[0];
      if (index !== undefined) return log.entry(index).evidence;
    }
  }
  return undefined;
}

function finding(
  active: ActiveConfig,
  wrong: readonly CniPolicy[],
  wanted: 'v1' | 'v2',
  refusal: Evidence | undefined,
): FindingDraft {
  const version = active.config.plugins.find((p) => p.apiVersion !== undefined)?.apiVersion;
  const is = wanted === 'v2' ? 'ExceptionList (V1)' : 'Settings.Exceptions (V2)';
  const should = wanted === 'v2' ? 'Settings.Exceptions' : 'ExceptionList';
  const count = wrong.reduce((sum, p) => sum + p.exceptions.length, 0);
  return {
    title: 'Traffic inside the cluster is translated: the plugin does not read the NAT exceptions',
    summary: `${count} exceptions are written as ${is}, but ${active.endpointPlugin}${version ? ` with apiVersion ${version.value}` : ''} reads ${should}.${refusal ? ' HNS refused a policy as not valid.' : ''}`,
    cause: 'The policies were copied from an example for the other schema.',
    remedy: repairConfig(
      active,
      wanted === 'v2'
        ? 'Write the policy as {"Type": "OutBoundNAT", "Settings": {"Exceptions": [...]}}.'
        : 'Write the policy as {"Type": "OutBoundNAT", "ExceptionList": [...]}, or set apiVersion to 2.',
      {
        kind: 'command',
        command: 'Get-HnsEndpoint',
        shows: 'shows the exceptions for the endpoint of a new pod',
      },
    ),
    entities: [cniConfigRef(active.config)],
    evidence: [
      ...wrong.map((p) => p.exceptions[0]?.evidence ?? p.evidence),
      ...(version ? [version.evidence] : []),
      ...(refusal ? [refusal] : []),
    ],
  };
}
