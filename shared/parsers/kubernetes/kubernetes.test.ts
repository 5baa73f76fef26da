import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textFileOf } from '../../text/text-file';
import type { ParseResult, Parser } from '../parser';
import { wholeFile } from '../parser';
import { unaccounted } from '../testing/accounting';
import { factItems } from '../testing/facts-of';
import { ageSeconds } from './duration';
import { eventMessagesParser } from './event-messages';
import { kubectlDescribeParser } from './kubectl-describe';
import { kubectlJsonParser } from './kubectl-json';
import { kubectlTableParser } from './kubectl-table';
import { kubectlYamlParser } from './kubectl-yaml';

const read = (parser: Parser, text: string): ParseResult =>
  parser.parse(wholeFile(textFileOf('paste.txt', text)));

const PODS = `PS C:\\k\\yaml> kubectl get pods -o wide
NAME                             READY     STATUS              RESTARTS   AGE       IP        NODE
win-webserver-69495c7694-76nxd   0/1       ContainerCreating   0          5s        <none>    win-24elfepi8d9
win-webserver-69495c7694-tjff7   0/1       ContainerCreating   0          6s        <none>    win-24elfepi8d9
`;
const PODS_ALL = `NAMESPACE     NAME            READY   STATUS    RESTARTS        AGE     IP            NODE   NOMINATED NODE   READINESS GATES
default       iis-1           1/1     Running   3 (4m ago)      3h7m    10.244.1.5    win1   <none>           <none>
kube-system   coredns-abc     1/1     Running   12 (3d20h ago)  5d21h   fd00::1:5     lin1   <none>           <none>
`;
const SERVICES = `NAME            TYPE           CLUSTER-IP       EXTERNAL-IP   PORT(S)                      AGE
win-webserver   NodePort       10.102.220.146   <none>        80:31486/TCP,53:30053/UDP    91m
headless        ClusterIP      None             <none>        80/TCP                       2d
edge            LoadBalancer   10.0.0.9         <pending>     443:30443/TCP                2d
`;
const NODES = `NAME    STATUS                     ROLES    AGE   VERSION   INTERNAL-IP   EXTERNAL-IP   OS-IMAGE                         KERNEL-VERSION      CONTAINER-RUNTIME
lin1    Ready                      master   9d    v1.14.0   10.0.0.4      <none>        Ubuntu 18.04.2 LTS               4.15.0-1041-azure   docker://18.9.5
win1    NotReady,SchedulingDisabled   <none>   9d    v1.14.0   10.0.0.6      <none>        Windows Server 2019 Datacenter   10.0.17763.437      docker://18.9.5
`;
const EVENTS = `LAST SEEN   TYPE      REASON                   OBJECT          MESSAGE
2m11s       Warning   FailedCreatePodSandBox   pod/iis-1       Failed to create pod sandbox: rpc error
(extra info: {"SystemType":"Container"})
5m          Normal    Scheduled                pod/iis-1       Successfully assigned default/iis-1 to win1
`;
const DESCRIBE = `Name:               iis-6c559f5868-vscxm
Namespace:          default
Node:               knnode3w/10.244.2.2
Start Time:         Tue, 08 Jan 2019 15:10:33 -0500
Labels:             app=iis
                    pod-template-hash=6c559f5868
Status:             Pending
IP:                 
Containers:
  iis:
    Container ID:   docker://f9ebe56d1a94
    Image:          microsoft/iis
    State:          Waiting
      Reason:       ContainerCreating
    Ready:          False
    Restart Count:  21
Events:
  Type     Reason                  Age                  From               Message
  ----     ------                  ----                 ----               -------
  Warning  FailedCreatePodSandBox  31s (x131 over 32m)  kubelet, w1        Failed to create pod sandbox: does not match the host operating system.
(extra info: {"SystemType":"Container"})
  Normal   SandboxChanged          5s                   kubelet, w1        Pod sandbox changed, it will be killed and re-created.
`;
const DESCRIBE_OLD = `Events:
  FirstSeen  LastSeen  Count  From             SubObjectPath  Type     Reason      Message
  ---------  --------  -----  ----             -------------  ----     ------      -------
  5m         2m        12     {kubelet node1}                 Warning  FailedSync  Error syncing pod
`;
const DESCRIBE_NODE = `Name:               win1
Roles:              <none>
Labels:             kubernetes.io/os=windows
Annotations:        flannel.alpha.coreos.com/backend-type: host-gw
                    flannel.alpha.coreos.com/public-ip: 10.127.130.38
Conditions:
  Type             Status  LastHeartbeatTime                 LastTransitionTime                Reason                       Message
  ----             ------  -----------------                 ------------------                ------                       -------
  MemoryPressure   False   Mon, 06 May 2019 13:46:06 -0700   Tue, 30 Apr 2019 13:10:54 -0700   KubeletHasSufficientMemory   kubelet has sufficient memory available
  Ready            False   Mon, 06 May 2019 13:46:06 -0700   Tue, 30 Apr 2019 13:11:14 -0700   KubeletNotReady              cni config uninitialized
Addresses:
  InternalIP:  10.127.130.38
  Hostname:    win1
System Info:
  OS Image:                   Windows Server 2019 Datacenter
  Operating System:           windows
  Kubelet Version:            v1.14.0
PodCIDR:                     10.244.19.0/24
`;
const DESCRIBE_SERVICE = `Name:                     win-webserver
Namespace:                default
Selector:                 app=win-webserver
Type:                     NodePort
IP:                       10.102.220.146
Port:                     http  80/TCP
TargetPort:               80/TCP
NodePort:                 http  31486/TCP
Endpoints:                10.244.19.28:80,10.244.19.29:80
Session Affinity:         None
External Traffic Policy:  Cluster
Events:                   <none>
`;
const LIST = `{
  "apiVersion": "v1",
  "kind": "List",
  "items": [
    { "apiVersion": "v1", "kind": "Node",
      "metadata": { "name": "win1", "annotations": { "a": "b" } },
      "spec": { "podCIDR": "10.244.19.0/24" },
      "status": {
        "addresses": [ { "type": "InternalIP", "address": "10.127.130.38" } ],
        "conditions": [ { "type": "Ready",
          "status": "False", "message": "no CNI", "lastHeartbeatTime": "2019-05-06T20:46:06Z" } ],
        "nodeInfo": { "operatingSystem": "windows", "kubeletVersion": "v1.14.0" } } },
    { "kind": "Pod",
      "metadata": { "name": "iis-1", "namespace": "default", "labels": { "app": "iis" }, "creationTimestamp": "2019-05-06T20:00:00Z" },
      "spec": { "nodeName": "win1", "containers": [ { "image": "iis" } ], "securityContext": { "windowsOptions": { "hostProcess": true } } },
      "status": { "phase": "Pending", "podIPs": [ { "ip": "10.244.19.5" }, { "ip": "FD00::0:5" } ],
        "containerStatuses": [ { "ready": false, "restartCount": 2,
          "state": { "waiting": { "reason": "ContainerCreating" } }, "containerID": "containerd://abc" } ] } },
    { "kind": "Pod", "metadata": { "name": "x", "namespace": "kube-system" }, "status": { "phase": "Running" } },
    { "kind": "Service", "metadata": { "name": "dns", "namespace": "kube-system" },
      "spec": { "type": "ClusterIP", "clusterIP": "10.96.0.10", "ports": [ { "name": "dns", "protocol": "UDP", "port": 53, "targetPort": 53 } ] } },
    { "kind": "EndpointSlice", "metadata": { "name": "dns-abc", "namespace": "kube-system", "labels": { "kubernetes.io/service-name": "dns" } },
      "endpoints": [ { "addresses": [ "10.244.0.2" ], "conditions": { "ready": true }, "nodeName": "lin1", "targetRef": { "name": "coredns-1" } },
        { "addresses": [ "10.244.0.3" ], "conditions": { "ready": false } } ],
      "ports": [ { "name": "dns", "protocol": "UDP", "port": 53 } ] },
    { "kind": "Endpoints", "metadata": { "name": "web" }, "subsets": [ { "addresses": [ { "ip": "10.244.19.28" } ], "ports": [ { "port": 80 } ] } ] },
    { "kind": "Event", "reason": "FailedCreatePodSandBox", "type": "Warning", "count": 7,
      "involvedObject": { "kind": "Pod", "name": "iis-1", "namespace": "default" },
      "lastTimestamp": "2019-05-06T20:05:00Z", "source": { "component": "kubelet", "host": "win1" },
      "message": "Failed to create pod sandbox" },
    { "kind": "Secret", "metadata": { "name": "s" } }
  ]
}
`;
const CONFIG_MAP_JSON = JSON.stringify(
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'kube-flannel-cfg' },
    data: {
      'cni-conf.json':
        '{\n  "name": "cbr0",\n  "plugins": [ { "type": "flannel" }, { "type": "portmap" } ]\n}\n',
      'net-conf.json':
        '{\n  "Network": "10.244.0.0/16",\n  "Backend": {\n    "Type": "vxlan"\n  }\n}\n',
    },
  },
  null,
  2,
);
const CONFIG_MAP_YAML = `apiVersion: v1
data:
  cni-conf.json: |
    {
      "name": "cbr0",
      "plugins": [ { "type": "flannel" }, { "type": "portmap" } ]
    }
  net-conf.json: |
    {
      "Network": "10.244.0.0/16",
      "Backend": {
        "Type": "vxlan",
        "VNI": 4096
      }
    }
kind: ConfigMap
metadata:
  name: kube-flannel-cfg
`;
const SERVICE_YAML = `apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: default
spec:
  clusterIP: 10.96.0.20
  ports:
  - nodePort: 31486
    port: 80
    protocol: TCP
    targetPort: 8080
  type: NodePort
---
apiVersion: v1
kind: Pod
metadata:
  name: p
status:
  phase: Running
  podIP: 10.244.1.1
`;

