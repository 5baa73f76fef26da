/** What a file of a bundle is, in one sentence, and the command that made it. */
export interface FileGuide {
  readonly what: string;
  /** As an operator would type it on the node; undefined where a service wrote the file by itself. */
  readonly command: string | undefined;
}

/**
 * Files of collectlogs.ps1 in all its generations, and of the other collectors, by name. Names may
 * carry a time prefix (AKS) and sit in sub-folders; the first match counts.
 */
const GUIDE: readonly (readonly [RegExp, string, string | undefined])[] = [
  [
    /^network\.txt$/,
    'The HNS networks: a table, then all their fields as JSON.',
    'Get-HnsNetwork | ConvertTo-Json -Depth 20',
  ],
  [
    /^networkdetailed\.txt$/,
    'The HNS networks with the resources allocated for each, as JSON.',
    'Get-HnsNetwork -Detailed | ConvertTo-Json -Depth 20',
  ],
  [
    /^network-(individual-)?detailed\.log$/,
    'The HNS networks with the resources allocated for each.',
    'Get-HnsNetwork -Detailed',
  ],
  [/^network\.log$/, 'The HNS networks as a table.', 'Get-HnsNetwork'],
  [
    /^endpoint\.txt$/,
    'The HNS endpoints, one for each pod and for the addresses behind load balancers: a table, then JSON.',
    'Get-HnsEndpoint | ConvertTo-Json -Depth 20',
  ],
  [/^hnsendpoints\.log$/, 'The HNS endpoints.', 'Get-HnsEndpoint'],
  [
    /^hnsendpolicy-detailed\.log$/,
    'The HNS endpoints with their policies.',
    'Get-HnsEndpoint | Select -ExpandProperty Policies',
  ],
  [
    /^policy\.txt$/,
    'The HNS load balancers that kube-proxy made for services.',
    'Get-HnsPolicyList | ConvertTo-Json -Depth 20',
  ],
  [
    /^namespaces\.txt$/,
    'The HNS namespaces: which compartment and endpoint belong to which pod.',
    'Get-HnsNamespace | ConvertTo-Json -Depth 10',
  ],
  [
    /^vfpoutput\.txt$/,
    'The layers, groups and rules of the virtual filtering platform (VFP) on every port of the switch.',
    '.\\dumpVfpPolicies.ps1 -switchName <name> -outfile vfpOutput.txt',
  ],
  [/^vfpports\.txt$/, 'The ports of the virtual switch.', 'vfpctrl /list-vmswitch-port'],
  [
    /^vswitchforwarding\.txt$/,
    'How each virtual switch forwards packets.',
    'vfpctrl /switch <guid> /get-switch-forwarding-settings',
  ],
  [
    /^collection-report\.txt$/,
    'When the collection ran, and how each section of it went.',
    'hns-workbench collect <node>',
  ],
  [
    /^collection\.json$/,
    'When the collector began by the clock of the node, and with which parameters.',
    'powershell -NoProfile -File collect.ps1 -OutputFolder <folder>',
  ],
  [
    /^ports\.txt$/,
    'The ports of the virtual switch: which adapter, MAC and container each belongs to.',
    'vfpctrl /list-vmswitch-port',
  ],
  [
    /^(ip|ipconfigall)\.txt$/,
    'The adapters and addresses of every network compartment.',
    'ipconfig /allcompartments /all',
  ],
  [/^ipconfig\.log$/, 'The adapters and addresses of the host.', 'ipconfig /all'],
  [/^ips\.log$/, 'The IP addresses of the host.', 'Get-NetIPAddress -IncludeAllCompartments'],
  [
    /^interfaces\.log$/,
    'The IP interfaces of the host.',
    'Get-NetIPInterface -IncludeAllCompartments',
  ],
  [
    /^routes\.txt$/,
    'The routes of the node, for IPv4 and IPv6.',
    'route print; Get-NetRoute -IncludeAllCompartments',
  ],
  [/^(ipv4routes|ipv6routes|networkroutes)\.txt$/, 'The routes of the node.', 'route print'],
  [/^mtu\.txt$/, 'The IP interfaces with MTU, metric and state.', 'netsh int ipv4 sh int'],
  [/^ipv4subinterfaces(\.txt)?$/, 'The MTU of each interface.', 'netsh int ipv4 sh subint'],
  [
    /_int\.txt$/,
    'The IP settings of one adapter (the file is named after it).',
    'netsh int ipv4 sh int <index>',
  ],
  [
    /^arp\.txt$/,
    'The neighbours (ARP) the node knows.',
    'arp -a; Get-NetNeighbor -IncludeAllCompartments',
  ],
  [
    /^nvspinfo\.txt$/,
    'Internal state of the virtual switch driver.',
    'nvspinfo -a -i -h -D -p -d -m -q',
  ],
  [/^nmscrub\.txt$/, 'Traces of old network objects.', 'nmscrub -a -n -t'],
  [/^nmbind\.txt$/, 'Which protocols are bound to which adapter.', 'nmbind'],
  [/^hnsdiag\.txt$/, 'All HNS objects with their details.', 'hnsdiag list all -d'],
  [/^hnsdiag(-list|listall)(\.txt)?$/, 'All HNS objects, one line each.', 'hnsdiag list all'],
  [/^hnsdiag\.adapters\.txt$/, 'The adapters as HNS sees them.', 'hnsdiag list adapters'],
  [
    /^hcsdiag(-list)?\.txt$/,
    'The containers and virtual machines of the host compute service.',
    'hcsdiag list',
  ],
  [
    /^shimdiag.*\.txt$/,
    'The shims of the running containers and their processes.',
    'shimdiag list --pids',
  ],
  [/^docker\.txt$/, 'The containers of Docker, also the stopped ones.', 'docker ps -a'],
  [/^containers\.txt$/, 'The containers of containerd.', 'ctr -n k8s.io c ls'],
  [/^(cri-)?containerd-containers\.(txt|log)$/, 'The containers of containerd.', 'crictl ps -a'],
  [/^(cri-)?containerd-pods\.txt$/, 'The pod sandboxes of containerd.', 'crictl pods'],
  [/^(cri-)?containerd-images\.txt$/, 'The container images of the node.', 'crictl images'],
  [/^cri-containerd-imagefsinfo\.txt$/, 'The file system the images lie on.', 'crictl imagefsinfo'],
  [/^containerd-tasks\.(txt|log)$/, 'The running tasks of containerd.', 'ctr -n k8s.io tasks ls'],
  [/^containerd-info\.txt$/, 'The configuration and state of containerd.', 'crictl info'],
  [
    /^(containerd-toml\.txt|config\.toml)$/,
    'The configuration of containerd.',
    'containerd config dump',
  ],
  [
    /^reservedports\.txt$/,
    'How many blocks of 64 ports can still be reserved.',
    '.\\collectlogs.ps1 (port reservation probe)',
  ],
  [
    /^excludedportrange\.txt$/,
    'The port ranges that are excluded from use, TCP then UDP.',
    'netsh int ipv4 sh excludedportrange tcp',
  ],
  [
    /^dynamicportrange\.txt$/,
    'The range of ports for outgoing connections.',
    'netsh int ipv4 sh dynamicport tcp',
  ],
  [
    /^tcpconnections\.txt$/,
    'The TCP connections and listeners of the node.',
    'Get-NetTCPConnection',
  ],
  [
    /^hnsportpoolallocs\.txt$/,
    'The port pools that HNS allocated.',
    'hcn port pool query (collectlogs.ps1)',
  ],
  [
    /^winver\.txt$/,
    'The version and build of Windows.',
    "Get-ItemProperty 'HKLM:\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion'",
  ],
  [/^windowsservices\.txt$/, 'The Windows services and whether they run.', 'Get-Service'],
  [/^scqueryex\.txt$/, 'The Windows services with state and process id.', 'sc.exe queryex'],
  [
    /^services\.csv$/,
    'What the service manager logged: starts, stops and crashes of services.',
    "Get-WinEvent -FilterHashtable @{LogName='System'; ProviderName='Service Control Manager'}",
  ],
  [
    /^hyper-v-compute-operational\.csv$/,
    'What the host compute service logged about containers.',
    'Get-WinEvent -LogName Microsoft-Windows-Hyper-V-Compute-Operational',
  ],
  [
    /^firewall(-\w+)?(\.txt)?$/,
    'The rules of the Windows firewall.',
    'Get-NetFirewallRule -PolicyStore ActiveStore',
  ],
  [
    /^netadapter\.txt$/,
    'The network adapters with driver, state and speed.',
    'Get-NetAdapter -IncludeHidden',
  ],
  [/^processes\.txt$/, 'The processes of the node.', 'Get-Process'],
  [
    /^versions\.txt$/,
    'The versions of kubelet, kube-proxy, the container runtime and flannel.',
    'kubelet.exe --version; kube-proxy.exe --version',
  ],
  [/^hotfixes\.txt$/, 'The updates of Windows that are installed.', 'Get-HotFix'],
  [
    /^feature\.txt$/,
    'Whether the Containers feature is installed.',
    'Get-WindowsFeature Containers',
  ],
  [
    /^hnsversion\.txt$/,
    'The version of HNS, which decides what kube-proxy can use.',
    'Invoke-HnsRequest -Method GET -Type globals -Id version',
  ],
  [/^nat\.txt$/, 'The NAT of Windows itself, beside that of HNS.', 'Get-NetNat'],
  [
    /^dnsclient\.txt$/,
    'The servers, suffixes and policy of the DNS client of the node.',
    'Get-DnsClientServerAddress; Get-DnsClientGlobalSetting; Get-DnsClientNrptPolicy',
  ],
  [
    /^tcpip\.txt$/,
    'Which parts of IPv6 are turned off in the registry.',
    'Get-ItemProperty HKLM:\\SYSTEM\\CurrentControlSet\\Services\\Tcpip6\\Parameters',
  ],
  [
    /^endpointstats(-2)?\.txt$/,
    'What HNS counted at each endpoint; twice, some seconds apart.',
    'Invoke-HnsRequest -Method GET -Type endpointstats -Id <endpoint>',
  ],
  [
    /^adapterstatistics(-2)?\.txt$/,
    'What each network adapter counted; twice, some seconds apart.',
    'Get-NetAdapterStatistics -IncludeHidden',
  ],
  [
    /^(microsoft-windows|system).*\.csv$/,
    'Entries of a Windows event log.',
    'Get-WinEvent -LogName <log> | ConvertTo-Csv -NoTypeInformation',
  ],
  [
    /^pagefile\.(txt|log)$/,
    'The page file and how much of it is used.',
    'Get-CimInstance Win32_PageFileUsage',
  ],
  [
    /^(available-memory|disk-usage.*|process-.*)\.txt$/,
    'Memory, disk and process figures of the node.',
    undefined,
  ],
  [/^filters\.xml$/, 'The filters of the Windows Filtering Platform.', 'netsh wfp show filters'],
  [
    /^netevents\.xml$/,
    'Recent events of the Windows Filtering Platform: what it dropped.',
    'netsh wfp show netevents',
  ],
  [/^wfpstate\.xml$/, 'The state of the Windows Filtering Platform.', 'netsh wfp show state'],
  [
    /^kubelet(\.err|-\d.*)?\.log$/,
    'The log of kubelet: pods, sandboxes and calls of the CNI plugin.',
    undefined,
  ],
  [
    /^kube-?proxy(\.err|-\d.*)?\.log$/,
    'The log of kube-proxy: services and the HNS load balancers it makes.',
    undefined,
  ],
  [/^flanneld?.*\.log$/, 'The log of flannel: subnets of this and the other nodes.', undefined],
  [/^azure-vnet-ipam.*\.log$/, 'The log of the Azure address management plugin.', undefined],
  [/^azure-vnet.*\.log$/, 'The log of the Azure CNI plugin.', undefined],
  [/^azure-vnet(-ipam)?\.json$/, 'The state of the Azure CNI plugin.', undefined],
  [/^containerd.*\.log$/, 'The log of containerd.', undefined],
  [/^csi-proxy.*\.log$/, 'The log of the storage proxy.', undefined],
  [/^(calico-)?(felix|node|cni).*\.log$/, 'A log of the CNI agent.', undefined],
  [
    /^kubelet-service\.csv$/,
    'Events of the kubelet service.',
    'Get-EventLog -LogName Application -Source kubelet',
  ],
  [
    /^kube-proxy-service\.csv$/,
    'Events of the kube-proxy service.',
    'Get-EventLog -LogName Application -Source kube-proxy',
  ],
  [
    /^collect-windows-logs-output\.log$/,
    'What the collector did, and which of its steps failed.',
    'collect-windows-logs.ps1',
  ],
  [/^kubeclusterconfig\.json$/, 'The settings the node was provisioned with.', undefined],
  [
    /^kubeconfig$|\.kubeconfig$/,
    'Credentials for the cluster; their values are never shown.',
    undefined,
  ],
  [
    /^sourcevip(request)?\.json$/,
    'The address that kube-proxy uses as source on an overlay network.',
    undefined,
  ],
  [/^subnet\.env$/, 'The subnet that flannel leased for this node.', undefined],
  [
    /^net-conf\.json$/,
    "flannel's network configuration of the cluster.",
    'kubectl -n kube-flannel get configmap kube-flannel-cfg -o json',
  ],
  [
    /^cni-conf\.json$/,
    "flannel's CNI configuration of the Linux nodes.",
    'kubectl -n kube-flannel get configmap kube-flannel-cfg -o json',
  ],
  [/\.conflist$/, 'A CNI configuration (a list of plugins).', 'Get-Content <file>'],
  [/\.conf$/, 'A CNI configuration.', 'Get-Content <file>'],
  [/^nodes\.json$/, 'The Kubernetes nodes.', 'kubectl get nodes -o json'],
  [/^pods(-.+)?\.json$/, 'The pods of the cluster.', 'kubectl get pods -A -o json'],
  [/^services(-.+)?\.json$/, 'The Kubernetes services.', 'kubectl get services -A -o json'],
  [
    /^endpoint(slice)?s(-.+)?\.json$/,
    'The addresses behind the Kubernetes services.',
    'kubectl get endpointslices -A -o json',
  ],
  [/^daemonsets(-.+)?\.json$/, 'The DaemonSets.', 'kubectl get daemonsets -A -o json'],
  [
    /^configmaps\.json$/,
    'The config maps of kube-proxy and the network plugin.',
    'kubectl -n kube-flannel get configmap kube-flannel-cfg -o json',
  ],
  [/^kubectl-get-nodes/, 'The Kubernetes nodes.', 'kubectl get nodes -o wide'],
  [
    /^kubectl-describe-nodes/,
    'The Kubernetes nodes in full, with their events.',
    'kubectl describe nodes',
  ],
  [/^kubectl-describe-pods?/, 'Pods in full, with their events.', 'kubectl describe pods -A'],
  [/^kubectl-get-pods/, 'The pods and their state.', 'kubectl get pods -A -o wide'],
  [/^kubectl-get-(svc|services)/, 'The Kubernetes services.', 'kubectl get services -A -o wide'],
  [/^(kubectl-get-)?events/, 'The Kubernetes events.', 'kubectl get events -A'],
  [
    /^debug-?windowsnode.*\.txt$/,
    'The validation of the node by Debug-WindowsNode.',
    '.\\DebugWindowsNode.ps1',
  ],
  [
    /^validatekubernetes.*\.txt$/,
    'The validation of the cluster from Windows pods.',
    '.\\ValidateKubernetes.Pester.tests.ps1',
  ],
  [/^hnslogs.*\.etl$/, 'A trace of the Host Network Service.', '.\\starthnstrace.cmd'],
  [/^server\.etl$/, 'A packet capture or HNS trace.', '.\\startpacketcapture.cmd'],
  [
    /^pktmon-counters(-2)?\.(txt|json)$/,
    'Packets that Packet Monitor counted at each component, and drops.',
    'pktmon counters',
  ],
  [/^pktmon\.txt$/, 'What Packet Monitor could watch, and whether it runs.', 'pktmon list --all'],
  [/\.etl$/, 'An event trace.', 'pktmon start --capture; netsh trace start'],
  [/\.pcapng$|\.pcap$/, 'A packet capture.', 'pktmon etl2pcap <file>.etl'],
  [/\.evtx$/, 'A Windows event log.', 'wevtutil epl <log> <file>.evtx'],
  [/^(netsetup|dism|cbs).*\.log$/, 'A log of Windows setup or servicing.', undefined],
];

/** What a file of this path is, as far as its name tells; undefined for an unknown name. */
export function fileGuide(path: string): FileGuide | undefined {
  const base = path.slice(path.lastIndexOf('/') + 1);
  const name = base.replace(/^\d{8}-\d{6}[-_]/, '').toLowerCase();
  const found = GUIDE.find(([pattern]) => pattern.test(name));
  return found && { what: found[1], command: found[2] };
}
