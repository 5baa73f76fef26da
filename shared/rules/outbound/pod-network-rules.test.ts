import { describe, expect, it } from 'vitest';
import { planNode } from '../../synthetic/node-plan';
import { edit, syntheticNode, without, type BundleTexts } from '../../synthetic/synthetic-node';
import { caseOf } from '../../synthetic/case-of';
import { analyse } from '../engine';
import type { Rule } from '../rule';
import { firstLines, having, outcomeOf } from '../testing/one-rule';
import { rule as gatewayBridge } from './out-gw-l2b';
import { rule as gatewayOverlay } from './out-gw-ovl';
import { rule as consistent } from './out-ip-consistent';
import { rule as nic } from './out-nic';
import { rule as quadZero } from './out-quadzero';

const bridge = syntheticNode({ mode: 'l2bridge' });
const overlay = syntheticNode({ mode: 'overlay' });
const ALL: readonly Rule[] = [gatewayBridge, gatewayOverlay, consistent, nic, quadZero];
const [pod] = planNode({ mode: 'l2bridge' }).pods;
const ip = pod?.ip ?? '';

const inIp = (bundle: BundleTexts, from: string | RegExp, to: string): BundleTexts =>
  edit(bundle, 'ip.txt', (text) => text.replace(from, to));

/** ip.txt as the first collectors wrote it: `ipconfig /all`, so the host only. */
const hostOnly = (text: string): string =>
  (text.split(/={70,}\nNetwork Information for Compartment 2/)[0] ?? '')
    .split('\n')
    .filter((line) => !/^=+$|^Network Information/.test(line))
    .join('\n');

describe('pod networks of healthy nodes', () => {
  it.each(ALL.map((rule) => [rule.meta.id, rule] as const))('%s is quiet', (_id, rule) => {
    for (const mode of ['l2bridge', 'overlay'] as const) {
      for (const schema of [1, 2] as const) {
        const { check, findings } = outcomeOf(rule, syntheticNode({ mode, schema }));
        expect(findings).toEqual([]);
        const applies = rule.meta.modes?.includes(mode) !== false;
        expect(check).toMatchObject(applies ? { status: 'passed' } : { because: 'does-not-apply' });
      }
    }
  });

  it.each([
    [gatewayBridge, bridge, 'ip.txt'],
    [gatewayOverlay, overlay, 'ip.txt'],
    [consistent, bridge, 'ip.txt'],
    [nic, bridge, 'ip.txt'],
    [quadZero, bridge, 'routes.txt'],
  ] as const)('%# is not checked without its evidence', (rule, bundle, file) => {
    expect(outcomeOf(rule, without(bundle, file)).check).toMatchObject({
      status: 'not-checked',
      because: 'needs-evidence',
    });
  });

  it('judges no pod by an ip.txt of the host alone', () => {
    for (const rule of [gatewayBridge, consistent, nic]) {
      const { check, findings } = outcomeOf(rule, edit(bridge, 'ip.txt', hostOnly));
      expect(findings).toEqual([]);
      expect(check.status).toBe('not-checked');
    }
  });

  it('is quiet on a file that ends in the middle of a pod', () => {
    const cut = (pattern: RegExp): BundleTexts =>
      edit(bridge, 'ip.txt', (text) => text.slice(0, text.search(pattern)));
    for (const bundle of [
      cut(/ +Default Gateway[^\n]*\n(?![\s\S]*Default Gateway)/),
      cut(/ +Subnet Mask[^\n]*\n(?![\s\S]*Subnet Mask)/),
    ]) {
      for (const rule of ALL) expect(outcomeOf(rule, bundle).findings).toEqual([]);
    }
  });
});

