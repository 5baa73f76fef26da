import { describe, expect, it } from 'vitest';
import { connectionLegs as legsSchema } from '../ipc/live-action-schemas';
import { rule as hostVip } from '../rules/connectivity/ct-host-svc-vip';
import { having, outcomeOf } from '../rules/testing/one-rule';
import { syntheticNode, without } from '../synthetic/synthetic-node';
import { caseOf } from '../synthetic/case-of';
import type { BundleTexts } from '../synthetic/bundle';
import type { NodeSnapshot } from '../snapshot/node-snapshot';
import { connectionLegs } from './connection-legs';

function snapshotOf(bundle: BundleTexts): NodeSnapshot {
  const snapshot = caseOf(bundle).nodes[0]?.snapshots[0];
  if (snapshot === undefined) throw new Error('there is no node');
  return snapshot;
}

describe('what a node should be able to connect to', () => {
  it.each(['l2bridge', 'overlay'] as const)('is read from an %s node', (mode) => {
    const legs = connectionLegs(snapshotOf(syntheticNode({ mode })));
    expect(legsSchema.parse(legs)).toEqual(legs);
    const kind = (words: RegExp): number => legs.filter(({ name }) => words.test(name)).length;
    expect(kind(/local pod/)).toBeGreaterThan(0);
    expect(kind(/on another node/)).toBeGreaterThan(0);
    expect(kind(/service VIP .*\(kube-system\/kube-dns\)|service VIP .*:53/)).toBeGreaterThan(0);
    expect(kind(/the internet/)).toBe(1);
    expect(new Set(legs.map(({ name }) => name)).size).toBe(legs.length);
  });

  it('is nothing where no load balancer was collected', () => {
    const bare = without(syntheticNode({ mode: 'l2bridge' }), 'policy.txt', 'hnsdiag.txt');
    expect(connectionLegs(snapshotOf(bare))).toEqual([]);
  });

  it('hostile names of an API are left out of the names of results', () => {
    const snapshot = snapshotOf(syntheticNode({ mode: 'l2bridge' }));
    const hostile = new Map(
      [...snapshot.links.serviceOf].map(([balancer, { service, viaNodePort }]) => [
        balancer,
        { service: { ...service, name: `'; calc\n[+] all is well` }, viaNodePort },
      ]),
    );
    const links = { ...snapshot.links, serviceOf: hostile };
    const legs = connectionLegs({ ...snapshot, links });
    expect(legsSchema.safeParse(legs).success).toBe(true);
    expect(legs.some(({ name }) => name.includes('calc'))).toBe(false);
  });

  it.each([
    ['+', 'passed'],
    ['-', 'fired'],
  ])('is judged by the checks of step 2 when the result is %s', (mark, status) => {
    const bare = without(syntheticNode({ mode: 'l2bridge' }), 'ValidateKubernetes.Pester.txt');
    const vip = connectionLegs(snapshotOf(bare)).find(({ name }) => name.includes('VIP'));
    const text = `Describing Connections of this node\n  [${mark}] ${vip?.name ?? ''} 3004ms\n    no answer within 3 s\n`;
    const { check, findings } = outcomeOf(hostVip, having(bare, 'connections.Pester.txt', text));
    expect(check.status === 'passed').toBe(status === 'passed');
    expect(findings.length > 0).toBe(status === 'fired');
  });
});
