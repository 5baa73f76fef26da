import { describe, expect, it } from 'vitest';
import { planNode } from '../../synthetic/node-plan';
import { edit, syntheticNode, without, type BundleTexts } from '../../synthetic/synthetic-node';
import { validateKubernetesText, type ConnectivityTest } from '../../synthetic/validation-text';
import type { Rule } from '../rule';
import { firstLines, having, outcomeOf } from '../testing/one-rule';
import { rule as baseImage } from './ct-base-image';
import { rule as hostVip } from './ct-host-svc-vip';
import { rule as localPods } from './ct-local-pods';
import { rule as nodeToPod } from './ct-node-to-pod';
import { rule as podIp } from './ct-pod-ip-match';
import { rule as internet } from './ct-pod-internet';
import { rule as podLocal } from './ct-pod-pod-local';
import { rule as podRemote } from './ct-pod-pod-remote';
import { rule as podVip } from './ct-pod-svc-vip';
import { rule as remotePod } from './ct-remote-pod';
import { rule as rollout } from './ct-rollout-stalled';

const PESTER = 'ValidateKubernetes.Pester.txt';
const bridge = syntheticNode({ mode: 'l2bridge' });
const ALL: readonly Rule[] = [
  baseImage,
  hostVip,
  localPods,
  nodeToPod,
  podIp,
  internet,
  podLocal,
  podRemote,
  podVip,
  remotePod,
  rollout,
];

const failing = (...tests: ConnectivityTest[]): BundleTexts =>
  having(bridge, PESTER, validateKubernetesText(planNode({ mode: 'l2bridge' }), tests));

describe('step 2 on healthy nodes', () => {
  it.each(ALL.map((rule) => [rule.meta.id, rule] as const))('%s passes', (_id, rule) => {
    for (const mode of ['l2bridge', 'overlay'] as const) {
      for (const schema of [1, 2] as const) {
        const { check, findings } = outcomeOf(rule, syntheticNode({ mode, schema }));
        expect(findings).toEqual([]);
        expect(check.status).toBe('passed');
      }
    }
  });

  it.each(ALL.map((rule) => [rule.meta.id, rule] as const))(
    '%s is not checked without its evidence',
    (_id, rule) => {
      const bare = without(bridge, PESTER, 'DebugWindowsNode.txt', 'images.txt', 'pods.json');
      const { check } = outcomeOf(rule, bare);
      expect(check).toMatchObject({ status: 'not-checked', because: 'needs-evidence' });
      expect(check.missing.length).toBeGreaterThan(0);
    },
  );

  it('judges no connection by the tests of the debug script alone', () => {
    const bare = without(bridge, PESTER);
    for (const rule of [hostVip, internet, podLocal, podRemote, rollout]) {
      expect(outcomeOf(rule, bare).check.status).toBe('not-checked');
    }
  });
});

describe('connections that fail', () => {
  it.each([
    [internet, 'Pods should have Internet connectivity', 'error'],
    [podLocal, 'Pods should be able to reach local pods', 'error'],
    [podRemote, 'Pods should be able to reach remote pods', 'error'],
    [hostVip, 'Host should be able to reach the service VIP', 'warning'],
  ] as const)('%# fires on its own test and on nothing else', (rule, test, severity) => {
    const bundle = failing(test);
    const { findings } = outcomeOf(rule, bundle);
    expect(findings).toMatchObject([
      { severity, summary: expect.stringContaining('Expected: {200}') as string },
    ]);
    expect(firstLines(bundle, findings[0])[0]).toContain(`[-] ${test}`);
    for (const other of [internet, podLocal, podRemote, hostVip].filter((r) => r !== rule)) {
      expect(outcomeOf(other, bundle).findings).toEqual([]);
    }
  });

  it.each([
    [internet, 'External connectivity'],
    [podLocal, 'Pod should be able to ping a local pod'],
    [podRemote, 'Remote pod connectivity'],
    [hostVip, 'Host should be able to reach Service Ip'],
  ] as const)('%# is known by its other name', (rule, name) => {
    const text = `Describing Basic Connectivity Tests\n   Context Windows Connectivity\n    [-] ${name} 12s\n      Expected: {True}\n`;
    expect(outcomeOf(rule, having(bridge, PESTER, text)).findings).toHaveLength(1);
  });

  it('takes a later run for the truth', () => {
    const later = having(
      failing('Pods should have Internet connectivity'),
      'pester-again.txt',
      validateKubernetesText(planNode({ mode: 'l2bridge' })),
    );
    expect(outcomeOf(internet, later).check.status).toBe('passed');
  });

  it('takes a host that cannot reach services by design for information only', () => {
    const unpatched = edit(
      failing('Host should be able to reach the service VIP'),
      'winver.txt',
      (text) => text.replace('4974', '1217'),
    );
    expect(outcomeOf(hostVip, unpatched).findings).toMatchObject([{ severity: 'info' }]);
  });

  it('says at which pod the run was', () => {
    expect(
      outcomeOf(internet, failing('Pods should have Internet connectivity')).findings[0]?.summary,
    ).toMatch(/at pod win-webserver-\S+ \(10\.244\.19\.\d+\)/);
  });
});