describe('kubectl get', () => {
  it('reads pods that wait for a sandbox, and knows that their address is none', () => {
    const result = read(kubectlTableParser, PODS);
    expect(factItems(result.facts, 'kube-pods')).toMatchObject([
      {
        name: 'win-webserver-69495c7694-76nxd',
        status: 'ContainerCreating',
        ageSeconds: 5,
        ips: [],
        ipKnown: true,
        node: 'win-24elfepi8d9',
        evidence: [{ line: 3 }],
      },
      { ageSeconds: 6, evidence: [{ line: 4 }] },
    ]);
    expect(unaccounted(PODS, result)).toEqual([]);
  });

  it('reads all namespaces with restarts that say when', () => {
    const { facts } = read(kubectlTableParser, PODS_ALL);
    expect(factItems(facts, 'kube-pods')).toMatchObject([
      { namespace: 'default', restarts: 3, ageSeconds: 11220, ips: ['10.244.1.5'] },
      { namespace: 'kube-system', restarts: 12, ips: ['fd00::1:5'] },
    ]);
    expect(facts[0]).toMatchObject({ complete: true });
  });

  it('reads a table whose blanks were collapsed by a paste', () => {
    const squeezed = PODS_ALL.replace(/ {2,}/g, ' ');
    expect(factItems(read(kubectlTableParser, squeezed).facts, 'kube-pods')).toMatchObject([
      { namespace: 'default', restarts: 3, node: 'win1' },
      { namespace: 'kube-system', restarts: 12, node: 'lin1' },
    ]);
  });

  it('reads services with node ports, headless ones and several protocols', () => {
    const services = factItems(read(kubectlTableParser, SERVICES).facts, 'kube-services');
    expect(services[0]?.ports).toEqual([
      { protocol: 'TCP', port: 80, nodePort: 31486 },
      { protocol: 'UDP', port: 53, nodePort: 30053 },
    ]);
    expect(services[1]).toMatchObject({ headless: true, clusterIps: [] });
    expect(services[2]).toMatchObject({ type: 'LoadBalancer', externalIps: [] });
  });

  it('reads nodes wide', () => {
    expect(factItems(read(kubectlTableParser, NODES).facts, 'kube-nodes')).toMatchObject([
      { name: 'lin1', ready: true, os: 'linux', internalIps: ['10.0.0.4'] },
      { name: 'win1', ready: false, os: 'windows', kubeletVersion: 'v1.14.0' },
    ]);
  });

  it('reads events and joins a message of several lines', () => {
    const result = read(kubectlTableParser, EVENTS);
    const events = factItems(result.facts, 'kube-events');
    expect(events).toMatchObject([
      {
        reason: 'FailedCreatePodSandBox',
        objectName: 'iis-1',
        objectKind: 'pod',
        lastSeenAgo: 131,
        evidence: [{ line: 2, endLine: 3 }],
      },
      { reason: 'Scheduled', lastSeenAgo: 300 },
    ]);
    expect(events[0]?.message).toContain('SystemType');
    expect(unaccounted(EVENTS, result)).toEqual([]);
  });

  it('does not call a list complete that a name or a filter narrowed', () => {
    for (const command of [
      'kubectl get svc/web -A',
      'kubectl get svc web -A',
      'kubectl get svc -A | findstr web',
    ]) {
      const table = `NAMESPACE ${SERVICES.replace(/\n(?=\w)/g, '\ndefault   ')}`;
      const { facts } = read(kubectlTableParser, `PS C:\\k> ${command}\n${table}`);
      expect(facts[0]).toMatchObject({ complete: false });
    }
  });
});

