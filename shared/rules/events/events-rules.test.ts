import { describe, expect, it } from 'vitest';
import { parseFile } from '../../parsers/parse-file';
import { assembleCase } from '../../snapshot/assemble';
import { scenario } from '../../synthetic/scenarios';
import { edit, syntheticNode, without, type BundleTexts } from '../../synthetic/synthetic-node';
import { textFile } from '../../text/text-file';
import { analyse } from '../engine';
import type { Rule } from '../rule';
import { cited, runOnFiles, runRule } from '../testing/run-rule';
import { rule as containerCreating } from './ev-containercreating';
import { rule as hresult } from './ev-hresult';
import { rule as notReady } from './ev-node-notready';
import { rule as pauseMismatch } from './ev-pause-os-mismatch';
import { rule as sandboxFailed } from './ev-sandbox-failed';

const bridge = syntheticNode({ mode: 'l2bridge' });
const overlay = syntheticNode({ mode: 'overlay' });
const NODE = 'win-24elfepi8d9';
const HEAD = `LAST SEEN   TYPE      REASON                   OBJECT        MESSAGE\n`;

const ALL: readonly (readonly [Rule, readonly string[]])[] = [
  [pauseMismatch, ['events.json', 'kubelet.log']],
  [containerCreating, ['pods.json']],
  [sandboxFailed, ['events.json']],
  [hresult, ['events.json']],
  [notReady, ['nodes.json']],
];

interface KubeList {
  items: Record<string, unknown>[];
}

function withList(
  bundle: BundleTexts,
  path: string,
  change: (items: KubeList['items']) => void,
): BundleTexts {
  return edit(bundle, path, (text) => {
    const list = JSON.parse(text) as KubeList;
    change(list.items);
    return JSON.stringify(list, undefined, 4);
  });
}

function withEvent(bundle: BundleTexts, fields: Record<string, unknown>): BundleTexts {
  return withList(bundle, 'events.json', (items) => {
    items.push({
      kind: 'Event',
      type: 'Warning',
      reason: 'FailedCreatePodSandBox',
      involvedObject: { kind: 'Pod', name: 'iis-1', namespace: 'default' },
      firstTimestamp: '2024-05-14T09:10:00Z',
      lastTimestamp: '2024-05-14T09:19:00Z',
      source: { component: 'kubelet', host: NODE },
      count: 7,
      ...fields,
    });
  });
}

describe('on healthy nodes', () => {
  it.each(ALL.map(([rule]) => [rule.meta.id, rule] as const))('%s is quiet', (_id, rule) => {
    for (const schema of [1, 2] as const) {
      for (const mode of ['l2bridge', 'overlay'] as const) {
        expect(runRule(rule, syntheticNode({ mode, schema })).check).toMatchObject({
          status: 'passed',
        });
      }
    }
  });

  it.each(ALL.map(([rule, files]) => [rule.meta.id, rule, files] as const))(
    '%s is not checked without its evidence',
    (_id, rule, files) => {
      const { check } = runRule(rule, without(overlay, ...files));
      expect(check).toMatchObject({ status: 'not-checked', because: 'needs-evidence' });
      expect(check.missing.length).toBeGreaterThan(0);
    },
  );
});

describe('EV-PAUSE-OS-MISMATCH', () => {
  const message =
    'Failed to create pod sandbox: hcsshim::CreateComputeSystem abc: The container operating system does not match the host operating system.';

  it('cites the event that says the sandbox does not match', () => {
    const broken = withEvent(bridge, { message });
    const { findings } = runRule(pauseMismatch, broken);
    expect(findings).toHaveLength(1);
    expect(cited(broken, findings[0])[0]).toContain('does not match the host operating system');
  });

  it('finds it in the kubelet log too, by code', () => {
    const broken = edit(
      bridge,
      'kubelet.log',
      (t) =>
        `${t}E0514 09:19:59.000000    4708 kuberuntime_manager.go:1] "CreatePodSandbox failed" err="hcs: (0xc0370101)"\n`,
    );
    expect(runRule(pauseMismatch, broken).findings).toHaveLength(1);
  });

  it('leaves a workload image that does not match to others', () => {
    const broken = withEvent(bridge, {
      reason: 'Failed',
      message:
        'Error: failed to start container "iis": The container operating system does not match the host operating system.',
    });
    expect(runRule(pauseMismatch, broken).check.status).toBe('passed');
  });
});

