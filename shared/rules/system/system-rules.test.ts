import { describe, expect, it } from 'vitest';
import { planNode } from '../../synthetic/node-plan';
import { edit, syntheticNode, without, type BundleTexts } from '../../synthetic/synthetic-node';
import type { Rule } from '../rule';
import { firstLines, having, outcomeOf } from '../testing/one-rule';
import { rule as agent } from './sys-cni-agent-running';
import { rule as feature } from './sys-containers-feature';
import { rule as hns } from './sys-hns-running';
import { rule as kubelet } from './sys-kubelet-count';
import { rule as kubeProxy } from './sys-kubeproxy-count';
import { rule as build } from './sys-os-build';
import { rule as runtime } from './sys-runtime-running';
import { rule as version } from './sys-runtime-version';

const bridge = syntheticNode({ mode: 'l2bridge' });
const TESTS = ['ValidateKubernetes.Pester.txt', 'DebugWindowsNode.txt'];
const ALL: readonly Rule[] = [agent, feature, hns, kubelet, kubeProxy, build, runtime, version];

const linesWithout = (fragment: RegExp) => (text: string) =>
  text
    .split('\n')
    .filter((line) => !fragment.test(line))
    .join('\n');

describe('step 1 on healthy nodes', () => {
  it.each(ALL.map((rule) => [rule.meta.id, rule] as const))('%s passes', (_id, rule) => {
    for (const mode of ['l2bridge', 'overlay'] as const) {
      for (const schema of [1, 2] as const) {
        const { check, findings } = outcomeOf(rule, syntheticNode({ mode, schema }));
        expect(findings).toEqual([]);
        expect(check.status).toBe('passed');
      }
    }
  });

  it.each([
    [agent, ['processes.txt', ...TESTS]],
    [feature, ['feature.txt', ...TESTS]],
    [hns, ['windowsServices.txt', 'scqueryex.txt', ...TESTS]],
    [kubelet, ['processes.txt', ...TESTS]],
    [kubeProxy, ['processes.txt', ...TESTS]],
    [build, ['winver.txt', 'nodes.json', ...TESTS]],
    [runtime, ['windowsServices.txt', 'scqueryex.txt', 'processes.txt', ...TESTS]],
    [version, ['nodes.json', ...TESTS]],
  ] as const)('%# is not checked without its evidence, and names the command', (rule, files) => {
    const { check } = outcomeOf(rule, without(bridge, ...files));
    expect(check).toMatchObject({ status: 'not-checked', because: 'needs-evidence' });
    expect(check.missing.length).toBeGreaterThan(0);
  });

  it.each([
    [feature, 'feature.txt'],
    [kubelet, 'processes.txt'],
    [kubeProxy, 'processes.txt'],
    [agent, 'processes.txt'],
  ] as const)('%# takes the test results where they are all there is', (rule, file) => {
    expect(outcomeOf(rule, without(bridge, file)).check.status).toBe('passed');
  });
});

describe('SYS-OS-BUILD', () => {
  it('finds a build before Server 2019', () => {
    const old = edit(without(bridge, ...TESTS), 'winver.txt', (text) =>
      text.replaceAll('17763', '16299'),
    );
    const { findings } = outcomeOf(build, old);
    expect(findings).toMatchObject([
      { severity: 'error', title: expect.stringContaining('16299') as string },
    ]);
    expect(firstLines(old, findings[0])[0]).toMatch(/^CurrentBuild/);
  });
});

describe('SYS-CONTAINERS-FEATURE', () => {
  it('finds a feature that is only available', () => {
    const off = edit(bridge, 'feature.txt', (text) =>
      text.replace('[X]', '[ ]').replace('Installed', 'Available'),
    );
    expect(firstLines(off, outcomeOf(feature, off).findings[0])).toEqual([
      expect.stringContaining('[ ] Containers'),
    ]);
  });

  it('finds a failed test, and takes a missing command for no proof', () => {
    const failed = (reason: string): BundleTexts =>
      edit(without(bridge, 'feature.txt'), 'DebugWindowsNode.txt', (text) =>
        text.replace(
          "[+] Has 'Containers' feature installed 3.31s",
          `[-] Has 'Containers' feature installed 3.31s\n   ${reason}`,
        ),
      );
    expect(outcomeOf(feature, failed('Expected: {Installed}')).findings).toHaveLength(1);
    const noCommand =
      "CommandNotFoundException: The term 'Get-WindowsFeature' is not recognized as the name of a cmdlet";
    expect(outcomeOf(feature, failed(noCommand)).check.status).toBe('not-checked');
  });
});