describe('kubectl describe', () => {
  it('reads a pod with its events; a message goes on over the next line', () => {
    const result = read(kubectlDescribeParser, DESCRIBE);
    expect(factItems(result.facts, 'kube-pods')).toMatchObject([
      {
        name: 'iis-6c559f5868-vscxm',
        node: 'knnode3w',
        status: 'ContainerCreating',
        phase: 'Pending',
        ready: '0/1',
        restarts: 21,
        ips: [],
        ipKnown: true,
        createdAt: Date.UTC(2019, 0, 8, 20, 10, 33),
      },
    ]);
    expect(factItems(result.facts, 'kube-pods')[0]?.labels.get('app')).toBe('iis');
    expect(factItems(result.facts, 'kube-events')).toMatchObject([
      {
        reason: 'FailedCreatePodSandBox',
        count: 131,
        lastSeenAgo: 31,
        firstSeenAgo: 1920,
        host: 'w1',
        objectName: 'iis-6c559f5868-vscxm',
        namespace: 'default',
        evidence: [{ line: 20, endLine: 21 }],
      },
      { reason: 'SandboxChanged' },
    ]);
    expect(unaccounted(DESCRIBE, result)).toEqual([]);
  });

  it('reads the older layout of events', () => {
    expect(factItems(read(kubectlDescribeParser, DESCRIBE_OLD).facts, 'kube-events')).toMatchObject(
      [
        {
          type: 'Warning',
          reason: 'FailedSync',
          message: 'Error syncing pod',
          count: 12,
          lastSeenAgo: 120,
          host: 'node1',
        },
      ],
    );
  });

  it('reads a node with its Ready condition', () => {
    const [node] = factItems(read(kubectlDescribeParser, DESCRIBE_NODE).facts, 'kube-nodes');
    expect(node).toMatchObject({
      name: 'win1',
      ready: false,
      readyReason: 'cni config uninitialized',
      internalIps: ['10.127.130.38'],
      podCidrs: ['10.244.19.0/24'],
      os: 'windows',
      evidence: [{ line: 10 }, { line: 1 }],
    });
    expect(node?.annotations.get('flannel.alpha.coreos.com/public-ip')).toBe('10.127.130.38');
  });

  it('reads a service with its endpoints', () => {
    expect(
      factItems(read(kubectlDescribeParser, DESCRIBE_SERVICE).facts, 'kube-services'),
    ).toMatchObject([
      {
        name: 'win-webserver',
        clusterIps: ['10.102.220.146'],
        ports: [{ name: 'http', port: 80, nodePort: 31486, targetPort: '80' }],
        endpoints: ['10.244.19.28:80', '10.244.19.29:80'],
        externalTrafficPolicy: 'Cluster',
      },
    ]);
  });

  it('reads several objects one after another', () => {
    const { facts } = read(
      kubectlDescribeParser,
      `${DESCRIBE}\n\n${DESCRIBE_NODE}\n${DESCRIBE_SERVICE}`,
    );
    expect(factItems(facts, 'kube-pods')).toHaveLength(1);
    expect(factItems(facts, 'kube-nodes')).toHaveLength(1);
    expect(factItems(facts, 'kube-services')).toHaveLength(1);
    expect(factItems(facts, 'kube-events')).toHaveLength(2);
  });
});

