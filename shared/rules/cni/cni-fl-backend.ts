import type { FlannelNetConf } from '../../model/cni';
import type { Evidence } from '../../model/evidence';
import { cidrOverlaps, cidrText, parseCidr } from '../../model/ip';
import { fileRef, networkRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { REF } from '../references';
import type { Rule } from '../rule';
import { fired, passed } from '../rule';
import { STATIC_CNIS } from './active-config';

interface Difference {
  readonly text: string;
  readonly evidence: readonly Evidence[];
}

export const rule: Rule = {
  meta: {
    id: 'CNI-FL-BACKEND',
    step: 5,
    symptom: 'inter-node',
    severity: 'error',
    title: 'flannel uses the same network on Linux and Windows nodes',
    description:
      'Compares flannel’s net-conf.json with what this node runs and with every other net-conf.json: type of the backend, pod network, VNI and port. vxlan on Windows needs VNI 4096 or above and port 4789.',
    impact:
      'Nodes do not understand each other’s packets: pods on different nodes do not reach each other.',
    needs: ['netConf'],
    cnis: STATIC_CNIS,
    falsePositives:
      'The backend’s Name may differ between Linux and Windows and is not compared. A file net-conf.json of a Windows node may leave out VNI and port, since Windows has the right values by default.',
    references: [REF.article, REF.flannelBackends, REF.windowsNetworking],
    explains: [
      'CT-POD-POD-REMOTE',
      'IN-OVL-RSR-MISSING',
      'IN-L2B-ROUTE-MISSING',
      'LOG-FL-LEASE',
      'CNI-NAME-HNS',
      'DNS-BOTH-BAD',
    ],
  },
  check({ snapshot }) {
    const confs = snapshot.cluster.netConfs;
    const network = snapshot.networks.find((n) => n.id === snapshot.mode.podNetworkId);
    const differences = [
      ...confs.flatMap((conf) => [...againstNode(conf, snapshot), ...windowsLimits(conf)]),
      ...againstEachOther(confs),
    ];
    const [first] = differences;
    if (!first)
      return passed(
        `${confs.length} net-conf.json: ${confs.map((c) => c.backendType?.value ?? 'no type').join(', ')}, as this node runs`,
      );
    return fired({
      title:
        'Pods on Linux and Windows nodes do not reach each other: flannel is set up differently',
      summary: differences.map((d) => d.text).join(' '),
      cause:
        'The config map of flannel was made for Linux only, or was changed without making the Windows nodes anew.',
      remedy: [
        {
          text: 'Edit net-conf.json in the config map so that type, Network, VNI (4096) and Port (4789) suit Windows too.',
          command: 'kubectl -n kube-flannel edit configmap kube-flannel-cfg',
          disturbs: 'Nothing until flannel is restarted.',
          verify: {
            kind: 'command',
            command: 'kubectl -n kube-flannel get configmap kube-flannel-cfg -o yaml',
            shows: 'shows the values',
          },
        },
        {
          text: 'Restart flannel on all nodes, and flanneld on the Windows nodes.',
          command: 'kubectl -n kube-flannel delete pod -l app=flannel; Restart-Service flanneld',
          disturbs:
            'The connections between nodes are interrupted while the network is made anew. Drain first.',
          verify: {
            kind: 'observation',
            text: 'A pod on Linux and one on Windows reach each other',
          },
        },
      ],
      entities: [...new Set(confs.flatMap((c) => c.evidence.map((e) => e.file)))]
        .map(fileRef)
        .concat(network ? [networkRef(network)] : []),
      evidence: differences.flatMap((d) => d.evidence).slice(0, 10),
    });
  },
};

const MODE_OF: ReadonlyMap<string, NodeSnapshot['mode']['mode']> = new Map([
  ['vxlan', 'overlay'],
  ['host-gw', 'l2bridge'],
]);

function againstNode(conf: FlannelNetConf, snapshot: NodeSnapshot): Difference[] {
  const found: Difference[] = [];
  const type = conf.backendType;
  const wanted = type && MODE_OF.get(type.value.toLowerCase());
  const { mode } = snapshot.mode;
  if (type && wanted && (mode === 'l2bridge' || mode === 'overlay') && wanted !== mode) {
    found.push({
      text: `The backend is ${type.value}, which makes an ${wanted} network, and this node runs ${mode}.`,
      evidence: [type.evidence, ...snapshot.mode.evidence.slice(0, 1)],
    });
  }
  const network = snapshot.networks.find((n) => n.id === snapshot.mode.podNetworkId);
  const vsid = network?.subnets.find((s) => s.vsid !== undefined)?.vsid;
  if (conf.vni && vsid !== undefined && mode === 'overlay' && conf.vni.value !== vsid) {
    found.push({
      text: `The VNI is ${conf.vni.value}, and the HNS network of this node has ${vsid}.`,
      evidence: [conf.vni.evidence, ...(network?.evidence.slice(0, 1) ?? [])],
    });
  }
  const pods = conf.network && parseCidr(conf.network.value);
  const own = snapshot.addresses.podCidr;
  const ownCidr = own && parseCidr(own.value);
  if (
    pods &&
    ownCidr &&
    own &&
    conf.network &&
    pods.family === ownCidr.family &&
    !cidrOverlaps(pods, ownCidr)
  ) {
    found.push({
      text: `The pod network is ${cidrText(pods)}, and the pods of this node are in ${cidrText(ownCidr)}.`,
      evidence: [conf.network.evidence, ...own.evidence.slice(0, 1)],
    });
  }
  return found;
}

/** Windows takes VNIs from 4096 on and port 4789 only. Linux defaults to VNI 1 and port 8472, so a config map must say both. */
function windowsLimits(conf: FlannelNetConf): Difference[] {
  const type = conf.backendType;
  if (type?.value.toLowerCase() !== 'vxlan') return [];
  const found: Difference[] = [];
  const isWindowsFile = /net-conf[^\\/]*\.json$/i.test(conf.evidence[0]?.file ?? '');
  if (conf.vni ? conf.vni.value < 4096 : !isWindowsFile) {
    found.push({
      text: conf.vni
        ? `The VNI is ${conf.vni.value}; Windows needs 4096 or above.`
        : 'No VNI is set, so Linux nodes use 1; Windows needs 4096 or above.',
      evidence: [conf.vni?.evidence ?? type.evidence],
    });
  }
  if (conf.port ? conf.port.value !== 4789 : !isWindowsFile) {
    found.push({
      text: conf.port
        ? `The port is ${conf.port.value}; Windows uses 4789.`
        : 'No Port is set, so Linux nodes use 8472; Windows uses 4789.',
      evidence: [conf.port?.evidence ?? type.evidence],
    });
  }
  return found;
}

/** What is said in two files must be the same. */
function againstEachOther(confs: readonly FlannelNetConf[]): Difference[] {
  const [first, ...others] = confs;
  if (!first) return [];
  return others.flatMap((other) =>
    (['backendType', 'network', 'vni', 'port'] as const).flatMap((field): Difference[] => {
      const a = first[field];
      const b = other[field];
      if (!a || !b || same(String(a.value), String(b.value))) return [];
      return [
        {
          text: `One net-conf.json has ${NAMES[field]} ${a.value}, another ${b.value}.`,
          evidence: [a.evidence, b.evidence],
        },
      ];
    }),
  );
}

const NAMES = {
  backendType: 'the type',
  network: 'the network',
  vni: 'the VNI',
  port: 'the port',
} as const;

function same(a: string, b: string): boolean {
  const x = parseCidr(a);
  const y = parseCidr(b);
  return x && y ? cidrText(x) === cidrText(y) : a.toLowerCase() === b.toLowerCase();
}