describe('SYS-HNS-RUNNING', () => {
  const stopped = (bundle: BundleTexts): BundleTexts =>
    edit(without(bundle, 'windowsServices.txt', ...TESTS), 'scqueryex.txt', (text) =>
      text.replace(/(SERVICE_NAME: hns\n.*\n +STATE +: )4 {2}RUNNING/, '$11  STOPPED'),
    );

  it('finds a stopped service at the line of its state', () => {
    const bundle = stopped(bridge);
    const { findings } = outcomeOf(hns, bundle);
    expect(findings).toMatchObject([{ severity: 'error' }]);
    expect(firstLines(bundle, findings[0])[0]).toMatch(/^STATE +: 1 +STOPPED/);
  });

  it('only warns on a node that never ran a container', () => {
    const fresh = new Map([...stopped(bridge)].filter(([path]) => path === 'scqueryex.txt'));
    expect(outcomeOf(hns, fresh).findings).toMatchObject([{ severity: 'warning' }]);
  });

  it('is quiet where one of two lists saw it running', () => {
    const mixed = having(
      stopped(bridge),
      'windowsServices.txt',
      bridge.get('windowsServices.txt') ?? '',
    );
    expect(outcomeOf(hns, mixed).check.status).toBe('passed');
  });
});

describe('SYS-RUNTIME-RUNNING', () => {
  const dockerStopped = edit(bridge, 'windowsServices.txt', (text) =>
    text.replace(/Running( +docker )/, 'Stopped$1'),
  );

  it('finds the runtime of the kubelet stopped', () => {
    const { findings } = outcomeOf(runtime, dockerStopped);
    expect(findings).toMatchObject([{ title: expect.stringContaining('docker') as string }]);
    expect(firstLines(dockerStopped, findings[0])[0]).toMatch(/^Stopped +docker/);
  });

  it('is not content with the other runtime', () => {
    const both = edit(dockerStopped, 'windowsServices.txt', (text) =>
      text.replace(/(Stopped +docker .*)/, '$1\nRunning  containerd         containerd'),
    );
    expect(outcomeOf(runtime, both).findings).toHaveLength(1);
  });

  it('takes the containerd of RKE2 for one', () => {
    const rke = edit(
      without(bridge, 'processes.txt', 'nodes.json', ...TESTS),
      'windowsServices.txt',
      (text) => text.replace(/Running( +)docker /, 'Running$1rke2   '),
    );
    expect(outcomeOf(runtime, rke).check.status).toBe('passed');
  });

  it('says nothing of a Docker test that fails on a containerd node', () => {
    const overlay = edit(
      without(
        syntheticNode({ mode: 'overlay' }),
        'windowsServices.txt',
        'scqueryex.txt',
        'processes.txt',
      ),
      'DebugWindowsNode.txt',
      (text) =>
        text.replace(
          'Describing Kubernetes',
          'Describing Docker is installed\n [-] Service is running 47ms\n   Expected: {True}\nDescribing Kubernetes',
        ),
    );
    expect(outcomeOf(runtime, overlay).findings).toEqual([]);
  });
});

describe('SYS-RUNTIME-VERSION', () => {
  it('warns of Docker before 18.09 and of containerd before 1.6', () => {
    const docker = edit(bridge, 'nodes.json', (text) =>
      text.replaceAll('docker://20.10.21', 'docker://18.06.1'),
    );
    expect(outcomeOf(version, docker).findings).toMatchObject([
      { severity: 'warning', title: expect.stringContaining('18.06.1') as string },
    ]);
    const overlay = edit(syntheticNode({ mode: 'overlay' }), 'nodes.json', (text) =>
      text.replaceAll('containerd://1.7.16', 'containerd://1.5.9'),
    );
    expect(outcomeOf(version, overlay).findings).toHaveLength(1);
  });

  it("takes the article's 18.09.5 for supported", () => {
    const text = (bridge.get('DebugWindowsNode.txt') ?? '').replace('20.10.21', '18.09.5');
    expect(
      outcomeOf(version, having(without(bridge, 'nodes.json'), 'DebugWindowsNode.txt', text)).check
        .status,
    ).toBe('passed');
  });
});

