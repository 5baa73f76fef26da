import { describe, expect, it } from 'vitest';
import { edit, syntheticNode, without, type BundleTexts } from '../../synthetic/synthetic-node';
import type { Rule } from '../rule';
import { cited, runOnFiles, runRule } from '../testing/run-rule';
import { rule as lease } from './log-fl-lease';
import { rule as exit } from './log-kp-exit';
import { rule as hostname } from './log-kp-hostname';
import { rule as missing } from './log-missing';
import { rule as stale } from './log-stale';

const bridge = syntheticNode({ mode: 'l2bridge' });
const overlay = syntheticNode({ mode: 'overlay' });
const NODE = 'win-24elfepi8d9';
const LOGS = ['kubelet.log', 'kubeproxy.log', 'flanneld.log'];

const ALL: readonly (readonly [Rule, readonly string[]])[] = [
  [exit, ['kubeproxy.log']],
  [stale, LOGS],
  [missing, ['kubeproxy.log']],
  [hostname, ['kubeproxy.log']],
  [lease, ['flanneld.log']],
];

/** The bundle without lines of a file. */
const dropLines = (bundle: BundleTexts, path: string, gone: RegExp): BundleTexts =>
  edit(bundle, path, (text) =>
    text
      .split('\n')
      .filter((line) => !gone.test(line))
      .join('\n'),
  );

/** No kube-proxy process, and its log ends with a line. */
function ended(bundle: BundleTexts, ...last: readonly string[]): BundleTexts {
  const gone = dropLines(bundle, 'processes.txt', /\bkube-proxy\s*$/);
  return last.length === 0
    ? gone
    : edit(gone, 'kubeproxy.log', (t) => `${t}${last.map((l) => `${l}\n`).join('')}`);
}

const line = (level: string, text: string): string =>
  `${level}0514 09:19:30.000000    8136 server.go:500] ${text}`;

describe('on healthy nodes', () => {
  it.each(ALL.map(([rule]) => [rule.meta.id, rule] as const))('%s is quiet', (_id, rule) => {
    for (const schema of [1, 2] as const) {
      for (const mode of ['l2bridge', 'overlay'] as const) {
        const { check, findings } = runRule(rule, syntheticNode({ mode, schema }));
        expect(findings).toEqual([]);
        expect(check.status === 'passed' || check.because === 'does-not-apply').toBe(true);
      }
    }
  });

  it.each(ALL.map(([rule, files]) => [rule.meta.id, rule, files] as const))(
    '%s runs, and is not checked without its evidence',
    (_id, rule, files) => {
      expect(runRule(rule, bridge).check.status).toBe('passed');
      const { check } = runRule(rule, without(bridge, ...files));
      expect(check).toMatchObject({ status: 'not-checked', because: 'needs-evidence' });
      expect(check.missing.length).toBeGreaterThan(0);
    },
  );
});

