import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogFile } from '../../model/logs';
import { textFile, textFileOf } from '../../text/text-file';
import type { Parser } from '../parser';
import { wholeFile } from '../parser';
import { unaccounted } from '../testing/accounting';
import { azureVnetParser } from './azure-vnet';
import { calicoParser } from './calico';
import { goStdLogParser } from './go-std-log';
import { klogParser } from './klog';
import { logrusParser } from './logrus';
import { plainLogParser } from './plain-log';

const KUBELET = `Log file created at: 2020/12/31 18:34:35
Running on machine: k8s-m-w2-win
Binary: Built with gc go1.13.6 for windows/amd64
Log line format: [IWEF]mmdd hh:mm:ss.uuuuuu threadid file:line] msg
I1231 23:59:35.928699    4216 flags.go:59] FLAG: --hostname-override="win-a"
E1231 23:59:36.617066    4216 aws_credentials.go:77] while getting AWS credentials NoCredentialProviders
	For verbose messaging see aws.Config.CredentialsChainVerboseErrors
E0101 00:00:02.921704    4216 processstarttime.go:48] Could not get process start time
`;

const FLANNELD = `PS C:\\k> .\\flanneld.exe  --kubeconfig-file="c:\\k\\admin.conf" --kube-subnet-mgr
=1
I0711 13:57:07.141605    4872 main.go:422] Searching for interface using 10.126.79.218
2018-07-11 13:57:07.182620 I | Interfaces : [{0 vEthernet (Ethernet 2) 25 true 10.126.79.218 24 0 10.126.79.1}]
W0711 13:57:08.219603    4872 route_network_windows.go:94] Subnet added: 10.244.0.0/24 via 10.127.130.37
`;

const AZURE = `2023/08/15 20:51:20 [11200] [net] Restored state
{"level":"error","ts":"2023-08-15T20:51:21.380Z","msg":"Plugin failed","pid":11200,"component":"cni"}
2023/08/15 20:51:22 [11200] [net] Failed to create endpoint: hnsCall failed in Win32: Element not found. (0x490)
`;

const CALICO = `2023-11-07 06:49:53.027 [INFO][3488] felix/win_dataplane.go 256: Received update msg=name:"win-core-pod-svc"
2023-11-07 06:49:54.527 [WARNING][3488] felix/vxlan_resolver.go 247: Missing vxlan tunnel address for node
  detail of the warning
`;

const K0S = `time="2023-01-31T09:10:11Z" level=info msg="W0131 10:10:11.123456    1 proxier.go:1] no endpoints" component=kube-proxy stream=stderr
time="2023-01-31T09:10:12+01:00" level=error msg="E0131 10:10:12.123456    1 kubelet.go:1] not ready" component=kubelet stream=stderr
time="2023-01-31T09:10:13Z" level=warning msg="starting" component=kubelet
`;

const EVENT_LOG = `  173410 May 09 18:41  Information kube-proxy                      0 E0509 18:41:13.804062    3176 proxier.go:1034] Policy creation failed: hnsCall failed in Win32: (0x803b000d)
  173409 May 09 18:41  Information kube-proxy                      0 I0509 18:41:13.783683    3176 proxier.go:117] Hns Endpoint resource, {"ID":"27D1AB6B...
`;

const SCRIPT = `WARNING: The names of some imported commands include unapproved verbs
Invoke-HnsRequest : @{Error=An adapter was not found. ; ErrorCode=2151350278; Success=False}
At C:\\k\\flannel\\hns.psm1:233 char:16
+ ...      return Invoke-HnsRequest -Method POST -Type n
    + CategoryInfo          : NotSpecified
Done
`;

function read(parser: Parser, text: string, path = 'x.log', modifiedAt?: number): LogFile[] {
  const file = textFile(path, new TextEncoder().encode(text), {
    ...(modifiedAt === undefined ? {} : { modifiedAt }),
  });
  return parser
    .parse(wholeFile(file))
    .facts.flatMap((fact) => (fact.kind === 'logs' ? fact.items : []));
}

