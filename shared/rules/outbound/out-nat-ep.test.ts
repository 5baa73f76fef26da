import { describe, expect, it } from 'vitest';
import type { CheckResult, Finding } from '../../model/finding';
import { caseOf } from '../../synthetic/case-of';
import { edit, syntheticNode, without, type BundleTexts } from '../../synthetic/synthetic-node';
import { analyse } from '../engine';
import { rule } from './out-nat-ep';

const l2 = syntheticNode({ mode: 'l2bridge' });
const ovl = syntheticNode({ mode: 'overlay' });

function run(bundle: BundleTexts): {
  readonly check: CheckResult | undefined;
  readonly findings: readonly Finding[];
} {
  const { checks, findings } = analyse(caseOf(bundle), [rule]);
  return { check: checks[0], findings };
}

/** endpoint.txt with the NAT policy of one pod made another one. */
const withoutNat = (bundle: BundleTexts, to = 'Odd'): BundleTexts =>
  edit(without(bundle, 'hnsdiag.txt'), 'endpoint.txt', (text) =>
    text.replace('"OutBoundNAT"', `"${to}"`),
  );

describe('OUT-NAT-EP', () => {
  it('is quiet on healthy nodes and says what it lacks', () => {
    for (const bundle of [
      l2,
      ovl,
      syntheticNode({ mode: 'l2bridge', schema: 2 }),
      syntheticNode({ mode: 'overlay', schema: 1 }),
    ]) {
      expect(run(bundle).check?.status).toBe('passed');
      expect(run(without(bundle, 'cni/config/cni.conf')).check?.status).toBe('not-checked');
      expect(run(without(bundle, 'endpoint.txt', 'hnsdiag.txt')).check?.status).toBe('not-checked');
    }
  });

  it.each([
    ['V1', l2],
    ['V2', ovl],
  ] as const)('finds the endpoint without NAT (%s)', (_schema, bundle) => {
    const broken = withoutNat(bundle);
    const { findings } = run(broken);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.summary).toContain('1 endpoint of 3');
    const place = findings[0]?.evidence[0];
    expect((broken.get(place?.file ?? '') ?? '').split('\n')[(place?.line ?? 0) - 1]).toContain(
      '"Policies"',
    );
  });

  it('asks for none where the CNI configures none', () => {
    const open = edit(withoutNat(l2), 'cni/config/cni.conf', (text) =>
      text.replace('OutBoundNAT', 'QOS'),
    );
    expect(run(open).findings).toEqual([]);
  });

  it('does not take a loopback NAT for the outbound one', () => {
    const loopback = edit(without(ovl, 'hnsdiag.txt'), 'endpoint.txt', (text) =>
      text.replace(/"Exceptions":/, '"Destinations":'),
    );
    expect(run(loopback).findings).toHaveLength(1);
  });
});
