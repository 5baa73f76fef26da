import type { LocalPod, NodePlan } from './node-plan';

/** DebugWindowsNode.txt: the prerequisites script, all passed. */
export function debugWindowsNodeText(plan: NodePlan): string {
  const docker = [
    'Describing Docker is installed',
    " [+] A Docker service is installed - 'Docker' or 'com.Docker.Service' 74ms",
    ' [+] Service is running 47ms',
    ' [+] Docker.exe is in path 251ms',
    ' [+] Should be a supported version 61ms',
    'Docker version: 20.10.21',
  ];
  const year = plan.os.build === 17763 ? '2019' : '2022';
  return [
    'PS C:\\k> .\\Debug-WindowsNode.ps1',
    'Checking for common problems with Windows Kubernetes nodes',
    `Container Host OS Product Name: ${plan.os.product}`,
    `Container Host OS Build Label: ${plan.os.lab}`,
    'Describing Windows Version and Prerequisites',
    ` [+] Is Windows Server ${year} 108ms`,
    " [+] Has 'Containers' feature installed 3.31s",
    ' [+] Has HNS running 77ms',
    ...(plan.runtime === 'docker' ? docker : []),
    'Describing Kubernetes processes are running',
    ' [+] There is 1 running kubelet.exe process 70ms',
    ' [+] There is 1 running kube-proxy.exe process 54ms',
    '',
  ].join('\n');
}

const TESTS = [
  'should have more than 1 local container',
  'should have at least 1 remote container',
] as const;

/** Marks of the connectivity tests; a scenario turns those of its symptom to failures. */
export type ConnectivityTest = (typeof CONNECTIVITY)[number];
export const CONNECTIVITY = [
  'Pods should have Internet connectivity',
  'Pods should be able to reach the service by name',
  'Host should be able to reach the service VIP',
  'Pods should be able to reach the node',
  'Host should be able to reach local pods',
  'Pods should be able to reach local pods',
  'Pods should be able to reach remote pods',
  'Remote node port should be reachable',
] as const;

/** ValidateKubernetes.Pester.txt. `failed` names connectivity tests that fail. */
export function validateKubernetesText(
  plan: NodePlan,
  failed: readonly ConnectivityTest[] = [],
): string {
  const source: LocalPod | undefined = plan.pods[0];
  const web = [...plan.pods, ...plan.remotePods].filter((p) => p.app === 'win-webserver');
  const results = CONNECTIVITY.flatMap((test, i) =>
    failed.includes(test)
      ? [
          `    [-] ${test} 21.${i}s`,
          '      Expected: {200}',
          '      But was:  {}',
          '      at line: 214 in C:\\k\\ValidateKubernetes.Pester.tests.ps1',
        ]
      : [`    [+] ${test} 1.${i}7s`],
  );
  return [
    'PS C:\\k> .\\ValidateKubernetes.Pester.tests.ps1',
    'Describing Kubernetes Prerequisites',
    '   Context Checking Docker images',
    '    [+] should have windowservercore image 1.47s',
    '   Context Checking Kubernetes Binaries are running',
    '    [+] kubelet.exe is running 339ms',
    '    [+] kube-proxy.exe is running 60ms',
    '    [+] flanneld.exe is running 54ms',
    'Describing Basic Connectivity Tests',
    '   Context Windows Connectivity',
    `    [+] ${TESTS[0]} 32.28s`,
    `    [+] ${TESTS[1]} 56ms`,
    ...web.map((p) => `Checking ${p.name} has IP address ${p.ip}`),
    '    [+] Pods should have correct IP 2.19s',
    `Testing from ${source?.name ?? ''} ${source?.ip ?? ''}`,
    ...results,
    `Tests completed in ${41 + failed.length * 20}.2s`,
    `Passed: ${6 + results.filter((r) => r.includes('[+]')).length + 1} Failed: ${failed.length} Skipped: 0 Pending: 0 Inconclusive: 0 `,
    '',
  ].join('\n');
}

/** One run of resolve-dnsname inside a container. No answer prints the error that PowerShell shows. */
export function resolveDnsText(
  container: string,
  server: string | undefined,
  answer: string | undefined,
  name = 'kubernetes.default.svc.cluster.local',
): string {
  const to = server === undefined ? '' : ` -Server ${server}`;
  const command = `PS C:\\k> docker exec ${container} powershell.exe -Command resolve-dnsname ${name}${to}`;
  if (answer === undefined) {
    return [
      command,
      `resolve-dnsname : ${name} : This operation returned because the timeout period expired`,
      'At line:1 char:1',
      `+ resolve-dnsname ${name}${to}`,
      '+ ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~',
      `    + CategoryInfo          : OperationTimeout: (${name}:String) [Resolve-DnsName], Win32Exception`,
      '    + FullyQualifiedErrorId : ERROR_TIMEOUT,Microsoft.DnsClient.Commands.ResolveDnsName',
      '',
    ].join('\n');
  }
  return [
    command,
    '',
    'Name                                           Type   TTL   Section    IPAddress',
    '----                                           ----   ---   -------    ---------',
    `${name.padEnd(46)} A      5     Answer     ${answer}`,
    '',
    '',
  ].join('\n');
}

/**
 * dns-direct.txt (asking a DNS pod), dns-vip.txt (asking through the service) and dns-external.txt
 * (a name outside of the cluster, from the server of the NIC).
 */
export function dnsLookupTexts(
  plan: NodePlan,
  works: { readonly direct: boolean; readonly vip: boolean } = { direct: true, vip: true },
): (readonly [string, string])[] {
  const container = plan.pods[0]?.containerId.slice(0, 12) ?? '8bc';
  const server = plan.remotePods.find((p) => p.app === 'kube-dns')?.ip;
  const answer = (ok: boolean): string | undefined => (ok ? '10.96.0.1' : undefined);
  return [
    ['dns-direct.txt', resolveDnsText(container, server, answer(works.direct))],
    ['dns-vip.txt', resolveDnsText(container, plan.dnsVip, answer(works.vip))],
    [
      'dns-external.txt',
      resolveDnsText(container, undefined, works.vip ? '192.0.2.80' : undefined, 'www.example.com'),
    ],
  ];
}
