import { describe, expect, it } from 'vitest';
import { RULES } from '../rules/catalogue';
import { analyse } from '../rules/engine';
import { caseOf } from '../synthetic/case-of';
import { edit, syntheticCluster, syntheticNode, without } from '../synthetic/synthetic-node';
import type { BundleTexts } from '../synthetic/bundle';

const before = syntheticNode({ mode: 'overlay' });

/** The same node a day later. */
const later = (bundle: BundleTexts): BundleTexts =>
  new Map(
    [...bundle].map(([path, text]) => [
      path,
      text.replaceAll('2024-05-14', '2024-05-15').replaceAll('0514 ', '0515 '),
    ]),
  );

describe('two collections of one node', () => {
  it.each([
    ['in order', [before, later(before)]],
    ['newest first', [later(before), before]],
  ] as const)('%s: two snapshots under one node, the older first', (_how, bundles) => {
    const opened = caseOf(...bundles);
    expect(opened.nodes.map((node) => node.snapshots.length)).toEqual([2]);
    const days = opened.nodes[0]?.snapshots.map((s) =>
      new Date(s.collectedAt?.time ?? 0).toISOString().slice(0, 10),
    );
    expect(days).toEqual(['2024-05-14', '2024-05-15']);
  });

  it('are each judged by their own pods and services', () => {
    const after = edit(later(before), 'endpointslices.json', (t) =>
      t.replaceAll('"ready": true', '"ready": false'),
    );
    const { findings } = analyse(caseOf(before, after), RULES);
    const days = findings
      .filter((f) => f.severity !== 'info')
      .map((f) => /@(\d{4}-\d\d-\d\d)/.exec(f.snapshotId)?.[1]);
    expect(new Set(days)).toEqual(new Set(['2024-05-15']));
  });

  it('share what only one of them holds', () => {
    const opened = caseOf(before, without(later(before), 'pods.json'));
    const [, second] = opened.nodes[0]?.snapshots ?? [];
    expect(second?.cluster.pods.length).toBe(opened.cluster.pods.length);
  });
});

describe('nodes of one cluster', () => {
  it('whose bundles hold the same evidence point to their own copy', () => {
    const opened = caseOf(...syntheticCluster({ mode: 'l2bridge' }));
    const own = opened.nodes.map(
      ({ snapshots }) => snapshots[0]?.cluster.nodes[0]?.evidence[0]?.file.split('/')[0],
    );
    expect(own).toEqual(['bundle-1', 'bundle-2', 'bundle-3']);
  });
});