function one(parser: Parser, text: string, path?: string, modifiedAt?: number): LogFile {
  const [log] = read(parser, text, path, modifiedAt);
  if (!log) throw new Error('no log');
  return log;
}

describe('klog', () => {
  it('takes the year of the header over the turn of the year and joins continuations', () => {
    const log = one(klogParser, KUBELET, 'logs/kubelet.exe.ERROR');
    expect(log.component).toBe('kubelet');
    expect(log.entryCount).toBe(3);
    expect(log.machine).toBe('k8s-m-w2-win');
    expect(log.clock).toBe('local-unknown-zone');
    expect(log.time(0)).toBe(Date.UTC(2020, 11, 31, 23, 59, 35, 928));
    expect(log.lastTime).toBe(Date.UTC(2021, 0, 1, 0, 0, 2, 921));
    expect(log.entry(1).text).toContain('For verbose messaging');
    expect(log.entry(1).evidence).toEqual({ file: 'logs/kubelet.exe.ERROR', line: 6, endLine: 7 });
    expect(log.counts).toMatchObject({ info: 1, error: 2 });
  });

  it('reads the flag dump with its lines', () => {
    expect(one(klogParser, KUBELET).flags.get('--hostname-override')).toMatchObject({
      value: 'win-a',
      evidence: { line: 5 },
    });
  });

  it('takes the year from the time of the file, so that the log does not end in the future', () => {
    const text = 'I1230 10:00:00.000001  1 a.go:1] x\nI0102 10:00:00.000001  1 a.go:1] y\n';
    const log = one(klogParser, text, 'kubelet.log', Date.UTC(2019, 0, 2, 11));
    expect(log.firstTime).toBe(Date.UTC(2018, 11, 30, 10));
    expect(log.lastTime).toBe(Date.UTC(2019, 0, 2, 10));
  });

  it('has no times when nothing names the year', () => {
    const log = one(klogParser, 'I1230 10:00:00.000001  1 a.go:1] x\n', 'kubelet.log');
    expect(log.clock).toBe('no-year');
    expect(log.lastTime).toBeUndefined();
  });

  it('reads flanneld with its two styles and keeps the command as an entry', () => {
    const log = one(klogParser, FLANNELD, 'flanneld.log', Date.UTC(2018, 6, 12));
    expect(log.entryCount).toBe(4);
    expect(log.entry(0).evidence).toMatchObject({ line: 1, endLine: 2 });
    expect(log.time(1)).toBe(Date.UTC(2018, 6, 11, 13, 57, 7, 141));
    expect(log.time(2)).toBe(Date.UTC(2018, 6, 11, 13, 57, 7, 182));
    expect(log.level(3)).toBe('warning');
  });

  it('knows the component by content when the name says nothing', () => {
    const proxy =
      'E1222 10:21:07.484910    5948 proxier.go:1202] "Policy creation failed" err="x"\n';
    expect(one(klogParser, proxy, 'pasted.txt').component).toBe('kube-proxy');
    expect(one(klogParser, FLANNELD, 'pasted.txt').component).toBe('flanneld');
  });

  it('reads klog inside rows of the event log', () => {
    const log = one(klogParser, EVENT_LOG, 'events.txt');
    expect(log.component).toBe('kube-proxy');
    expect(log.counts).toMatchObject({ error: 1, info: 1 });
  });

  it('leaves the output of another command to other parsers', () => {
    const text = `${FLANNELD}PS C:\\k> hnsdiag list all\n{"Output": []}\n`;
    const result = klogParser.parse(wholeFile(textFileOf('x.log', text)));
    expect(unaccounted(text, result)).toEqual([6, 7]);
  });
});