describe('CT-ROLLOUT-STALLED', () => {
  const WAIT =
    'Waiting for the deployment (win-webserver) to be complete. @{availableReplicas=2; re\nadyReplicas=2; replicas=4; unavailableReplicas=2; updatedReplicas=4}\n';
  const HEAD = 'Describing Basic Connectivity Tests\n   Context Windows Connectivity\n';
  const run = (text: string) => outcomeOf(rollout, having(bridge, PESTER, text));

  it('is quiet when the run waits and then goes on', () => {
    const { check } = run(
      `${HEAD}${WAIT.repeat(3)}    [+] should have more than 1 local container 32.28s\n    [+] should have at least 1 remote container 56ms\n`,
    );
    expect(check).toMatchObject({
      status: 'passed',
      reason: expect.stringContaining('3 waits') as string,
    });
  });

  it('fires when the run never gets past its wait', () => {
    const text = `${HEAD}${WAIT.repeat(5)}`;
    const { findings } = run(text);
    expect(findings).toMatchObject([
      {
        severity: 'error',
        summary: expect.stringContaining('2 of 4') as string,
        evidence: [{ line: 11, endLine: 12 }],
      },
    ]);
  });

  it('fires when the tests after the wait fail for want of pods', () => {
    expect(
      run(
        `${HEAD}${WAIT}    [-] should have more than 1 local container 32.28s\n      Expected: {1}\n`,
      ).findings,
    ).toHaveLength(1);
  });

  it('does not judge a run that had just begun to wait', () => {
    expect(run(`${HEAD}${WAIT}`).check.status).toBe('not-checked');
  });
});

describe('what there is to test with', () => {
  it('CT-BASE-IMAGE asks for a Windows base image', () => {
    const bare = edit(without(bridge, PESTER), 'images.txt', (text) =>
      text
        .split('\n')
        .filter((line) => !/servercore|nanoserver/.test(line))
        .join('\n'),
    );
    expect(outcomeOf(baseImage, bare).findings).toMatchObject([{ severity: 'info' }]);
  });

  it('counts no pods while only a folder names the node', () => {
    const unnamed = new Map([...bridge].filter(([path]) => path === 'pods.json'));
    for (const rule of [localPods, remotePod]) {
      expect(outcomeOf(rule, unnamed).check.status).toBe('not-checked');
    }
  });

  it('CT-LOCAL-PODS and CT-REMOTE-POD count running pods with a network of their own', () => {
    const noTests = without(bridge, PESTER);
    const node = planNode({ mode: 'l2bridge' }).node.name;
    expect(outcomeOf(localPods, noTests).check.status).toBe('passed');
    const moved = edit(noTests, 'pods.json', (text) =>
      text.replaceAll(`"nodeName": "${node}"`, '"nodeName": "elsewhere"'),
    );
    expect(outcomeOf(localPods, moved).findings).toMatchObject([{ severity: 'info' }]);
    const alone = edit(noTests, 'pods.json', (text) =>
      text.replace(/"nodeName": "[^"]+"/g, `"nodeName": "${node}"`),
    );
    expect(outcomeOf(remotePod, alone).findings).toMatchObject([{ severity: 'info' }]);
  });

  it('does not take pods of a table that are just being created for running ones', () => {
    const row = (name: string): string =>
      `${name}   0/1       ContainerCreating   0          5s        <none>    ${planNode({ mode: 'l2bridge' }).node.name}`;
    const table = `NAME    READY     STATUS              RESTARTS   AGE       IP        NODE\n${row('web-1')}\n${row('web-2')}\n`;
    const waiting = having(without(bridge, PESTER, 'pods.json'), 'pods.txt', table);
    expect(outcomeOf(localPods, waiting).findings).toMatchObject([
      { summary: expect.stringMatching(/^0 running pods/) as string },
    ]);
    expect(outcomeOf(remotePod, waiting).findings).toMatchObject([
      { summary: 'None of the listed pods runs, here or elsewhere.' },
    ]);
  });
});

