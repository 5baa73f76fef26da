import { describe, expect, it } from 'vitest';
import { containerRef, hostLookups as lookupsSchema, insideAsks } from '../ipc/live-action-schemas';
import { rule as remote } from '../rules/connectivity/ct-pod-pod-remote';
import { rule as internet } from '../rules/connectivity/ct-pod-internet';
import { rule as local } from '../rules/connectivity/ct-pod-pod-local';
import { having, outcomeOf } from '../rules/testing/one-rule';
import type { BundleTexts } from '../synthetic/bundle';
import { caseOf } from '../synthetic/case-of';
import { edit, syntheticNode, without } from '../synthetic/synthetic-node';
import type { NodeSnapshot } from '../snapshot/node-snapshot';
import { containerChoices } from './container-choices';
import { hostLookups, podLegs } from './pod-legs';

function snapshotOf(bundle: BundleTexts): NodeSnapshot {
  const snapshot = caseOf(bundle).nodes[0]?.snapshots[0];
  if (snapshot === undefined) throw new Error('there is no node');
  return snapshot;
}
const asksOf = (bundle: BundleTexts) => {
  const snapshot = snapshotOf(bundle);
  const [first] = containerChoices(snapshot);
  return first === undefined ? [] : podLegs(snapshot, first);
};

describe('containers that one can look from', () => {
  it.each([
    ['l2bridge', 'docker'],
    ['overlay', 'containerd'],
  ] as const)('are those of pods of an %s node', (mode, runtime) => {
    const choices = containerChoices(snapshotOf(syntheticNode({ mode })));
    expect(choices.length).toBeGreaterThan(1);
    for (const { container, addresses, detail } of choices) {
      expect(containerRef.parse(container)).toEqual(container);
      expect(container).toMatchObject({ runtime });
      expect(container.name).toMatch(/^[a-z-]+\/win-/);
      expect(addresses.length).toBeGreaterThan(0);
      expect(detail).toContain('servercore');
    }
    expect(new Set(choices.map(({ container }) => container.id)).size).toBe(choices.length);
  });

  it('are those that the runtime lists where no pods were collected, without pause containers', () => {
    const bare = without(syntheticNode({ mode: 'overlay' }), 'pods.json');
    const snapshot = snapshotOf(bare);
    const choices = containerChoices(snapshot);
    expect(choices.length).toBeGreaterThan(0);
    expect(choices.every(({ detail }) => detail.includes('servercore'))).toBe(true);
  });

  it('are none of pods that share the network of the node', () => {
    const apart = edit(syntheticNode({ mode: 'overlay' }), 'pods.json', (text) =>
      text.replaceAll('"nodeName"', '"hostNetwork": true, "nodeName"'),
    );
    expect(containerChoices(snapshotOf(apart))).toEqual([]);
  });
});

describe('what a pod should be able to reach', () => {
  it.each(['l2bridge', 'overlay'] as const)('is read from an %s node', (mode) => {
    const asks = asksOf(syntheticNode({ mode }));
    expect(insideAsks.parse(asks)).toEqual(asks);
    const kind = (words: RegExp): number => asks.filter(({ test }) => words.test(test)).length;
    expect(kind(/^Pod should be able to reach local pod /)).toBeGreaterThan(0);
    expect(kind(/^Pod should be able to reach remote pod /)).toBeGreaterThan(0);
    expect(kind(/reach service VIP /)).toBeGreaterThan(0);
    expect(kind(/internet connectivity/)).toBe(1);
    expect(kind(/resolve kubernetes\.default\.svc\.cluster\.local\. at DNS service/)).toBe(1);
    expect(kind(/resolve kubernetes\.default\.svc\.cluster\.local\. at DNS pod/)).toBeGreaterThan(
      0,
    );
    expect(new Set(asks.map(({ test }) => test)).size).toBe(asks.length);
    const lookups = hostLookups(snapshotOf(syntheticNode({ mode })));
    expect(lookupsSchema.parse(lookups)).toEqual(lookups);
    expect(lookups.length).toBeGreaterThan(1);
  });

  it('is each pod elsewhere before a second port of one', () => {
    const hosts = asksOf(syntheticNode({ mode: 'l2bridge' })).flatMap((ask) =>
      ask.program === 'curl' && ask.test.includes('remote pod') ? [ask.host] : [],
    );
    expect(hosts).toHaveLength(4);
    expect(new Set(hosts).size).toBe(4);
  });

  it('is no process of a node, such as the API server', () => {
    const tests = asksOf(syntheticNode({ mode: 'l2bridge' })).map(({ test }) => test);
    expect(tests.some((test) => /VIP .*:443 \(default\/kubernetes\)/.test(test))).toBe(true);
    expect(tests.filter((test) => test.includes(':6443'))).toEqual([]);
  });

  it('is never the pod itself', () => {
    const snapshot = snapshotOf(syntheticNode({ mode: 'l2bridge' }));
    for (const choice of containerChoices(snapshot))
      for (const ask of podLegs(snapshot, choice))
        if (ask.program === 'curl') expect(choice.addresses).not.toContain(ask.host);
  });

  it.each([
    [local, /reach local pod/],
    [remote, /reach remote pod/],
    [internet, /internet/],
  ] as const)('is judged by the checks of step 2 ($meta.id)', (rule, words) => {
    const bare = without(syntheticNode({ mode: 'l2bridge' }), 'ValidateKubernetes.Pester.txt');
    const test = asksOf(bare).find((ask) => words.test(ask.test))?.test ?? '';
    const result = (mark: string, reason = 'no answer within 3 s') => {
      const text = `Describing Connections of pods\n  [${mark}] ${test} 3004ms\n    ${reason}\n`;
      return outcomeOf(rule, having(bare, 'pod-connections.Pester.txt', text)).check.status;
    };
    expect(result('+')).toBe('passed');
    expect(result('-')).toBe('fired');
    expect(result('?')).toBe('not-checked');
    expect(result('!', 'The image has no curl.exe: not checked.')).toBe('not-checked');
  });
});