describe('OUT-NIC', () => {
  it('finds a pod that gave itself an address', () => {
    const bundle = inIp(bridge, `${ip}(Preferred)`, '169.254.17.4(Preferred)');
    const { findings } = outcomeOf(nic, bundle);
    expect(findings).toMatchObject([
      { severity: 'error', title: expect.stringContaining(pod?.name ?? '?') as string },
    ]);
    expect(firstLines(bundle, findings[0])[0]).toContain('169.254.17.4');
    // HNS still has the old address: that the two differ is a consequence.
    const both = analyse(caseOf(bundle), [consistent, nic]).findings;
    expect(both.map(({ ruleId, causedBy }) => [ruleId, causedBy])).toEqual([
      ['OUT-NIC', null],
      ['OUT-IP-CONSISTENT', 0],
    ]);
  });

  it('tells many pods without an address as one thing', () => {
    const bundle = edit(bridge, 'ip.txt', (text) =>
      text.replaceAll(/10\.244\.19\.(29|30|31)\(Preferred\)/g, '169.254.17.$1(Preferred)'),
    );
    const { findings } = outcomeOf(nic, bundle);
    expect(findings.map(({ title }) => title)).toEqual(['3 pods have no usable address']);
    expect(firstLines(bundle, findings[0])).toHaveLength(3);
  });

  it('finds an address that is used twice', () => {
    expect(
      outcomeOf(nic, inIp(bridge, `${ip}(Preferred)`, `${ip}(Duplicate)`)).findings,
    ).toHaveLength(1);
  });

  it('finds the compartment of a running pod without an adapter', () => {
    const bundle = edit(bridge, 'ip.txt', (text) =>
      text.replace(
        /(Compartment 2\n=+\n(?: {3}.*\n| +.*\n)*)\nEthernet adapter [\s\S]*?\n\n(?==+\n)/,
        '$1\n',
      ),
    );
    const { findings } = outcomeOf(nic, bundle);
    expect(findings).toMatchObject([{ title: expect.stringContaining('has no NIC') as string }]);
  });

  it('leaves the host and empty compartments without a pod alone', () => {
    const empty = edit(
      bridge,
      'ip.txt',
      (text) =>
        `${text}${'='.repeat(78)}\nNetwork Information for Compartment 77\n${'='.repeat(78)}\n`,
    );
    expect(outcomeOf(nic, empty).findings).toEqual([]);
    const apipaOnHost = inIp(bridge, '172.17.48.1(Preferred)', '169.254.9.9(Preferred)');
    expect(outcomeOf(nic, apipaOnHost).findings).toEqual([]);
  });
});

describe('gateways of pods', () => {
  it('finds address 1 on l2bridge, at its line', () => {
    const bundle = edit(bridge, 'ip.txt', (text) =>
      text.replace(/(Compartment 2[\s\S]*?Default Gateway[ .]*: )10\.244\.19\.2/, '$110.244.19.1'),
    );
    const { findings } = outcomeOf(gatewayBridge, bundle);
    expect(findings).toMatchObject([
      {
        severity: 'error',
        title: expect.stringContaining('10.244.19.1 in place of 10.244.19.2') as string,
      },
    ]);
    expect(firstLines(bundle, findings[0])).toEqual([
      expect.stringMatching(/^Default Gateway.*10\.244\.19\.1$/) as string,
    ]);
  });

  it('makes one finding of one fault that all pods share', () => {
    const bundle = edit(bridge, 'ip.txt', (text) =>
      text.replace(/10\.244\.19\.2$/gm, '10.244.19.1'),
    );
    const { findings } = outcomeOf(gatewayBridge, bundle);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.evidence).toHaveLength(3);
  });

  it('finds address 2, or none, on an overlay', () => {
    const two = edit(overlay, 'ip.txt', (text) => text.replace(/10\.244\.3\.1$/gm, '10.244.3.2'));
    expect(outcomeOf(gatewayOverlay, two).findings).toHaveLength(1);
    const none = edit(overlay, 'ip.txt', (text) =>
      text.replace(/(Compartment 2[\s\S]*?Default Gateway[ .]*:) 10\.244\.3\.1/, '$1 '),
    );
    expect(outcomeOf(gatewayOverlay, none).findings).toMatchObject([
      { title: expect.stringContaining('no default gateway') as string },
    ]);
  });

  it('judges pods by their own mask where HNS tells no subnet', () => {
    const bare = new Map(
      [...bridge].filter(([path]) => ['ip.txt', 'cni/config/cni.conf'].includes(path)),
    );
    expect(outcomeOf(gatewayBridge, bare).check).toMatchObject({ status: 'passed' });
    const wrong = edit(bare, 'ip.txt', (text) => text.replace(/10\.244\.19\.2$/gm, '10.244.19.1'));
    expect(outcomeOf(gatewayBridge, wrong).findings).toHaveLength(1);
  });

  it('does not ask azure for address 2', () => {
    const azure = edit(bridge, 'cni/config/cni.conf', (text) =>
      text.replace(/"flannel"/, '"azure-vnet"').replace(/"win-bridge"/, '"azure-vnet"'),
    );
    const bundle = edit(azure, 'ip.txt', (text) =>
      text.replace(/10\.244\.19\.2$/gm, '10.244.19.1'),
    );
    expect(outcomeOf(gatewayBridge, bundle).check).toMatchObject({ because: 'does-not-apply' });
  });
});