describe('LOG-KP-EXIT', () => {
  it.each([
    ['an unknown flag', 'unknown flag: --enable-dsr2', 'the flag --enable-dsr2'],
    [
      'a feature gate that was removed',
      line(
        'F',
        'invalid argument "IPv6DualStack=false" for "--feature-gates" flag: unrecognized feature gate: IPv6DualStack',
      ),
      'the feature gate IPv6DualStack',
    ],
    [
      'a network that is not there',
      line(
        'E',
        'Unable to find HNS Network specified by cbr1. Please check network name and CNI deployment',
      ),
      'does not find its HNS network',
    ],
    [
      'no source VIP',
      line('F', 'unable to create proxier: source-vip flag not set'),
      'no source VIP',
    ],
    [
      'an API server out of reach',
      line('F', 'dial tcp 10.127.130.37:6443: connectex: A connection attempt failed'),
      'API server',
    ],
    [
      'no kubeconfig',
      line('F', 'invalid configuration: no configuration has been provided'),
      'kubeconfig',
    ],
    [
      'a port that is taken',
      line('E', 'listen tcp 127.0.0.1:10249: bind: Only one usage of each socket address'),
      'port',
    ],
    [
      'a crash',
      'panic: runtime error: invalid memory address\n\ngoroutine 1 [running]:',
      'crashed',
    ],
  ])('says why: %s', (_what, last, said) => {
    const broken = ended(bridge, last);
    const { findings } = runRule(exit, broken);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.title).toContain(said);
    expect(cited(broken, findings[0])[0]).toContain(last.split('\n')[0]);
    expect(findings[0]?.evidence.some((e) => e.file === 'processes.txt')).toBe(true);
  });

  it('prefers the fatal line over noise after it', () => {
    const broken = ended(
      bridge,
      line('F', 'unrecognized feature gate: WinX'),
      line('E', 'x509: certificate signed by unknown authority'),
    );
    expect(runRule(exit, broken).findings[0]?.title).toContain('WinX');
  });

  it('adds the network name that HNS does not have', () => {
    const broken = edit(ended(bridge, line('F', 'cannot run')), 'kubeproxy.log', (t) =>
      t.replace('--network-name="cbr0"', '--network-name="vxlan0"'),
    );
    const { findings } = runRule(exit, broken);
    expect(findings[0]?.summary).toContain('"vxlan0"');
    expect(cited(broken, findings[0]).join('\n')).toContain('--network-name="vxlan0"');
  });

  it('adds the source VIP that an overlay network lacks', () => {
    const broken = edit(ended(overlay), 'kubeproxy.log', (t) =>
      t.replace(/--source-vip="[^"]+"/, '--source-vip=""'),
    );
    expect(runRule(exit, broken).findings[0]?.summary).toContain('--source-vip is empty');
  });

  it('still says that it does not run when the log names no reason', () => {
    const { findings } = runRule(exit, ended(bridge));
    expect(findings[0]?.title).toBe('kube-proxy is not running');
    expect(findings[0]?.summary).toContain('names no reason');
  });

  it('does not take an old fatal line for a fault while kube-proxy runs', () => {
    const running = edit(bridge, 'kubeproxy.log', (t) => `${line('F', 'unknown flag: --x')}\n${t}`);
    expect(runRule(exit, running).check.status).toBe('passed');
  });

  it('does not know it from a listing that could not show it', () => {
    const other = edit(
      without(bridge, 'windowsServices.txt', 'scqueryex.txt'),
      'processes.txt',
      () =>
        'PS C:\\k> Get-Process flanneld\n\nHandles  NPM(K)    PM(K)      WS(K)     CPU(s)      Id  SI ProcessName\n-------  ------    -----      -----     ------      --  -- -----------\n    276      18    24148      27392       0.39    1568   0 flanneld\n',
    );
    expect(runRule(exit, other).check).toMatchObject({
      status: 'not-checked',
      because: 'needs-evidence',
    });
  });
});

describe('LOG-STALE', () => {
  const silent = (path: string, from: RegExp): BundleTexts => dropLines(bridge, path, from);

  it('fires for a kubelet that stopped writing while the others go on', () => {
    const broken = silent('kubelet.log', /0514 (08:[345]|09:)/);
    const { findings } = runRule(stale, broken);
    expect(findings).toMatchObject([{ severity: 'error' }]);
    expect(findings[0]?.title).toMatch(/^kubelet has written nothing for \d+ minutes/);
    expect(cited(broken, findings[0])[0]).toMatch(/^I0514 08:2/);
  });

  it('only warns of kube-proxy, which may be idle', () => {
    const { findings } = runRule(stale, silent('kubeproxy.log', /0514 (08:[5]|09:)/));
    expect(findings).toMatchObject([{ severity: 'warning' }]);
  });

  it('takes a flanneld that never wrote after its start for idle', () => {
    expect(runRule(stale, silent('flanneld.log', /0514 (08:[12345]|09:)/)).findings).toEqual([]);
  });

  it('leaves a process that is gone to the rule for it', () => {
    const gone = dropLines(
      silent('kubelet.log', /0514 (08:[345]|09:)/),
      'processes.txt',
      /\bkubelet\s*$/,
    );
    expect(runRule(stale, gone).findings).toEqual([]);
  });

  it('does not take another time zone for a hung process', () => {
    const west = LOGS.reduce(
      (b, path) =>
        edit(b, path, (t) =>
          t.replace(
            /^([IWE]0514 )(\d\d)/gm,
            (_a, head: string, h: string) => `${head}${String(Number(h) - 7).padStart(2, '0')}`,
          ),
        ),
      bridge,
    );
    expect(runRule(stale, west).findings).toEqual([]);
  });

  it('does not pass a log that is compared with itself alone', () => {
    const line = (day: string, n: number): string =>
      `I${day} 10:0${n}:00.000000    1 server.go:1] x\n`;
    const dated = `Log file created at: 2024/05/14 10:00:00\n${line('0514', 1)}${line('0514', 2)}`;
    expect(runOnFiles(stale, ['kubelet.log', dated]).check).toMatchObject({
      status: 'not-checked',
      reason: expect.stringContaining('kubelet wrote last') as string,
    });
    const felix = '2024-05-14 10:03:00.000 [INFO][1] felix/x.go 1: y\n';
    const both = runOnFiles(stale, ['kubelet.log', dated], ['calico-felix.log', felix]);
    expect(both.check).toMatchObject({ status: 'passed' });
  });

  it('waits for a log whose year is known', () => {
    expect(
      runOnFiles(stale, ['kubelet.log', 'I0514 09:00:00.000000  1 kubelet.go:1] x\n']).check.status,
    ).toBe('not-checked');
  });
});

