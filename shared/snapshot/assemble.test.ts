import { describe, expect, it } from 'vitest';
import { parseFile } from '../parsers/parse-file';
import type { ParsedFile } from '../parsers/parsed-file';
import { RULES } from '../rules/catalogue';
import { analyse } from '../rules/engine';
import { caseOf } from '../synthetic/case-of';
import { edit, syntheticCluster, syntheticNode, without } from '../synthetic/synthetic-node';
import type { BundleTexts } from '../synthetic/bundle';
import { textFile } from '../text/text-file';
import { assembleCase } from './assemble';

const before = syntheticNode({ mode: 'overlay' });

/** The same node a day later. */
const later = (bundle: BundleTexts): BundleTexts =>
  new Map(
    [...bundle].map(([path, text]) => [
      path,
      text.replaceAll('2024-05-14', '2024-05-15').replaceAll('0514 ', '0515 '),
    ]),
  );

describe('the time of collection', () => {
  const collectedAt = (felixDay: string): string | undefined => {
    const file = (path: string, text: string): ParsedFile =>
      parseFile(
        textFile(path, new TextEncoder().encode(text), { modifiedAt: Date.UTC(2026, 10, 28) }),
      );
    const opened = assembleCase([
      {
        name: 'copy',
        scope: 'node',
        files: [
          file('kube-proxy.log', 'I1107 06:45:21.073167    3112 proxier.go:1507] x\n'),
          file(
            'felix.log',
            `${felixDay} 06:49:53.027 [INFO][3488] felix/win_dataplane.go 307: y\n`,
          ),
        ],
      },
    ]);
    const time = opened.nodes[0]?.snapshots[0]?.collectedAt?.time;
    return time === undefined ? undefined : new Date(time).toISOString().slice(0, 16);
  };

  it('is not taken from the year of a copy where another log names the year of those days', () => {
    expect(collectedAt('2023-11-07')).toBe('2023-11-07T06:49');
  });

  it('is that of the newest log where the dated one is simply older', () => {
    expect(collectedAt('2025-06-01')).toBe('2026-11-07T06:45');
  });
});

describe('the network mode', () => {
  it('is not known by a name that installers give to more than one, and says so', () => {
    const listed = [
      'Networks:',
      'Name             ID',
      'vpcbr06684cbed472 B5A22566-BEBC-400C-ABEF-B6717DE7AF59',
      'nat              F413E630-CC75-4B89-9ED4-FCD57324153B',
      '',
    ].join('\n');
    const [node] = caseOf(new Map([['hnsdiag.txt', listed]])).nodes;
    expect(node?.snapshots[0]?.mode).toMatchObject({
      mode: 'unknown',
      reason: expect.stringContaining('type of HNS network vpcbr06684cbed472') as string,
    });
  });
});

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