describe('EV-CONTAINERCREATING', () => {
  const header = 'NAME    READY   STATUS              RESTARTS   AGE   IP       NODE\n';
  const row = (age: string, ip = '<none>'): string =>
    `web-1   0/1     ContainerCreating   0          ${age.padEnd(4)}  ${ip.padEnd(7)}  ${NODE}\n`;

  it('only mentions pods that are seconds old', () => {
    const { findings } = runOnFiles(containerCreating, ['pods.txt', header + row('5s')]);
    expect(findings).toMatchObject([
      { severity: 'info', evidence: [{ file: 'pods.txt', line: 2 }] },
    ]);
  });

  it('warns of pods that wait for more than five minutes, not of exactly five', () => {
    expect(runOnFiles(containerCreating, ['pods.txt', header + row('6m')]).findings).toMatchObject([
      { severity: 'warning' },
    ]);
    expect(runOnFiles(containerCreating, ['pods.txt', header + row('5m')]).findings).toMatchObject([
      { severity: 'info' },
    ]);
  });

  it('does not count a pod that has an address, nor pods of other nodes', () => {
    expect(
      runOnFiles(containerCreating, ['pods.txt', header + row('6m', '10.0.0.5')]).findings,
    ).toEqual([]);
    const other = edit(scenario('broken-start-l2bridge').bundle(), 'pods.json', (t) =>
      t.replaceAll(`"nodeName": "${NODE}"`, '"nodeName": "elsewhere"'),
    );
    expect(runRule(containerCreating, other).findings).toEqual([]);
  });

  it('takes the age from the time of collection where the list is JSON', () => {
    const { findings } = runRule(containerCreating, scenario('broken-start-l2bridge').bundle());
    expect(findings).toMatchObject([{ severity: 'warning' }]);
    expect(findings[0]?.entities).toHaveLength(2);
  });
});

describe('EV-SANDBOX-FAILED', () => {
  it('decodes the code and cites the message', () => {
    const broken = scenario('broken-start-l2bridge').bundle();
    const { findings } = runRule(sandboxFailed, broken);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.title).toContain('a policy is not valid');
    expect(cited(broken, findings[0])[0]).toContain('(0x803b000d)');
  });

  it('fires from three failures in ten minutes', () => {
    const failing = (count: string): string =>
      `${HEAD}30s         Warning   FailedCreatePodSandBox   pod/iis-1     Failed to create pod sandbox: rpc error\n`.repeat(
        Number(count),
      );
    expect(runOnFiles(sandboxFailed, ['events.txt', failing('3')]).findings).toMatchObject([
      { severity: 'error' },
    ]);
    expect(runOnFiles(sandboxFailed, ['events.txt', failing('2')]).findings).toMatchObject([
      { severity: 'info', summary: expect.stringContaining('2 times') as string },
    ]);
  });

  it('is quiet about one failure that something newer is said of', () => {
    const started = `${HEAD}30s         Warning   FailedCreatePodSandBox   pod/iis-1     Failed to create pod sandbox: rpc error\n10s         Normal    Started                  pod/iis-1     Started container iis\n`;
    expect(runOnFiles(sandboxFailed, ['events.txt', started]).check.status).toBe('passed');
  });

  it('does not count a message that stands alone, and does not pass over it', () => {
    const quoted =
      'Failed to create pod sandbox: rpc error: code = Unknown desc = plugin type="azure-vnet" failed (add): timed out locking store\n';
    expect(runOnFiles(sandboxFailed, ['events.txt', quoted]).findings).toMatchObject([
      {
        severity: 'warning',
        title: 'Pods do not start: their sandbox fails (the plugin waits for its state file)',
        summary: expect.stringContaining('How often is not told') as string,
        cause: expect.stringContaining('lock') as string,
      },
    ]);
  });

  it('spreads a count over its time: 12 in five hours is less than three in ten minutes', () => {
    const slow = withEvent(bridge, {
      message: 'Failed to create pod sandbox: x',
      count: 12,
      firstTimestamp: '2024-05-14T04:00:00Z',
    });
    expect(runRule(sandboxFailed, slow).findings).toMatchObject([{ severity: 'info' }]);
  });

  it('names the leftover nat configuration', () => {
    const broken = withEvent(overlay, {
      source: { component: 'kubelet', host: 'win-9p1xz4ct8rb' },
      message:
        'Failed to create pod sandbox: plugin type="nat" name="nat" failed (add): hcnCreateNetwork failed in Win32: The object already exists. (0x1392)',
    });
    expect(runRule(sandboxFailed, broken).findings[0]?.cause).toContain('0-containerd-nat');
  });

  it('leaves the events of another node to that node', () => {
    const broken = withEvent(bridge, {
      source: { component: 'kubelet', host: 'elsewhere' },
      message: 'Failed to create pod sandbox: (0x803b000d)',
    });
    expect(runRule(sandboxFailed, broken).check.status).toBe('passed');
  });
});