describe('LOG-STALE and copies', () => {
  it('says nothing of a log whose copy was cut inside of a line', () => {
    const cut = edit(bridge, 'kubelet.log', (t) => t.slice(0, Math.floor((t.length * 2) / 3)));
    expect(runRule(stale, cut).findings).toEqual([]);
  });

  it('gives a long silence in days, and compares no year that was guessed', () => {
    const line = (day: string, n: number): string =>
      `I${day} 10:0${n}:00.000000    1 server.go:1] x\n`;
    const kubelet = [1, 2, 3, 4].map((n) => line('0514', n)).join('');
    const felix = (year: number): string =>
      [1, 2, 3].map((n) => `${year}-05-10 10:0${n}:00.000 [INFO][1] felix/x.go 1: y\n`).join('');
    const dated = `Log file created at: 2024/05/14 10:00:00\n${kubelet}`;
    const [old] = runOnFiles(
      stale,
      ['kubelet.log', dated],
      ['calico-felix.log', felix(2023)],
    ).findings;
    expect(old?.title).toBe('calico-felix has written nothing for 370 days');
    const guessed = runOnFiles(stale, ['kubelet.log', kubelet], ['calico-felix.log', felix(2020)]);
    expect(guessed.findings).toEqual([]);
  });
});

describe('LOG-MISSING', () => {
  it('fires for a log that is there and empty', () => {
    const stopped = edit(
      without(bridge, 'processes.txt', 'windowsServices.txt', 'scqueryex.txt'),
      'kubeproxy.log',
      () => '',
    );
    expect(runRule(missing, stopped).findings).toMatchObject([
      { severity: 'warning', title: 'The log of kube-proxy is empty' },
    ]);
  });

  it('only notes it while the component runs: then it writes elsewhere', () => {
    const broken = edit(bridge, 'kubeproxy.log', () => '');
    expect(runRule(missing, broken).findings).toMatchObject([{ severity: 'info' }]);
  });

  it('takes a log that was not collected for unknown, and asks for it', () => {
    const { check } = runRule(missing, without(bridge, 'flanneld.log'));
    expect(check.status).toBe('not-checked');
    expect(check.missing[0]?.what).toContain('flanneld');
  });

  it('does not mind an empty file beside a full one', () => {
    const both = new Map([...bridge, ['kubeproxy.err.log', '']]);
    expect(runRule(missing, both).check.status).toBe('passed');
  });
});

