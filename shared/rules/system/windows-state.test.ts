import { describe, expect, it } from 'vitest';
import { planNode } from '../../synthetic/node-plan';
import { edit, syntheticNode, without, type BundleTexts } from '../../synthetic/synthetic-node';
import type { Rule } from '../rule';
import { firstLines, having, outcomeOf } from '../testing/one-rule';
import { runRule } from '../testing/run-rule';
import { rule as services } from './sys-dep-services';
import { rule as crash } from './sys-hns-crash';
import { rule as featureGap } from './sys-hns-feature-gap';
import { rule as memory } from './sys-hns-memory';
import { rule as threads } from './sys-hns-threads';
import { rule as ipv6 } from './sys-ipv6-disabled';
import { rule as skew } from './sys-kube-skew';
import { rule as patchFloor } from './sys-patch-floor';
import { rule as patchSkew } from './sys-patch-skew';
import { rule as regression } from './sys-proxy-regression';
import { rule as startType } from './sys-svc-starttype';
import { rule as vfpext } from './sys-vfpext-running';

const bridge = syntheticNode({ mode: 'l2bridge' });
const overlay = syntheticNode({ mode: 'overlay' });
const SERVICES = ['windowsServices.txt', 'scqueryex.txt'];

const process = (pid: number, name: string, started: string, more = ''): string =>
  `ProcessId      : ${pid}\nName           : ${name}\nThreadCount    : 41\nWorkingSetSize : 52428800\nStartTime      : ${started}\n${more}\n`;
/** processes.txt of the collector: HNS in the svchost that the services name, and kube-proxy. */
const processes = (hnsStart: string, proxyStart: string): string =>
  `\n\n${process(3012, 'svchost.exe', hnsStart)}${process(8136, 'kube-proxy.exe', proxyStart)}\n`;
const running = (hnsStart: string, proxyStart: string): BundleTexts =>
  having(overlay, 'processes.txt', processes(hnsStart, proxyStart));
const BEFORE = '2024-05-14T05:00:00.0000000+00:00';
const AFTER = '2024-05-14T08:30:00.0000000+00:00';

const healthy = running(BEFORE, BEFORE);
const withStartTypes = (type: string): BundleTexts =>
  having(
    healthy,
    'windowsServices.txt',
    `\nStatus  Name    DisplayName StartType\n------  ----    ----------- ---------\nRunning kubelet Kubelet     ${type}\n\n`,
  );

describe('the state of Windows on healthy nodes', () => {
  const ALL: readonly Rule[] = [services, crash, featureGap, ipv6, skew, regression, vfpext];
  it.each(ALL.map((rule) => [rule.meta.id, rule] as const))('%s passes', (_id, rule) => {
    for (const mode of ['l2bridge', 'overlay'] as const)
      for (const schema of [1, 2] as const) {
        const { check, findings } = outcomeOf(rule, syntheticNode({ mode, schema }));
        expect(findings).toEqual([]);
        expect(check.status).toBe('passed');
      }
  });

  it.each([
    [threads.meta.id, threads, healthy],
    [memory.meta.id, memory, healthy],
    [startType.meta.id, startType, withStartTypes('Automatic')],
    [patchFloor.meta.id, patchFloor, bridge],
  ] as const)('%s passes', (_id, rule, bundle) => {
    expect(outcomeOf(rule, bundle).check).toMatchObject({ status: 'passed' });
  });

  it.each([
    [services, SERVICES],
    [vfpext, ['scqueryex.txt']],
    [startType, ['kubelet-service.txt']],
    [crash, ['winevt/System.csv', 'processes.txt']],
    [threads, ['processes.txt', 'hns-process.txt']],
    [memory, ['scqueryex.txt']],
    [featureGap, ['hnsversion.txt']],
    [ipv6, ['tcpip.txt']],
    [skew, ['versions.txt']],
    [regression, ['versions.txt']],
    [patchFloor, ['winver.txt', 'DebugWindowsNode.txt']],
    [patchSkew, []],
  ] as const)('%# is not checked without its evidence', (rule, files) => {
    const { check } = outcomeOf(rule, without(healthy, ...files));
    expect(check).toMatchObject({ status: 'not-checked', because: 'needs-evidence' });
    expect(check.missing.length).toBeGreaterThan(0);
  });
});

