/**
 * Constrained Language Mode (AppLocker, WDAC) refuses what the collector needs: compression, hashes,
 * script blocks made of text. These commands use none of it. Each is sent by itself; what it prints
 * is the file.
 */
export const CONSTRAINED_COMMANDS: readonly {
  readonly section: string;
  readonly path: string;
  readonly command: string;
}[] = [
  {
    section: 'os',
    path: 'winver.txt',
    command:
      "Get-ItemProperty 'HKLM:\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion' | Select-Object ProductName, CurrentBuild, UBR, BuildLabEx | Format-List",
  },
  { section: 'services', path: 'scqueryex.txt', command: 'sc.exe queryex' },
  {
    section: 'hns-networks',
    path: 'network.txt',
    command: 'Get-HnsNetwork | ConvertTo-Json -Depth 20',
  },
  {
    section: 'hns-endpoints',
    path: 'endpoint.txt',
    command: 'Get-HnsEndpoint | ConvertTo-Json -Depth 20',
  },
  {
    section: 'hns-load-balancers',
    path: 'policy.txt',
    command: 'Get-HnsPolicyList | ConvertTo-Json -Depth 20',
  },
  {
    section: 'hns-namespaces',
    path: 'namespaces.txt',
    command: 'Get-HnsNamespace | ConvertTo-Json -Depth 20',
  },
  { section: 'hnsdiag', path: 'hnsdiag.txt', command: 'hnsdiag.exe list all -d' },
  { section: 'vswitch-ports', path: 'ports.txt', command: 'vfpctrl.exe /list-vmswitch-port' },
  { section: 'addresses', path: 'ip.txt', command: 'ipconfig.exe /allcompartments /all' },
  { section: 'routes', path: 'routes.txt', command: 'route.exe print' },
  { section: 'interfaces', path: 'mtu.txt', command: 'netsh.exe int ipv4 sh int' },
  { section: 'neighbours', path: 'arp.txt', command: 'arp.exe -a' },
  { section: 'containers-hcs', path: 'hcsdiag.txt', command: 'hcsdiag.exe list' },
];