describe('objects', () => {
  it('reads a mixed list as JSON', () => {
    const result = read(kubectlJsonParser, LIST);
    const { facts } = result;
    expect(factItems(facts, 'kube-nodes')).toMatchObject([
      {
        name: 'win1',
        ready: false,
        readyReason: 'no CNI',
        podCidrs: ['10.244.19.0/24'],
        os: 'windows',
        evidence: [{ line: 11 }, { line: 6 }],
      },
    ]);
    expect(factItems(facts, 'kube-pods')[0]).toMatchObject({
      status: 'ContainerCreating',
      ready: '0/1',
      restarts: 2,
      hostProcess: true,
      hostNetwork: false,
      ips: ['10.244.19.5', 'fd00::5'],
      containerIds: ['abc'],
      createdAt: Date.UTC(2019, 4, 6, 20),
    });
    expect(factItems(facts, 'kube-services')).toMatchObject([
      { name: 'dns', ports: [{ protocol: 'UDP', port: 53 }] },
    ]);
    expect(factItems(facts, 'kube-endpoints')).toMatchObject([
      {
        service: 'dns',
        addresses: [
          { ip: '10.244.0.2', ready: true, node: 'lin1', pod: 'coredns-1' },
          { ready: false },
        ],
      },
      {
        service: 'web',
        addresses: [{ ip: '10.244.19.28' }],
        ports: [{ port: 80, protocol: 'TCP' }],
      },
    ]);
    expect(factItems(facts, 'kube-events')).toMatchObject([
      { count: 7, host: 'win1', lastSeen: Date.UTC(2019, 4, 6, 20, 5) },
    ]);
    expect(facts.find(({ kind }) => kind === 'kube-pods')).toMatchObject({ complete: true });
    expect(result.notes.some(({ message }) => message.includes('Secret'))).toBe(true);
    expect(unaccounted(LIST, result)).toEqual([]);
  });

  it("reads flannel's configurations inside a config map, JSON and YAML, with lines", () => {
    const json = read(kubectlJsonParser, CONFIG_MAP_JSON).facts;
    expect(factItems(json, 'flannel-net-conf')).toMatchObject([
      { backendType: { value: 'vxlan', evidence: { line: 9 } } },
    ]);
    expect(factItems(json, 'linux-cni-conf')).toMatchObject([
      { name: { value: 'cbr0', evidence: { line: 8 } } },
    ]);
    const yaml = read(kubectlYamlParser, CONFIG_MAP_YAML);
    expect(factItems(yaml.facts, 'flannel-net-conf')).toMatchObject([
      {
        backendType: { value: 'vxlan', evidence: { line: 12 } },
        vni: { value: 4096, evidence: { line: 13 } },
      },
    ]);
    expect(factItems(yaml.facts, 'linux-cni-conf')).toMatchObject([
      { name: { evidence: { line: 5 } } },
    ]);
    expect(unaccounted(CONFIG_MAP_YAML, yaml)).toEqual([]);
  });

  it('reads YAML documents one after another', () => {
    const { facts } = read(kubectlYamlParser, SERVICE_YAML);
    expect(factItems(facts, 'kube-services')).toMatchObject([
      {
        name: 'web',
        clusterIps: ['10.96.0.20'],
        ports: [{ nodePort: 31486, targetPort: '8080' }],
        evidence: [{ line: 7 }, { line: 4 }],
      },
    ]);
    expect(factItems(facts, 'kube-pods')).toMatchObject([{ name: 'p', ips: ['10.244.1.1'] }]);
  });

  it('does not follow aliases of hostile YAML', () => {
    const bomb = `apiVersion: v1\nkind: Pod\na: &a [x,x,x]\nb: &b [*a,*a,*a]\nmetadata:\n  name: p\n`;
    expect(factItems(read(kubectlYamlParser, bomb).facts, 'kube-pods')).toHaveLength(1);
  });
});

