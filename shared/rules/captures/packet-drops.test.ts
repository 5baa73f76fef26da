import { describe, expect, it } from 'vitest';
import { planNode } from '../../synthetic/node-plan';
import { bundleOf, type BundleTexts } from '../../synthetic/synthetic-node';
import type { Rule } from '../rule';
import { having } from '../testing/one-rule';
import { cited, runRule } from '../testing/run-rule';
import { rule as listener } from './cap-drop-listener';
import { rule as mac } from './cap-drop-mac';
import { rule as mtu } from './cap-drop-mtu';
import { rule as policy } from './cap-drop-policy';
import { rule as port } from './cap-drop-port';
import { rule as route } from './cap-drop-route';
import { rule as vlan } from './cap-drop-vlan';
import { rule as vsid } from './cap-drop-vsid';
import { rule as extension } from './cap-ext-missing';

const plan = planNode({ mode: 'l2bridge' });
const healthy = bundleOf(plan);
const pod = plan.pods[0]?.ip ?? '';
const remote = plan.remotePods[0]?.ip ?? '';

interface Drop {
  readonly reason: string;
  readonly from?: string;
  readonly to?: string;
  readonly times?: number;
  readonly mac?: string;
}

/** A log of a packet that passes and of drops. */
function log(...drops: readonly Drop[]): string {
  const at = (n: number): string => `10:27:06.${String(n).padStart(9, '0')}`;
  const about = (n: number): string =>
    `PktGroupId ${n}, PktNumber 1, Appearance 1, Direction Rx , Type Ethernet , Component 12, Edge 1, Filter 0`;
  const packet = (from: string, to: string, mac = '00-15-5D-AA-BF-3D'): string =>
    `\t00-15-5D-00-00-01 > ${mac}, ethertype IPv4 (0x0800), length 66: ${from}.50100 > ${to}.80: Flags [S], length 0`;
  return [
    `${at(1)} ${about(1)}, OriginalSize 66, LoggedSize 66`,
    packet(pod, remote),
    ...drops.flatMap(({ reason, from = remote, to = pod, times = 1, mac: address }, kind) =>
      Array.from({ length: times }, (_, n) => [
        `${at(2 + n)} Drop: ${about(1000 * (kind + 1) + n)}, DropReason ${reason} , DropLocation 0xE000460A, OriginalSize 66, LoggedSize 66`,
        packet(from, to, address),
      ]).flat(),
    ),
    '',
  ].join('\n');
}

const withLog = (...drops: readonly Drop[]): BundleTexts =>
  having(healthy, 'drops.txt', log(...drops));

const RULES: readonly (readonly [string, Rule, reason: string, severity: string])[] = [
  ['CAP-DROP-VLAN', vlan, '10', 'error'],
  ['CAP-DROP-MAC', mac, '709', 'error'],
  ['CAP-DROP-VSID', vsid, '20', 'error'],
  ['CAP-DROP-MTU', mtu, 'MTU mismatch', 'error'],
  ['CAP-DROP-POLICY', policy, 'Inspection drop', 'warning'],
  ['CAP-DROP-PORT', port, '718', 'error'],
  ['CAP-DROP-ROUTE', route, 'No route', 'error'],
  ['CAP-DROP-LISTENER', listener, 'INET: transport endpoint was not found', 'info'],
  ['CAP-EXT-MISSING', extension, '21', 'error'],
];

describe.each(RULES)('%s', (_, rule, reason, severity) => {
  it('fires for packets of pods and cites them', () => {
    const bundle = withLog({ reason, times: 12 });
    const { check, findings } = runRule(rule, bundle);
    expect(check.status).toBe('fired');
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ severity, step: 8 });
    expect(findings[0]?.title).toContain(`${remote} to ${pod}:80`);
    expect(findings[0]?.summary).toContain('12 packets dropped');
    expect(cited(bundle, findings[0])[0]).toContain(`DropReason ${reason}`);
  });

  it('is quiet where the packets of others are dropped, to everybody, or for other reasons', () => {
    const others = withLog(
      { reason, times: 12, from: '192.0.2.1', to: '192.0.2.2' },
      { reason, times: 12, to: '255.255.255.255', mac: 'FF-FF-FF-FF-FF-FF' },
      { reason: '3', times: 12 },
    );
    expect(runRule(rule, others).check).toMatchObject({ status: 'passed' });
  });

  it('is not checked without a log, without drops, or where the packets are not shown', () => {
    expect(runRule(rule, healthy).check.status).toBe('not-checked');
    expect(runRule(rule, withLog()).check.status).toBe('not-checked');
    const brief = log({ reason, times: 12 }).replace(/^\t.*\n/gm, '');
    expect(runRule(rule, having(healthy, 'drops.txt', brief)).check.status).toBe('not-checked');
    const alone = new Map([['drops.txt', log({ reason, times: 12 })]]);
    expect(runRule(rule, alone).check.status).toBe('not-checked');
  });
});

it('a few drops by size or for want of a neighbour are normal', () => {
  expect(runRule(mtu, withLog({ reason: '920', times: 9 })).check.status).toBe('passed');
  expect(runRule(route, withLog({ reason: '922', times: 2 })).check.status).toBe('passed');
});

it('a pod that is gone has no port, and that is no fault', () => {
  const gone = withLog({ reason: '711', times: 12, to: pod.replace(/\d+$/, '250') });
  expect(runRule(port, gone).check.status).toBe('passed');
});

it('a reason that is not known is said, and never taken for another', () => {
  const odd = withLog({ reason: 'Etwas Neues', times: 12 });
  expect(runRule(vlan, odd).check).toMatchObject({
    status: 'passed',
    reason: expect.stringContaining('the reasons of 12 are not known here') as string,
  });
});