describe('SYS-VFPEXT-RUNNING', () => {
  it('finds the driver stopped', () => {
    const off = edit(overlay, 'scqueryex.txt', (text) =>
      text.replace(/(SERVICE_NAME: vfpext\n.*\n +STATE +: )4 {2}RUNNING/, '$11  STOPPED'),
    );
    const { findings } = outcomeOf(vfpext, off);
    expect(findings).toMatchObject([{ severity: 'error' }]);
    expect(firstLines(off, findings[0])[0]).toMatch(/^STATE +: 1 +STOPPED/);
  });

  it('warns where it runs and is disabled, as `sc qc` tells', () => {
    const text =
      '[SC] QueryServiceConfig SUCCESS\n\nSERVICE_NAME: vfpext\n        TYPE               : 1  KERNEL_DRIVER\n        START_TYPE         : 4   DISABLED\n';
    const { findings } = outcomeOf(vfpext, having(overlay, 'qc.txt', text));
    expect(findings).toMatchObject([{ severity: 'warning' }]);
  });
});

describe('SYS-DEP-SERVICES', () => {
  it('finds the filtering engine stopped, and leaves what starts on demand', () => {
    const off = (name: string): BundleTexts =>
      edit(without(overlay, 'windowsServices.txt'), 'scqueryex.txt', (text) =>
        text.replace(
          new RegExp(`(SERVICE_NAME: ${name}\\n.*\\n +STATE +: )4 {2}RUNNING`),
          '$11  STOPPED',
        ),
      );
    expect(outcomeOf(services, off('BFE')).findings).toMatchObject([
      { severity: 'warning', title: expect.stringContaining('BFE is stopped') as string },
    ]);
    expect(outcomeOf(services, off('Dhcp')).findings).toEqual([]);
  });
});

describe('SYS-SVC-STARTTYPE', () => {
  it('says that a service does not start with Windows', () => {
    expect(outcomeOf(startType, withStartTypes('Manual')).findings).toMatchObject([
      { severity: 'info', title: expect.stringContaining('kubelet') as string },
    ]);
  });
});

describe('SYS-HNS-CRASH', () => {
  const event = (time: string, name = 'Host Network Service'): string =>
    `"${time}","2","Error","Service Control Manager","7031","The ${name} service terminated unexpectedly.  It has done this 1 time(s).\nThe following corrective action will be taken."\n`;
  const crashed = (bundle: BundleTexts, time: string, name?: string): BundleTexts =>
    edit(bundle, 'winevt/System.csv', (text) => text + event(time, name));

  it('is an error where kube-proxy runs since before it', () => {
    const bundle = crashed(running(AFTER, BEFORE), '2024-05-14T08:29:55.0000000+00:00');
    const { findings } = outcomeOf(crash, bundle);
    expect(findings).toMatchObject([{ severity: 'error' }]);
    expect(firstLines(bundle, findings[0])[0]).toContain('"7031"');
  });

  it('is an information where kube-proxy was started after it', () => {
    const bundle = crashed(running(AFTER, AFTER), '2024-05-14T08:29:00.0000000+00:00');
    expect(outcomeOf(crash, bundle).findings).toMatchObject([{ severity: 'info' }]);
  });

  it('is a warning where nothing tells when kube-proxy started', () => {
    expect(outcomeOf(crash, crashed(overlay, AFTER)).findings).toMatchObject([
      { severity: 'warning' },
    ]);
  });

  it('knows HNS by its name in the language of the node, and leaves other services alone', () => {
    const german = edit(overlay, 'windowsServices.txt', (text) =>
      text.replace('Host Network Service', 'Hostnetzwerkdienst'),
    );
    expect(outcomeOf(crash, crashed(german, AFTER, 'Hostnetzwerkdienst')).findings).toHaveLength(1);
    expect(outcomeOf(crash, crashed(overlay, AFTER, 'Print Spooler')).check.status).toBe('passed');
  });

  it('warns of an HNS that was started long after kube-proxy', () => {
    const { findings } = outcomeOf(crash, running(AFTER, BEFORE));
    expect(findings).toMatchObject([{ severity: 'warning' }]);
    expect(findings[0]?.summary).toContain('210 minutes after kube-proxy');
    expect(
      outcomeOf(crash, running('2024-05-14T05:03:00.0000000+00:00', BEFORE)).check.status,
    ).toBe('passed');
  });
});

describe('HNS and its process', () => {
  const having41 = (from: string, to: string): BundleTexts =>
    edit(healthy, 'processes.txt', (text) => text.replace(from, to));

  it('counts its threads', () => {
    const at = (count: number) =>
      outcomeOf(threads, having41('ThreadCount    : 41', `ThreadCount    : ${count}`)).findings;
    expect(at(350)).toMatchObject([{ severity: 'warning' }]);
    expect(at(1200)).toMatchObject([{ severity: 'error' }]);
    expect(at(200)).toEqual([]);
  });

  it('looks at its memory', () => {
    const big = having41('WorkingSetSize : 52428800', 'WorkingSetSize : 2147483648');
    expect(outcomeOf(memory, big).findings).toMatchObject([{ severity: 'info' }]);
  });
});