describe('other styles', () => {
  it('reads both forms of azure-vnet in one file', () => {
    const log = one(azureVnetParser, AZURE, 'azure-vnet.log');
    expect(log.component).toBe('azure-vnet');
    expect(log.entryCount).toBe(3);
    expect(log.counts).toMatchObject({ info: 1, error: 2 });
    expect(log.time(1)).toBe(Date.UTC(2023, 7, 15, 20, 51, 21, 380));
  });

  it('reads Calico with its levels', () => {
    const log = one(calicoParser, CALICO, 'calico-felix.log');
    expect(log.component).toBe('calico-felix');
    expect(log.counts).toMatchObject({ info: 1, warning: 1 });
    expect(log.entry(1).evidence.endLine).toBe(3);
  });

  it('unwraps k0s: the level of the inner line, one log a component, zones applied', () => {
    const logs = read(logrusParser, K0S, 'k0s.log');
    expect(logs.map((log) => log.component).sort()).toEqual(['kube-proxy', 'kubelet']);
    const kubelet = logs.find((log) => log.component === 'kubelet');
    expect(kubelet?.level(0)).toBe('error');
    expect(kubelet?.time(0)).toBe(Date.UTC(2023, 0, 31, 8, 10, 12));
    expect(kubelet?.level(1)).toBe('warning');
  });

  it('reads logrus JSON with the time at the end of the line', () => {
    const text =
      '{"level":"debug","msg":"[cni-net] Processing ADD","time":"2018-07-25T15:33:07Z"}\n';
    const log = one(logrusParser, text, 'wincni.log');
    expect(log.component).toBe('cni');
    expect(log.firstTime).toBe(Date.UTC(2018, 6, 25, 15, 33, 7));
    expect(log.counts.debug).toBe(1);
  });

  it('reads a start script without stamps: one entry for an error record', () => {
    const log = one(plainLogParser, SCRIPT, 'kube-flannel-windows.log');
    expect(log.component).toBe('flanneld');
    expect(log.entryCount).toBe(3);
    expect(log.level(1)).toBe('error');
    expect(log.entry(1).evidence).toMatchObject({ line: 2, endLine: 5 });
  });
});

describe('find', () => {
  it('finds entries by any part of their text, letter case ignored, each once, up to a limit', () => {
    const log = one(klogParser, KUBELET);
    expect(log.find('verbose MESSAGING')).toEqual([1]);
    expect(log.find('could not get process START time')).toEqual([2]);
    expect(log.find('4216')).toEqual([0, 1, 2]);
    expect(log.find('4216', 2)).toEqual([0, 1]);
    expect(log.find('absent')).toEqual([]);
    expect(log.find('')).toEqual([]);
  });
});

describe('any cut', () => {
  const cases: readonly (readonly [string, Parser, string])[] = [
    ['klog', klogParser, KUBELET + FLANNELD],
    ['azure', azureVnetParser, AZURE],
    ['calico', calicoParser, CALICO],
    ['logrus', logrusParser, K0S],
    ['go', goStdLogParser, '2018-07-11 13:57:07.182620 E | Interfaces\nmore\n'],
    ['plain', plainLogParser, SCRIPT],
  ];
  it.each(cases)(
    '%s never throws and every line is an entry or left to others',
    (_name, parser, text) => {
      fc.assert(
        fc.property(fc.nat(text.length), fc.nat(text.length), (a, b) => {
          const part = text.slice(Math.min(a, b), Math.max(a, b));
          const result = parser.parse(wholeFile(textFileOf('kubelet.log', part)));
          const logs = result.facts.flatMap((fact) => (fact.kind === 'logs' ? fact.items : []));
          const inEntries = new Set<number>();
          for (const log of logs) {
            for (let i = 0; i < log.entryCount; i += 1) {
              const { line, endLine } = log.entry(i).evidence;
              for (let n = line; n <= endLine; n += 1) inEntries.add(n);
            }
          }
          // What is claimed and not blank is in an entry, or is a header line.
          part.split('\n').forEach((line, index) => {
            const claimed = result.claimed.some(
              (r) => r.line <= index + 1 && index + 1 <= r.endLine,
            );
            if (!claimed || line.trim() === '' || inEntries.has(index + 1)) return;
            expect(line).toMatch(/^(Log file|Running on|Binary|Log line format)/);
          });
        }),
        { numRuns: 200 },
      );
    },
  );
});
