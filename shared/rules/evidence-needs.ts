import type { FactKind } from '../model/facts';
import type { MissingEvidence } from '../model/finding';

/**
 * The kinds of evidence a rule can ask for, each with the command that makes it. A need is met when
 * the snapshot holds facts of that kind (for `log:` kinds: a log of that component; for `processes`:
 * a list that could have shown what is asked for).
 */
const NODE = 'node';
const CLUSTER = 'cluster';

const byFact = (
  fact: FactKind,
  what: string,
  command: string,
  where: MissingEvidence['where'] = NODE,
): { fact: FactKind; what: string; command: string; where: MissingEvidence['where'] } => ({
  fact,
  what,
  command,
  where,
});

const log = (
  component: string,
  command: string,
): { fact: 'logs'; component: string; what: string; command: string; where: 'node' } => ({
  fact: 'logs',
  component,
  what: `the log of ${component}`,
  command,
  where: NODE,
});

export const EVIDENCE_NEEDS = {
  networks: byFact(
    'hns-networks',
    'the HNS networks (network.txt)',
    'Get-HnsNetwork | ConvertTo-Json -Depth 20',
  ),
  endpoints: byFact(
    'hns-endpoints',
    'the HNS endpoints (endpoint.txt)',
    'Get-HnsEndpoint | ConvertTo-Json -Depth 20',
  ),
  loadBalancers: byFact(
    'hns-load-balancers',
    'the HNS load balancers (policy.txt)',
    'Get-HnsPolicyList | ConvertTo-Json -Depth 20',
  ),
  namespaces: byFact(
    'hns-namespaces',
    'the HNS namespaces (namespaces.txt)',
    'Get-HnsNamespace | ConvertTo-Json -Depth 10',
  ),
  vfp: byFact(
    'vfp',
    'the VFP layers and rules of every port (vfpOutput.txt)',
    'powershell -File dumpVfpPolicies.ps1 -switchName <name> -outfile vfpOutput.txt',
  ),
  vswitchPorts: byFact(
    'vswitch-ports',
    'the ports of the vSwitch (ports.txt)',
    'vfpctrl /list-vmswitch-port',
  ),
  compartments: byFact(
    'compartments',
    'the addresses of every compartment (ip.txt)',
    'ipconfig /allcompartments /all',
  ),
  routes: byFact(
    'routes',
    'the routes (routes.txt)',
    'Get-NetRoute -IncludeAllCompartments; route print',
  ),
  interfaces: byFact('ip-interfaces', 'the IP interfaces (mtu.txt)', 'netsh int ipv4 sh int'),
  excludedPorts: byFact(
    'port-ranges',
    'the excluded port ranges',
    'netsh int ipv4 sh excludedportrange tcp',
  ),
  osVersion: byFact(
    'os-version',
    'the Windows version (winver.txt)',
    "Get-ItemProperty 'HKLM:\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion' | select ProductName, CurrentBuild, UBR, BuildLabEx",
  ),
  services: byFact(
    'services',
    'the Windows services (windowsServices.txt)',
    'Get-Service; sc.exe queryex',
  ),
  processes: byFact(
    'processes',
    'the processes of the node',
    'Get-Process kube*, flanneld, containerd, dockerd -ErrorAction SilentlyContinue',
  ),
  features: byFact(
    'features',
    'the state of the Containers feature',
    'Get-WindowsFeature Containers',
  ),
  versions: byFact(
    'component-versions',
    'the versions of kubelet and kube-proxy (versions.txt)',
    'kubelet.exe --version; kube-proxy.exe --version',
  ),
  hotfixes: byFact('hotfixes', 'the updates of Windows (hotfixes.txt)', 'Get-HotFix'),
  hnsVersion: byFact(
    'hns-version',
    'the version of HNS (hnsversion.txt)',
    'Invoke-HnsRequest -Method GET -Type globals -Id version',
  ),
  windowsNat: byFact('windows-nat', 'the NAT of Windows itself (nat.txt)', 'Get-NetNat'),
  dnsClient: byFact(
    'dns-client',
    'the settings of the DNS client (dnsclient.txt)',
    'Get-DnsClientServerAddress; Get-DnsClientGlobalSetting; Get-DnsClientNrptPolicy',
  ),
  ipv6Setting: byFact(
    'ipv6-setting',
    'the registry value DisabledComponents of IPv6 (tcpip.txt)',
    'Get-ItemProperty HKLM:\\SYSTEM\\CurrentControlSet\\Services\\Tcpip6\\Parameters | select DisabledComponents',
  ),
  tcpConnections: byFact(
    'tcp-connections',
    'the TCP connections and listeners of the node (tcpconnections.txt)',
    'Get-NetTCPConnection',
  ),
  adapterCounters: byFact(
    'adapter-statistics',
    'counters of the adapters, twice some seconds apart',
    'Get-NetAdapterStatistics -IncludeHidden | Format-List *; <wait>; Get-NetAdapterStatistics -IncludeHidden | Format-List *',
  ),
  windowsEvents: byFact(
    'windows-events',
    'entries of the Windows event logs as CSV',
    "Get-WinEvent -FilterHashtable @{ LogName = 'System'; StartTime = (Get-Date).AddDays(-1) } | select TimeCreated, Level, LevelDisplayName, ProviderName, Id, Message | ConvertTo-Csv -NoTypeInformation",
  ),
  containers: byFact(
    'containers',
    'the containers of the node (containers.txt)',
    'ctr -n k8s.io c ls',
  ),
  images: byFact('images', 'the container images of the node', 'crictl images'),
  tests: byFact(
    'tests',
    'the results of the validation script',
    '.\\ValidateKubernetes.Pester.tests.ps1',
  ),
  dnsLookups: byFact(
    'dns-lookups',
    'a name lookup from inside a pod',
    'kubectl exec <pod> -- powershell Resolve-DnsName kubernetes.default.svc.cluster.local',
  ),
  packetLog: byFact(
    'pktmon-logs',
    'a log of Packet Monitor as text, which tells why packets were dropped',
    'pktmon start --capture --comp all; <reproduce>; pktmon stop; pktmon etl2txt PktMon.etl',
  ),
  endpointCounters: byFact(
    'endpoint-statistics',
    'counters of the HNS endpoints, twice some seconds apart',
    'Get-HnsEndpoint | foreach { Invoke-HnsRequest -Method GET -Type endpointstats -Id $_.ID } | ConvertTo-Json',
  ),
  filteringDrops: byFact(
    'filtering-drops',
    'what the Windows Filtering Platform dropped of late (wfp/netevents.xml)',
    'netsh wfp show netevents file=-',
  ),
  packetCounters: byFact(
    'pktmon-counters',
    'counters of Packet Monitor, twice some seconds apart',
    'pktmon start --capture --comp all; pktmon counters; <wait>; pktmon counters',
  ),
  captures: byFact(
    'captures',
    'a packet capture that can be read (pcap or pcapng)',
    'pktmon start --capture --comp all; <reproduce>; pktmon stop; pktmon etl2pcap PktMon.etl',
  ),
  nodes: byFact('kube-nodes', 'the Kubernetes nodes', 'kubectl get nodes -o json', CLUSTER),
  pods: byFact('kube-pods', 'the pods', 'kubectl get pods -A -o json', CLUSTER),
  kubeServices: byFact(
    'kube-services',
    'the Kubernetes services',
    'kubectl get services -A -o json',
    CLUSTER,
  ),
  kubeEndpoints: byFact(
    'kube-endpoints',
    'the endpoint slices',
    'kubectl get endpointslices -A -o json',
    CLUSTER,
  ),
  events: byFact('kube-events', 'the Kubernetes events', 'kubectl get events -A -o json', CLUSTER),
  cniConfig: byFact(
    'cni-configs',
    'the CNI configuration',
    'Get-Content C:\\k\\cni\\config\\*.conf*',
  ),
  netConf: byFact(
    'flannel-net-conf',
    "flannel's net-conf.json",
    'kubectl -n kube-flannel get configmap kube-flannel-cfg -o json',
    CLUSTER,
  ),
  linuxCniConf: byFact(
    'linux-cni-conf',
    "flannel's cni-conf.json of the Linux nodes",
    'kubectl -n kube-flannel get configmap kube-flannel-cfg -o json',
    CLUSTER,
  ),
  sourceVip: byFact(
    'source-vip',
    'the source VIP file (sourceVip.json)',
    'Get-Content C:\\k\\sourceVip.json',
  ),
  kubeletLog: log('kubelet', 'Get-Content C:\\k\\kubelet.log -Tail 2000'),
  kubeProxyLog: log('kube-proxy', 'Get-Content C:\\k\\kubeproxy.log -Tail 2000'),
  flanneldLog: log('flanneld', 'Get-Content C:\\k\\flanneld.log -Tail 2000'),
  anyLog: byFact(
    'logs',
    'the logs of kubelet, kube-proxy and the CNI agent',
    'Get-Content C:\\k\\kubelet.log, C:\\k\\kubeproxy.log, C:\\k\\flanneld.log -Tail 2000',
  ),
  peerNode: {
    fact: undefined,
    what: "the bundle of the node's peer",
    command: '.\\collectlogs.ps1 on the other node',
    where: 'another-node',
  },
} as const satisfies Record<
  string,
  {
    fact: FactKind | undefined;
    component?: string;
    what: string;
    command: string;
    where: MissingEvidence['where'];
  }
>;

export type EvidenceNeed = keyof typeof EVIDENCE_NEEDS;

/** The need in the words of a check result. */
export function missingEvidence(need: EvidenceNeed): MissingEvidence {
  const { what, command, where } = EVIDENCE_NEEDS[need];
  return { what, command, where };
}
