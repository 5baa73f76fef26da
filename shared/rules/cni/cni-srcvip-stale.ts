import { cidrHas, cidrText, parseCidr, parseIp } from '../../model/ip';
import { fileRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { kubeNodeOf } from '../events/node-scope';
import { REF } from '../references';
import type { FindingDraft, Rule } from '../rule';
import { firedOrPassed, notChecked } from '../rule';

export const rule: Rule = {
  meta: {
    id: 'CNI-SRCVIP-STALE',
    step: 5,
    symptom: 'inter-node',
    severity: 'error',
    title: 'The source VIP belongs to the node’s current pod subnet',
    description:
      'On overlay the start script keeps the source VIP in sourceVip.json. The address must lie in the pod subnet the node has now, and the file should not be older than the node object.',
    impact:
      'Answers to packets that kube-proxy sends with this address go to another node: services and east-west traffic fail.',
    needs: ['sourceVip', ['networks', 'nodes']],
    modes: ['overlay'],
    falsePositives:
      'HostProcess images reserve the address at each start and leave no file behind.',
    references: [REF.article, REF.commonProblems],
    explains: ['CT-POD-POD-REMOTE', 'CT-HOST-SVC-VIP'],
  },
  check({ snapshot }) {
    const vips = snapshot.sourceVips.flatMap((s) => {
      const ip = s.address && parseIp(s.address.value);
      return s.address && ip ? [{ address: s.address, ip }] : [];
    });
    if (vips.length === 0) return notChecked('The source VIP file holds no address', 'sourceVip');
    const subnets = currentSubnets(snapshot);
    if (subnets.length === 0)
      return notChecked('The pod subnet of the node is not known', 'networks');
    const findings = vips.flatMap(({ address, ip }): FindingDraft[] => {
      const alike = subnets.filter((s) => s.cidr.family === ip.family);
      const inside = alike.length === 0 || alike.some(({ cidr }) => cidrHas(cidr, ip));
      const file = address.evidence.file;
      if (inside) return olderThanNode(file, address.value, snapshot);
      const text = alike.map(({ cidr }) => cidrText(cidr)).join(', ');
      return [
        {
          title: `Services and pods on other nodes do not answer: the source VIP ${address.value} is not of this node’s subnet`,
          summary: `${file.split('/').pop() ?? file} holds ${address.value}; the pods of the node are in ${text}.`,
          cause:
            'The file is left over from an earlier life of the node. When the node joined again it got another pod subnet, and the start script reused the old address.',
          remedy: repair(),
          entities: [fileRef(file)],
          evidence: [address.evidence, ...alike.flatMap((s) => s.evidence.slice(0, 1)).slice(0, 2)],
        },
      ];
    });
    return firedOrPassed(
      findings,
      `The source VIP ${vips.map((v) => v.address.value).join(', ')} lies in ${subnets.map((s) => cidrText(s.cidr)).join(', ')}`,
    );
  },
};

function currentSubnets(snapshot: NodeSnapshot): {
  cidr: NonNullable<ReturnType<typeof parseCidr>>;
  evidence: readonly FindingDraft['evidence'][number][];
}[] {
  const network = snapshot.networks.find((n) => n.id === snapshot.mode.podNetworkId);
  const texts = network
    ? network.subnets.map((s) => s.prefix)
    : (kubeNodeOf(snapshot)?.podCidrs ?? []);
  const evidence = network?.evidence ?? kubeNodeOf(snapshot)?.evidence ?? [];
  return texts.flatMap((text) => {
    const cidr = parseCidr(text);
    return cidr ? [{ cidr, evidence }] : [];
  });
}

/** The address fits by chance, but the file was written before the node joined. */
function olderThanNode(file: string, address: string, snapshot: NodeSnapshot): FindingDraft[] {
  const written = snapshot.files.find((f) => f.file.path === file)?.file.modifiedAt;
  const node = kubeNodeOf(snapshot);
  if (written === undefined || node?.createdAt === undefined || written >= node.createdAt - 60_000)
    return [];
  return [
    {
      title: `The source VIP file is older than the node`,
      summary: `${file.split('/').pop() ?? file} (${address}) was written ${new Date(written).toISOString().slice(0, 16).replace('T', ' ')}, the node joined ${new Date(node.createdAt).toISOString().slice(0, 16).replace('T', ' ')}. The address lies in the current subnet, but nobody reserved it there.`,
      cause:
        'The file is left over from an earlier life of the node; another pod may get the same address.',
      remedy: repair(),
      severity: 'warning',
      entities: [fileRef(file)],
      evidence: [{ file, line: 1, endLine: 1 }, ...node.evidence.slice(-1)],
    },
  ];
}

function repair(): FindingDraft['remedy'] {
  return [
    {
      text: 'Remove the files and start kube-proxy by its script, which reserves an address in the current subnet.',
      command:
        'Remove-Item C:\\k\\sourceVip.json, C:\\k\\sourceVipRequest.json; C:\\k\\start-kubeproxy.ps1',
      disturbs:
        'Restarting kube-proxy makes all load balancers anew: connections to services are interrupted for seconds.',
      verify: {
        kind: 'observation',
        text: 'sourceVip.json holds an address of the node’s pod subnet, and kube-proxy’s --source-vip is the same',
      },
    },
  ];
}
