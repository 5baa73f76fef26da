import type { Evidence } from '../../model/evidence';
import type { HnsNetwork } from '../../model/hns';
import { networkRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { isWholeListing, listingEvidence } from '../evidence-lines';
import { doesNotApply, fired, notChecked, passed, type Rule, type RuleContext } from '../rule';

const HELPER = /^(external|ext)$/i;

export const rule: Rule = {
  meta: {
    id: 'HNS-NET-EXTERNAL',
    step: 6,
    severity: 'warning',
    title: 'The helper network that holds the vSwitch is there',
    description:
      'Set-ups by script make a network External (azure: ext) beside the pod network, so that the vSwitch outlives the pod network. Where this node or its likes have one, its absence is reported.',
    impact:
      'Each start of the agent makes the vSwitch anew and takes the host off the network meanwhile.',
    needs: ['networks'],
    modes: ['l2bridge', 'overlay', 'l2tunnel'],
    falsePositives:
      'HostProcess flannel and RKE2 do without it; it is only asked for where there is a sign that this set-up makes one.',
    references: ['https://github.com/microsoft/SDN/tree/master/Kubernetes/flannel'],
  },
  check(context) {
    const { snapshot } = context;
    const helper = snapshot.networks.find(({ name }) => HELPER.test(name ?? ''));
    if (helper) return passed(`${helper.name ?? 'External'} is there`);
    if (!isWholeListing(snapshot, 'hns-networks')) {
      return notChecked('The list of networks is cut', 'networks');
    }
    const sign = signOfHelper(context);
    if (!sign) return doesNotApply('Nothing says that this set-up makes a helper network');
    return fired({
      title: 'The helper network External is missing',
      summary: `HNS has no network External, though ${sign.why}.`,
      cause: 'It was removed by a clean-up script, or the node was set up again without it.',
      remedy: [
        {
          text: 'Make it again in a maintenance window.',
          command: `New-HNSNetwork -Type ${snapshot.mode.mode === 'overlay' ? 'Overlay' : 'L2Bridge'} -AddressPrefix "192.168.255.0/30" -Gateway "192.168.255.1" -Name "External"${snapshot.mode.mode === 'overlay' ? ' -SubnetPolicies @(@{Type = "VSID"; VSID = 9999})' : ''}`,
          disturbs: 'The host may be off the network for some seconds.',
          verify: { kind: 'command', command: 'Get-HnsNetwork | ? Name -eq External' },
        },
      ],
      entities: snapshot.networks.slice(0, 5).map(networkRef),
      evidence: [...listingEvidence(snapshot, 'hns-networks').slice(0, 1), ...sign.evidence],
    });
  },
};

/** An earlier collection, a node of the same CNI, or docker with flannel's scripts. */
function signOfHelper({
  snapshot,
  case: theCase,
}: RuleContext): { readonly why: string; readonly evidence: readonly Evidence[] } | undefined {
  for (const node of theCase.nodes) {
    const own = node.name.toLowerCase() === snapshot.node.toLowerCase();
    for (const other of node.snapshots) {
      if (other === snapshot || !comparable(snapshot, other)) continue;
      const helper = helperOf(other);
      if (!helper) continue;
      const why = own
        ? 'an earlier collection of this node shows it'
        : `${node.name}, with the same CNI, has it`;
      return { why, evidence: helper.evidence.slice(0, 1) };
    }
  }
  const docker = snapshot.containers.find(({ runtime }) => runtime === 'docker');
  const flannel = snapshot.mode.cni === 'flannel-host-gw' || snapshot.mode.cni === 'flannel-vxlan';
  if (!docker || !flannel) return undefined;
  return {
    why: 'flannel with docker is set up by scripts that make it',
    evidence: docker.evidence.slice(0, 1),
  };
}

/** The same way of setting up: CNI, mode and container runtime. */
function comparable(a: NodeSnapshot, b: NodeSnapshot): boolean {
  const runtime = (s: NodeSnapshot): string | undefined =>
    s.containers.find((c) => c.runtime !== 'hcs')?.runtime;
  return a.mode.cni === b.mode.cni && a.mode.mode === b.mode.mode && runtime(a) === runtime(b);
}

const helperOf = (snapshot: NodeSnapshot): HnsNetwork | undefined =>
  snapshot.networks.find(({ name }) => HELPER.test(name ?? ''));