describe('EV-HRESULT', () => {
  it.each([
    [
      'an HRESULT',
      'hcnCreateEndpoint failed in Win32: (0x803b002f) {"Success":false,"ErrorCode":2151350319}',
      '0x803b002f',
    ],
    [
      'a decimal code without hex',
      'HNS failed with error: {\\"ErrorCode\\":2151350273}',
      '0x803b0001',
    ],
    ['a bare Win32 number', 'hnsCall failed in Win32: Element not found. (0x490)', '0x80070490'],
    [
      'the words of HNS where there is no number',
      'Failed to create endpoint: HNS failed with error : Element not found. ',
      '0x80070490',
    ],
  ])('decodes %s, once', (_what, message, hex) => {
    const { findings } = runRule(hresult, withEvent(bridge, { message }));
    expect(findings).toHaveLength(1);
    expect(findings[0]?.title).toContain(hex);
  });

  it('tells a network that is there already from an endpoint, and names the leftover nat plugin', () => {
    const call = (plugin: string): string =>
      `${plugin}failed (add): hcnCreateNetwork failed in Win32: The object already exists. (0x1392)`;
    const network = runRule(
      hresult,
      withEvent(bridge, { message: call('plugin type="flannel" ') }),
    );
    expect(network.findings[0]?.cause).toContain('the network');
    const nat = runRule(hresult, withEvent(bridge, { message: call('plugin type="nat" ') }));
    expect(nat.findings[0]?.cause).toContain('0-containerd-nat');
    expect(nat.findings[0]?.remedy[0]?.command).toContain('containerd');
  });

  it('looks for a bad policy in the CNI configuration where an endpoint was refused', () => {
    const of = (call: string): string | undefined =>
      runRule(hresult, withEvent(bridge, { message: `${call} failed in Win32: x (0x803b000d)` }))
        .findings[0]?.cause;
    expect(of('hcnCreateEndpoint')).toContain('CNI configuration');
    expect(of('hcnCreateLoadBalancer')).toContain('backends');
  });

  it('explains only the failures that carry its code', () => {
    const failure = (message: string): string =>
      `30s         Warning   FailedCreatePodSandBox   pod/iis-1     Failed to create pod sandbox: ${message}\n`.repeat(
        3,
      );
    const events = `${HEAD}${failure('(0x803b002f)')}${failure('timed out locking store')}${failure('(0x80070057)')}`;
    const { findings } = analyse(
      assembleCase([
        {
          name: 'pasted',
          scope: 'node',
          files: [parseFile(textFile('events.txt', new TextEncoder().encode(events)))],
        },
      ]),
      [sandboxFailed, hresult],
    );
    expect(
      findings.map(({ title, causedBy }) => [
        /0x803b002f|0x80070057|address|parameter|sandbox/.exec(title)?.[0],
        causedBy === null ? null : findings[causedBy]?.title.includes('803b002f'),
      ]),
    ).toEqual([
      ['0x803b002f', null],
      ['sandbox', true],
      ['0x80070057', null],
      ['sandbox', false],
      ['sandbox', null],
    ]);
  });

  it('leaves out removals and codes that mean no fault', () => {
    for (const message of [
      'failed to destroy network for sandbox: (0x803b0002)',
      'operation pending (0xc0370103)',
      'listening on 0x80 and 0x803b',
    ]) {
      expect(runRule(hresult, withEvent(bridge, { message })).findings).toEqual([]);
    }
  });
});