describe('CT-POD-IP-MATCH', () => {
  const plan = planNode({ mode: 'l2bridge' });
  const [pod] = plan.pods;
  const ip = pod?.ip ?? '';

  it('compares the pod with the endpoint of its containers', () => {
    const bundle = edit(without(bridge, PESTER), 'pods.json', (text) =>
      text.replaceAll(`"${ip}"`, '"10.244.19.99"'),
    );
    const { findings } = outcomeOf(podIp, bundle);
    expect(findings).toMatchObject([
      {
        severity: 'error',
        title: expect.stringContaining(pod?.name ?? '') as string,
        summary: expect.stringContaining('10.244.19.99') as string,
      },
    ]);
  });

  it('compares the pod with ipconfig inside of it', () => {
    const view = (address: string) =>
      `PS C:\\k> kubectl exec ${pod?.name ?? ''} -- ipconfig\n\nWindows IP Configuration\n\nEthernet adapter vEthernet (x):\n\n   IPv4 Address. . . . . . . . . . . : ${address}\n   Subnet Mask . . . . . . . . . . . : 255.255.255.0\n`;
    expect(outcomeOf(podIp, having(bridge, 'inside.txt', view(ip))).findings).toEqual([]);
    const wrong = having(bridge, 'inside.txt', view('10.244.19.77'));
    const { findings } = outcomeOf(podIp, wrong);
    expect(firstLines(wrong, findings[0])[0]).toContain('10.244.19.77');
  });

  it('takes the failed test and names the pod it stopped at', () => {
    const bundle = edit(bridge, PESTER, (text) =>
      text.replace(
        '[+] Pods should have correct IP 2.19s',
        '[-] Pods should have correct IP 2.19s\n      Expected: {True}',
      ),
    );
    expect(outcomeOf(podIp, bundle).findings).toMatchObject([
      { summary: expect.stringContaining('at pod win-webserver') as string },
    ]);
  });
});

/** Results of the live tests of connections, as they lie in a snapshot. */
const tested = (mark: string, test: string): string =>
  `Describing Connections\n  [${mark}] ${test} 3004ms\n    no answer within 3 s\n`;
const POD_VIP =
  'Pod should be able to reach service VIP 10.96.0.20:80 (shop/cart) (from shop/web-1)';
const HOST_POD = 'Host should be able to reach local pod 10.244.19.29:80';

describe.each([
  ['CT-POD-SVC-VIP', podVip, POD_VIP],
  ['CT-NODE-TO-POD', nodeToPod, HOST_POD],
] as const)('%s', (_id, rule, test) => {
  const bare = without(bridge, PESTER);
  const bundleOf = (mark: string): BundleTexts =>
    having(bare, 'live.Pester.txt', tested(mark, test));
  const judged = (mark: string) => outcomeOf(rule, bundleOf(mark));
  it('fires on a failure, with the line that proves it', () => {
    const { findings } = judged('-');
    expect(findings).toHaveLength(1);
    expect(findings[0]?.severity).toBe('error');
    expect(firstLines(bundleOf('-'), findings[0])[0]).toBe(`[-] ${test} 3004ms`);
  });
  it('passes when it was answered, and is not checked otherwise', () => {
    expect(judged('+').check.status).toBe('passed');
    // Refused, or the image had no program for it.
    for (const mark of ['?', '!'])
      expect(judged(mark).check).toMatchObject({ status: 'not-checked' });
    expect(outcomeOf(rule, bare).check.status).toBe('not-checked');
  });
});

describe('CT-NODE-TO-POD', () => {
  const severityOn = (node: BundleTexts): string | undefined =>
    outcomeOf(nodeToPod, having(node, 'live.Pester.txt', tested('-', HOST_POD))).findings[0]
      ?.severity;
  it('is only for information where Windows cannot do it', () => {
    const overlay = syntheticNode({ mode: 'overlay' });
    expect(severityOn(overlay)).toBe('error');
    const old = edit(overlay, 'winver.txt', (text) => text.replace('20348', '17763'));
    expect(severityOn(old)).toBe('info');
    // The same build in a bridged network can.
    expect(severityOn(bridge)).toBe('error');
  });
});
