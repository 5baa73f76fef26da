import { describe, expect, it } from 'vitest';
import { dnsLookupParser } from './dns-lookup';
import { containerOfCommand } from './container-command';
import { factsOf, parseText, survivesEveryCut, unaccounted } from './testing/accounting';

const RESOLVED = `PS C:\\k> docker exec 8bc powershell.exe -Command resolve-dnsname Kubernetes.default.svc.cluster.local -Server 10.244.0.3

Name                                           Type   TTL   Section    IPAddress
----                                           ----   ---   -------    ---------
Kubernetes.default.svc.cluster.local           A      5     Answer     10.96.0.1
`;

const FAILED = `PS C:\\k> kubectl exec -n web win-1 -- powershell Resolve-DnsName kubernetes.default.svc.cluster.local
Resolve-DnsName : kubernetes.default.svc.cluster.local : This operation returned because the
timeout period expired
At line:1 char:1
+ Resolve-DnsName kubernetes.default.svc.cluster.local
+ ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
    + CategoryInfo          : OperationTimeout: (kubernetes.default.svc.cluster.local:String) [Resolve-DnsName], Win32Exception
    + FullyQualifiedErrorId : ERROR_TIMEOUT,Microsoft.DnsClient.Commands.ResolveDnsName
`;

const NSLOOKUP = `PS C:\\k> kubectl exec win-1 -- nslookup kubernetes.default.svc.cluster.local
Server:  kube-dns.kube-system.svc.cluster.local
Address:  10.96.0.10

Name:    kubernetes.default.svc.cluster.local
Addresses:  10.96.0.1
          fd00::1
PS C:\\k> nslookup www.example.com 10.96.0.10
DNS request timed out.
    timeout was 2 seconds.
Server:  UnKnown
Address:  10.96.0.10

*** Request to UnKnown timed-out
PS C:\\k> nslookup nope.example.com
Server:		10.96.0.10
Address:	10.96.0.10#53

** server can't find nope.example.com: NXDOMAIN
`;

const lookups = (text: string) =>
  factsOf(parseText(dnsLookupParser, text).facts, 'dns-lookups')[0]?.items;

describe('name lookups', () => {
  it('reads an answer with the server and the container asked', () => {
    expect(lookups(RESOLVED)).toMatchObject([
      {
        name: 'Kubernetes.default.svc.cluster.local',
        server: '10.244.0.3',
        container: '8bc',
        ok: true,
        answers: ['10.96.0.1'],
        evidence: [{ line: 5 }],
      },
    ]);
    expect(unaccounted(RESOLVED, parseText(dnsLookupParser, RESOLVED))).toEqual([]);
  });

  it('reads a failure with its whole message', () => {
    const items = lookups(FAILED);
    expect(items).toMatchObject([
      { name: 'kubernetes.default.svc.cluster.local', container: 'win-1', ok: false },
    ]);
    expect(items?.[0]?.message).toBe('This operation returned because the timeout period expired');
    expect(unaccounted(FAILED, parseText(dnsLookupParser, FAILED))).toEqual([]);
  });

  it('reads the form of PowerShell 7', () => {
    expect(lookups('Resolve-DnsName: www.example.com : DNS name does not exist.\n')).toMatchObject([
      { name: 'www.example.com', ok: false },
    ]);
  });

  it('reads nslookup: answers, time-outs and names that do not exist', () => {
    expect(
      lookups(NSLOOKUP)?.map(({ name, server, ok, answers }) => [name, server, ok, answers]),
    ).toEqual([
      ['kubernetes.default.svc.cluster.local', '10.96.0.10', true, ['10.96.0.1', 'fd00::1']],
      ['www.example.com', '10.96.0.10', false, []],
      ['nope.example.com', '10.96.0.10', false, []],
    ]);
    expect(unaccounted(NSLOOKUP, parseText(dnsLookupParser, NSLOOKUP))).toEqual([]);
  });

  it('notes a lookup without any outcome', () => {
    expect(parseText(dnsLookupParser, 'PS C:\\> nslookup kubernetes\n').notes).toMatchObject([
      { kind: 'truncated', line: 1 },
    ]);
  });

  it('takes no answer for a failed one whose address cannot be read', () => {
    const tabbed = RESOLVED.replaceAll(' '.repeat(8), '\t');
    expect(lookups(tabbed)?.filter(({ ok }) => !ok) ?? []).toEqual([]);
    const cutAtEdge = RESOLVED.replace('     10.96.0.1', '');
    expect(lookups(cutAtEdge) ?? []).toEqual([]);
    expect(parseText(dnsLookupParser, cutAtEdge).notes).toContainEqual(
      expect.objectContaining({
        kind: 'skipped',
        line: 5,
        message: 'The address of this answer cannot be read',
      }),
    );
  });

  it('survives every cut', () => {
    for (const text of [RESOLVED, FAILED, NSLOOKUP]) survivesEveryCut(dnsLookupParser, text);
  });
});

describe('the container of a command', () => {
  it.each([
    ['docker exec 8bc powershell.exe -Command x', '8bc'],
    ['docker exec -it -u admin 8bc cmd', '8bc'],
    ['kubectl exec -n web -it win-1 -c web -- ipconfig /all', 'win-1'],
    ['kubectl exec pod/win-1 -- ipconfig', 'win-1'],
    ['kubectl get pods', undefined],
    ['ipconfig /all', undefined],
  ])('%s', (command, container) => {
    expect(containerOfCommand(command)).toBe(container);
  });
});