describe('counting kubelet and kube-proxy', () => {
  const gone = edit(bridge, 'processes.txt', linesWithout(/ kube-proxy$/));

  it('finds a missing kube-proxy and quotes the end of its log', () => {
    const bundle = edit(
      gone,
      'kubeproxy.log',
      (text) =>
        `${text}F1123 10:00:00.000001    8136 server.go:490] failed complete: hns network cbr9 not found\n`,
    );
    const { findings } = outcomeOf(kubeProxy, bundle);
    expect(findings).toMatchObject([
      {
        title: expect.stringContaining('kube-proxy is not running') as string,
        cause: expect.stringContaining('cbr9 not found') as string,
      },
    ]);
    expect(findings[0]?.evidence.map(({ file }) => file)).toEqual([
      'processes.txt',
      'kubeproxy.log',
    ]);
  });

  describe('where it runs as a HostProcess pod', () => {
    const node = planNode({ mode: 'l2bridge' }).node.name;
    const hostProcess = { securityContext: { windowsOptions: { hostProcess: true } } };
    const list = (...items: readonly object[]): string =>
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    const daemonSet = (name: string, spec: object): object => ({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name, namespace: 'kube-system' },
      spec: { template: { spec: { containers: [], ...spec } } },
      status: { desiredNumberScheduled: 3, numberReady: 2 },
    });
    const pod = (reason: string): object => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'kube-proxy-windows-x', namespace: 'kube-system' },
      spec: { nodeName: node, containers: [], ...hostProcess },
      status: {
        phase: 'Running',
        containerStatuses: [{ restartCount: 12, state: { waiting: { reason } } }],
      },
    });
    const causeOf = (bundle: BundleTexts): string =>
      outcomeOf(kubeProxy, bundle).findings[0]?.cause ?? '';
    const sets = having(
      gone,
      'daemonsets.json',
      list(daemonSet('kube-proxy', {}), daemonSet('kube-proxy-windows', hostProcess)),
    );

    it('says that the pod of this node fails', () => {
      const cause = causeOf(having(sets, 'more.json', list(pod('CrashLoopBackOff'))));
      expect(cause).toContain(
        'Its pod kube-system/kube-proxy-windows-x is CrashLoopBackOff, restarted 12 times.',
      );
      expect(cause).not.toContain('DaemonSet');
    });

    it('says that the DaemonSet has none here, if all pods are listed', () => {
      const said =
        'The DaemonSet kube-system/kube-proxy-windows has no pod on this node (it wants 3';
      expect(causeOf(sets)).toContain(said);
      expect(causeOf(without(sets, 'pods.json'))).not.toContain('DaemonSet');
      const linux = having(gone, 'daemonsets.json', list(daemonSet('kube-proxy', {})));
      expect(causeOf(linux)).not.toContain('DaemonSet');
    });
  });

  it('names the network that kube-proxy waits for and the event of its pod', () => {
    const log =
      'I1123 10:00:00.000001    8136 flags.go:64] FLAG: --network-name="cbr9"\nI1123 10:00:01.000001    8136 server.go:10] Starting\n';
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'kube-proxy-win-x.1', namespace: 'kube-system' },
      involvedObject: { kind: 'Pod', name: 'kube-proxy-win-x', namespace: 'kube-system' },
      reason: 'BackOff',
      message: 'Back-off restarting failed container kube-proxy',
      type: 'Warning',
      source: { component: 'kubelet', host: planNode({ mode: 'l2bridge' }).node.name },
      lastTimestamp: '2026-01-01T00:00:00Z',
    };
    const bundle = having(
      having(gone, 'kubeproxy.log', log),
      'proxy-events.json',
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [event] }, undefined, 2),
    );
    const cause = outcomeOf(kubeProxy, bundle).findings[0]?.cause;
    expect(cause).toContain('Back-off restarting failed container');
    expect(cause).toContain('"cbr9", which HNS does not have');
  });

  it('finds two of them, with their process ids', () => {
    const two = edit(bridge, 'processes.txt', (text) =>
      text.replace(/^(.*?)(\d+)( +\d+ kubelet)$/m, '$1$2$3\n$19999$3'),
    );
    const { findings } = outcomeOf(kubelet, two);
    expect(findings).toMatchObject([
      {
        title: expect.stringContaining('2 kubelets') as string,
        summary: expect.stringContaining('9999') as string,
      },
    ]);
    expect(findings[0]?.evidence).toHaveLength(2);
  });

  it('knows that a search for other names says nothing', () => {
    const other = having(
      without(bridge, ...TESTS),
      'processes.txt',
      'PS C:\\k> ps | findstr flanneld\n    276      16    24148      27392       0.39   1568   2 flanneld\n',
    );
    expect(outcomeOf(kubeProxy, other).check).toMatchObject({ status: 'not-checked' });
    expect(outcomeOf(agent, other).check.status).toBe('passed');
  });

  it('counts in the last listing, not in the sum of all', () => {
    const twice = having(
      bridge,
      'later.txt',
      'PS C:\\k> ps | findstr kube\n    347      21    42164      56220       1.86   5001   2 kubelet\n    239      18    23320      28436       0.41   5002   2 kube-proxy\n',
    );
    expect(outcomeOf(kubelet, twice).check.status).toBe('passed');
    const searched = having(bridge, 'later.txt', 'PS C:\\k> ps | findstr kube-proxy\n');
    expect(outcomeOf(kubeProxy, searched).findings).toHaveLength(1);
  });

  it('finds a failed test where there is no listing', () => {
    const bundle = edit(without(bridge, 'processes.txt'), 'DebugWindowsNode.txt', (text) =>
      text.replace(
        '[+] There is 1 running kube-proxy.exe process 54ms',
        '[-] There is 1 running kube-proxy.exe process 54ms\n   Expected: {1}\n   But was:  {0}',
      ),
    );
    const { findings } = outcomeOf(kubeProxy, bundle);
    expect(firstLines(bundle, findings[0])[0]).toContain('[-] There is 1 running kube-proxy.exe');
  });
});