describe('pieces', () => {
  it('knows quoted event messages', () => {
    const text =
      'Failed create pod sandbox: rpc error\nPod sandbox changed, it will be killed and re-created.\nother\n';
    const result = read(eventMessagesParser, text);
    expect(factItems(result.facts, 'kube-events').map(({ reason }) => reason)).toEqual([
      'FailedCreatePodSandBox',
      'SandboxChanged',
    ]);
    expect(unaccounted(text, result)).toEqual([3]);
  });

  it('reads ages', () => {
    expect(ageSeconds('3h7m')).toBe(11220);
    expect(ageSeconds('2y3d')).toBe(63331200);
    expect(ageSeconds('<unknown>')).toBeUndefined();
    expect(ageSeconds('5m13s <-- here')).toBe(313);
  });
});

describe('any cut', () => {
  const cases: readonly (readonly [string, Parser, string, (result: ParseResult) => number])[] = [
    ['table', kubectlTableParser, `${PODS}\n${SERVICES}\n${EVENTS}\n${NODES}`, count],
    [
      'describe',
      kubectlDescribeParser,
      DESCRIBE + DESCRIBE_OLD + DESCRIBE_NODE + DESCRIBE_SERVICE,
      count,
    ],
    ['json', kubectlJsonParser, LIST, count],
    ['yaml', kubectlYamlParser, CONFIG_MAP_YAML + '---\n' + SERVICE_YAML, count],
  ];
  function count(result: ParseResult): number {
    return result.facts.reduce((sum, fact) => sum + fact.items.length, 0) + result.notes.length;
  }
  it.each(cases)(
    '%s never throws and claims nothing without a fact or a note',
    (_name, parser, text) => {
      fc.assert(
        fc.property(fc.nat(text.length), fc.nat(text.length), (a, b) => {
          const part = text.slice(Math.min(a, b), Math.max(a, b));
          const result = read(parser, part);
          const claimed = result.claimed.flatMap((r) =>
            part.split('\n').slice(r.line - 1, r.endLine),
          );
          const substance = claimed.filter(
            (l) =>
              l.trim() !== '' &&
              !/NAME|LAST SEEN|FirstSeen|^\s*Type|-----|^[\s-]+$|^Events|kubectl|^#/.test(l),
          );
          if (count(result) === 0) expect(substance).toEqual([]);
        }),
        { numRuns: 150 },
      );
    },
  );
});