describe('LOG-KP-HOSTNAME', () => {
  const named = (to: string): BundleTexts =>
    edit(bridge, 'kubeproxy.log', (t) =>
      t.replace(`--hostname-override="${NODE}"`, `--hostname-override="${to}"`),
    );

  it('fires for another name, and for another letter case', () => {
    const broken = named('win-other');
    const { findings } = runRule(hostname, broken);
    expect(cited(broken, findings[0])[0]).toContain('--hostname-override="win-other"');
    expect(findings[0]?.title).toContain(NODE);
    expect(runRule(hostname, named(NODE.toUpperCase())).findings[0]?.summary).toContain(
      'letter case',
    );
  });

  it('without the flag takes the host name in lower case', () => {
    expect(runRule(hostname, named('')).check.status).toBe('passed');
    const upper = edit(named(''), 'kubeproxy.log', (t) =>
      t.replace(`Running on machine: ${NODE}`, `Running on machine: ${NODE.toUpperCase()}`),
    );
    expect(runRule(hostname, upper).check.status).toBe('passed');
    const other = edit(named(''), 'kubeproxy.log', (t) =>
      t.replace(`Running on machine: ${NODE}`, 'Running on machine: DESKTOP-1'),
    );
    expect(runRule(hostname, other).findings).toHaveLength(1);
  });

  it('knows the name from the kubelet where there are no node objects', () => {
    expect(runRule(hostname, without(named('win-other'), 'nodes.json')).findings).toHaveLength(1);
  });

  it('does not judge a log without its flags', () => {
    expect(runRule(hostname, dropLines(bridge, 'kubeproxy.log', /FLAG/)).check).toMatchObject({
      status: 'not-checked',
    });
  });
});

describe('LOG-FL-LEASE', () => {
  const unseen = dropLines(bridge, 'flanneld.log', /10\.244\.17\.0/);
  const unrouted = dropLines(unseen, 'routes.txt', /10\.244\.17\.0/);

  it('names the node whose subnet was never added', () => {
    const { findings } = runRule(lease, unrouted);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.title).toContain('10.244.17.0/24');
    expect(cited(unrouted, findings[0])[0]).toContain('Watching for new subnet leases');
  });

  it('knows a subnet that was removed again, and one that came back', () => {
    const removed =
      'I0514 09:00:00.000000    1568 route_network_windows.go:120] Subnet removed: 10.244.17.0/24\n';
    const added =
      'I0514 09:01:00.000000    1568 route_network_windows.go:94] Subnet added: 10.244.17.0/24 via 10.127.130.36\n';
    const base = dropLines(bridge, 'routes.txt', /10\.244\.17\.0/);
    const gone = edit(base, 'flanneld.log', (t) => t + removed);
    expect(cited(gone, runRule(lease, gone).findings[0])[0]).toContain('Subnet removed');
    expect(
      runRule(
        lease,
        edit(base, 'flanneld.log', (t) => t + removed + added),
      ).findings,
    ).toEqual([]);
  });

  it('takes a route for a lease where the log was rotated', () => {
    expect(runRule(lease, unseen).check.status).toBe('passed');
    const rotated = without(dropLines(unseen, 'flanneld.log', /Watching/), 'routes.txt');
    expect(runRule(lease, rotated).check).toMatchObject({
      status: 'not-checked',
      because: 'needs-evidence',
    });
  });

  it('does not ask for nodes that are not Ready or not of host-gw, nor on overlay', () => {
    interface Node {
      metadata: { name: string; annotations: Record<string, string> };
      status: { conditions: { type: string; status: string }[] };
    }
    const changed = (change: (node: Node) => void): BundleTexts =>
      edit(unrouted, 'nodes.json', (text) => {
        const list = JSON.parse(text) as { items: Node[] };
        for (const node of list.items) if (node.metadata.name === 'win-9p1xz4ct8rb') change(node);
        return JSON.stringify(list, undefined, 2);
      });
    const down = changed((node) => {
      for (const c of node.status.conditions) if (c.type === 'Ready') c.status = 'Unknown';
    });
    const vxlan = changed((node) => {
      node.metadata.annotations = { 'flannel.alpha.coreos.com/backend-type': 'vxlan' };
    });
    expect(runRule(lease, down).findings).toEqual([]);
    expect(runRule(lease, vxlan).findings).toEqual([]);
    expect(runRule(lease, overlay).check.because).toBe('does-not-apply');
  });
});