describe('SYS-CNI-AGENT-RUNNING', () => {
  it('finds a missing flanneld, with the configuration that asks for it', () => {
    const bundle = edit(bridge, 'processes.txt', linesWithout(/ flanneld$/));
    const { findings } = outcomeOf(agent, bundle);
    expect(findings).toMatchObject([
      { severity: 'error', title: expect.stringContaining('flanneld') as string },
    ]);
    expect(findings[0]?.evidence.map(({ file }) => file)).toContain('cni/config/cni.conf');
  });

  describe('where the agent is a pod', () => {
    const bundle = (...rows: readonly string[]): BundleTexts =>
      new Map([
        [
          'hnsdiag.txt',
          'Networks:\nName             ID\nantrea-hnsnetwork 85B3F02B-1BCC-48D1-92DE-AAC7E9775F33\n',
        ],
        [
          'pods.txt',
          [
            'NAMESPACE     NAME                                READY   STATUS             RESTARTS   AGE',
            'kube-system   antrea-agent-vl55p                  2/2     Running            0          165m',
            ...rows,
            '',
          ].join('\n'),
        ],
        [
          'antrea-agent.log',
          'F1208 11:15:11.639936     336 main.go:58] Error running agent: dial tcp 100.2.2.1:443: connectex: no answer\n',
        ],
      ]);
    const row = (name: string, status: string): string =>
      `kube-system   ${name.padEnd(33)}   0/1     ${status.padEnd(16)}   4          5m13s`;

    it('finds the one that crashes, with its last words', () => {
      const crashing = bundle(row('antrea-agent-windows-hfzd5', 'CrashLoopBackOff'));
      const { findings } = outcomeOf(agent, crashing);
      expect(findings).toMatchObject([
        {
          severity: 'error',
          summary: expect.stringContaining('CrashLoopBackOff after 4 restarts') as string,
          cause: expect.stringContaining('100.2.2.1:443') as string,
        },
      ]);
      expect(firstLines(crashing, findings[0])[0]).toContain('antrea-agent-windows-hfzd5');
    });

    it('passes the one that runs, and leaves open which of several is of this node', () => {
      const runs = bundle(row('antrea-agent-windows-hfzd5', 'Running'));
      expect(outcomeOf(agent, runs).check.status).toBe('passed');
      const several = bundle(
        row('antrea-agent-windows-hfzd5', 'CrashLoopBackOff'),
        row('antrea-agent-windows-abcde', 'Running'),
      );
      expect(outcomeOf(agent, several).check.status).toBe('not-checked');
      expect(outcomeOf(agent, bundle()).check.status).toBe('not-checked');
    });
  });

  it('does not take a network called cbr0 for flannel', () => {
    const bundle = without(
      edit(bridge, 'processes.txt', linesWithout(/ flanneld$/)),
      'cni/config/cni.conf',
      'flanneld.log',
      'subnet.env',
    );
    expect(outcomeOf(agent, bundle).findings).toEqual([]);
    expect(outcomeOf(agent, bundle).check.status).toBe('not-checked');
  });
});