describe('EV-NODE-NOTREADY', () => {
  it('says why the node is not Ready', () => {
    const broken = withList(bridge, 'nodes.json', (items) => {
      const node = items.find((n) => (n['metadata'] as { name: string }).name === NODE) as {
        status: { conditions: { type: string; status: string; message: string }[] };
      };
      for (const condition of node.status.conditions) {
        if (condition.type === 'Ready')
          Object.assign(condition, { status: 'False', message: 'cni plugin not initialized' });
      }
    });
    const { findings } = runRule(notReady, broken);
    expect(findings).toMatchObject([{ severity: 'error', title: `${NODE} is not Ready` }]);
    expect(findings[0]?.summary).toContain('cni plugin not initialized');
    expect(cited(broken, findings[0])[0]).toContain('"status": "False"');
  });

  it('finds a heartbeat that fell behind those of the other nodes', () => {
    const broken = withList(bridge, 'nodes.json', (items) => {
      const node = items.find((n) => (n['metadata'] as { name: string }).name === NODE) as {
        status: { conditions: { type: string; lastHeartbeatTime: string }[] };
      };
      for (const condition of node.status.conditions)
        condition.lastHeartbeatTime = '2024-05-14T09:00:00Z';
    });
    expect(runRule(notReady, broken).findings).toMatchObject([{ severity: 'error' }]);
  });

  it('does not take a listing made much earlier for dead nodes', () => {
    const early = edit(bridge, 'nodes.json', (t) =>
      t.replace(/"lastHeartbeatTime": "[^"]*"/g, '"lastHeartbeatTime": "2024-05-14T06:00:00Z"'),
    );
    expect(runRule(notReady, early).check.status).toBe('passed');
  });

  it('does not hold a listing against the time of a collection that it is no part of', () => {
    const report = (day: string): string =>
      [
        `Collected by HNS Workbench from node at ${day}T09:20:00.000Z`,
        `Done at ${day}T09:21:00.000Z`,
        'PowerShell language mode: FullLanguage',
        'Complete.',
        '',
        'ok              1000    2000 ms  hns-endpoints           endpoint.txt',
        '',
      ].join('\n');
    const waiting = withList(bridge, 'pods.json', (items) => {
      for (const pod of items) {
        const status = pod['status'] as Record<string, unknown>;
        Object.assign(status, { phase: 'Pending', podIP: '', podIPs: [], containerStatuses: [] });
        (pod['metadata'] as Record<string, unknown>)['creationTimestamp'] = '2024-05-14T09:19:00Z';
      }
    });
    const alone = withList(waiting, 'nodes.json', (items) => {
      const own = items.filter((n) => (n['metadata'] as { name: string }).name === NODE);
      items.splice(0, items.length, ...own);
    });
    const later = new Map([...alone, ['collection-report.txt', report('2024-05-15')]]);
    expect(runRule(notReady, later).check.status).toBe('passed');
    expect(runRule(containerCreating, later).findings.map((f) => f.severity)).not.toContain(
      'error',
    );
  });
});