describe('OUT-IP-CONSISTENT', () => {
  it('tells pods that differ alike together, each with the lines of both sides', () => {
    const bundle = edit(bridge, 'ip.txt', (text) =>
      text.replaceAll(/(Default Gateway[ .]*: )10\.244\.19\.2\b/g, '$110.244.19.1'),
    );
    const { findings } = outcomeOf(consistent, bundle);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.title).toMatch(
      /^HNS and the NICs of pods .* and 1 more disagree on gateway$/,
    );
    expect(firstLines(bundle, findings[0])).toEqual(
      [1, 2, 3].flatMap(() => [
        expect.stringMatching(/^Default Gateway.*10\.244\.19\.1$/) as string,
        expect.stringMatching(/^"GatewayAddress": +"10\.244\.19\.2"/) as string,
      ]),
    );
  });

  it('finds a NIC that has another address than its endpoint', () => {
    const bundle = inIp(bridge, `${ip}(Preferred)`, '10.244.19.77(Preferred)');
    const { findings } = outcomeOf(consistent, bundle);
    expect(findings).toMatchObject([
      {
        title: expect.stringContaining('disagree on address') as string,
        summary: expect.stringContaining(`HNS ${ip}, ip.txt 10.244.19.77`) as string,
      },
    ]);
    expect(firstLines(bundle, findings[0])[0]).toContain('10.244.19.77');
  });

  it('finds other DNS servers inside of the container', () => {
    const view = (dns: string) =>
      `PS C:\\k> docker exec ${pod?.containerId.slice(0, 12) ?? ''} ipconfig /all\n\nWindows IP Configuration\n\nEthernet adapter vEthernet (x):\n\n   Physical Address. . . . . . . . . : ${pod?.mac ?? ''}\n   IPv4 Address. . . . . . . . . . . : ${ip}(Preferred) \n   Subnet Mask . . . . . . . . . . . : 255.255.255.0\n   Default Gateway . . . . . . . . . : 10.244.19.2\n   DNS Servers . . . . . . . . . . . : ${dns}\n   NetBIOS over Tcpip. . . . . . . . : Disabled\n`;
    expect(
      outcomeOf(consistent, having(bridge, 'inside.txt', view('10.96.0.10'))).findings,
    ).toEqual([]);
    const { findings } = outcomeOf(consistent, having(bridge, 'inside.txt', view('8.8.8.8')));
    expect(findings).toMatchObject([
      { title: expect.stringContaining('disagree on DNS servers') as string },
    ]);
  });
});

describe('OUT-QUADZERO', () => {
  const noDefault = edit(bridge, 'routes.txt', (text) =>
    text
      .split('\n')
      .filter((line) => !(/(^| )0\.0\.0\.0/.test(line) && line.includes('10.127.130.1 ')))
      .join('\n'),
  );

  it('finds a node without a default route', () => {
    const { findings } = outcomeOf(quadZero, noDefault);
    expect(findings).toMatchObject([
      { severity: 'error', title: expect.stringContaining('no default route') as string },
    ]);
  });

  it('finds a bridge route with the better metric', () => {
    const bundle = edit(bridge, 'routes.txt', (text) =>
      text.replace(/^(45 +0\.0\.0\.0\/0 +10\.244\.19\.1 +256) 15/m, '$1 5 '),
    );
    const { findings } = outcomeOf(quadZero, bundle);
    expect(findings).toMatchObject([
      {
        title: expect.stringContaining('bridge wins') as string,
        summary: expect.stringContaining('metric 261') as string,
      },
    ]);
    expect(firstLines(bundle, findings[0])[0]).toMatch(/^45 +0\.0\.0\.0\/0/);
  });

  it('is content where newer flannel makes no route on the bridge', () => {
    const bundle = edit(bridge, 'routes.txt', (text) =>
      text
        .split('\n')
        .filter((line) => !line.includes('10.244.19.1 '))
        .join('\n'),
    );
    const { check, findings } = outcomeOf(quadZero, bundle);
    expect(findings).toEqual([]);
    expect(check.reason).toContain('newer flannel');
  });

  it('does not judge a fragment of a table', () => {
    const bundle = having(
      bridge,
      'routes.txt',
      'ifIndex DestinationPrefix NextHop RouteMetric ifMetric\n------- ----------------- ------- ----------- --------\n24      10.244.18.0/24    10.127.130.35 256   15\n',
    );
    expect(outcomeOf(quadZero, bundle).check.status).toBe('not-checked');
  });
});