describe('SYS-IPV6-DISABLED', () => {
  const setTo = (value: string): BundleTexts =>
    having(overlay, 'tcpip.txt', `\n\nDisabledComponents : ${value}\n\n`);

  it('finds IPv6 turned off as a whole, and leaves a preference alone', () => {
    const { findings } = outcomeOf(ipv6, setTo('255'));
    expect(findings).toMatchObject([{ severity: 'error' }]);
    expect(firstLines(setTo('255'), findings[0])[0]).toBe('DisabledComponents : 255');
    expect(outcomeOf(ipv6, setTo('-1')).findings).toHaveLength(1);
    expect(outcomeOf(ipv6, setTo('32')).check.status).toBe('passed');
  });
});

describe('versions', () => {
  const proxyOf = (version: string, bundle = overlay): BundleTexts =>
    edit(bundle, 'versions.txt', (text) =>
      text.replace(/kube-proxy\.exe Kubernetes v\S+/, `kube-proxy.exe Kubernetes v${version}`),
    );

  it('of kubelet and kube-proxy may differ within limits', () => {
    expect(outcomeOf(skew, proxyOf('1.28.9')).findings).toMatchObject([{ severity: 'info' }]);
    expect(outcomeOf(skew, proxyOf('1.24.2')).findings).toMatchObject([{ severity: 'warning' }]);
    expect(outcomeOf(skew, proxyOf('1.29.1')).check.status).toBe('passed');
  });

  it('with a known defect are named with what fixes it', () => {
    const { findings } = outcomeOf(regression, proxyOf('1.24.6'));
    expect(findings).toMatchObject([{ severity: 'warning' }]);
    expect(findings[0]?.summary).toContain('1.24.7');
    expect(outcomeOf(regression, proxyOf('1.24.7')).check.status).toBe('passed');
    expect(outcomeOf(regression, proxyOf('1.32.1')).check.status).toBe('passed');
    const server2025 = having(overlay, 'hnsversion.txt', '{"Major":15,"Minor":4}\n');
    expect(outcomeOf(regression, proxyOf('1.32.1', server2025)).findings).toHaveLength(1);
  });

  it('of HNS lack what is asked for', () => {
    const affinity = edit(bridge, 'services.json', (text) =>
      text.replace(/"sessionAffinity":\s*"None"/, '"sessionAffinity": "ClientIP"'),
    );
    expect(outcomeOf(featureGap, affinity).findings).toMatchObject([
      { severity: 'warning', title: expect.stringContaining('session affinity') as string },
    ]);
    const dsr = having(
      syntheticNode({ mode: 'overlay', dsr: true }),
      'hnsversion.txt',
      '{"Major":10,"Minor":1}\n',
    );
    expect(outcomeOf(featureGap, dsr).findings).toMatchObject([
      { severity: 'error', title: expect.stringContaining('direct server return') as string },
    ]);
  });

  it('of Windows lack an update that the network needs', () => {
    const old = edit(syntheticNode({ mode: 'overlay', schema: 1 }), 'winver.txt', (text) =>
      text.replace('4974', '292'),
    );
    expect(outcomeOf(patchFloor, old).findings).toMatchObject([
      { title: expect.stringContaining('KB4489899') as string },
    ]);
    const listed = edit(old, 'hotfixes.txt', (text) => text.replace('KB5036896', 'KB4489899'));
    expect(outcomeOf(patchFloor, listed).check.status).toBe('passed');
    expect(outcomeOf(patchFloor, overlay).check.because).toBe('does-not-apply');
  });

  it('of Windows differ between nodes', () => {
    const peer = syntheticNode({ mode: 'overlay', nodeName: 'win-b', nodeIp: '10.127.130.38' });
    expect(planNode({ mode: 'overlay' }).node.name).not.toBe('win-b');
    expect(runRule(patchSkew, overlay, peer).check.status).toBe('passed');
    const behind = having(overlay, 'hnsversion.txt', '{"Major":13,"Minor":1}\n');
    expect(runRule(patchSkew, behind, peer).findings).toMatchObject([
      { severity: 'warning', title: expect.stringContaining('win-b') as string },
    ]);
    const stale = edit(
      edit(overlay, 'winver.txt', (text) => text.replace('2461', '2113')),
      'hotfixes.txt',
      (text) => text.replaceAll('2024-04-10', '2023-11-15'),
    );
    expect(runRule(patchSkew, stale, peer).findings).toHaveLength(1);
  });
});
