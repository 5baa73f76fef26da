import { describe, expect, it } from 'vitest';
import { onlySnapshot } from '../../synthetic/case-of';
import { scenario } from '../../synthetic/scenarios';
import { expectationOf } from './expected-ways';
import { heldPath, observedPaths } from './observed-paths';
import { captureCase } from './testing/capture-case';

const { bundle, capture } = scenario('broken-inter-node-l2bridge');
const opened = captureCase([bundle(), { 'node.pcapng': capture?.() ?? new Uint8Array(0) }]);
const snapshot = onlySnapshot(opened);
const [first, ...others] = observedPaths(snapshot, opened).filter(
  ({ stages, to }) => stages.length > 0 && to.kind === 'service',
);

describe('more flows than are held against the rules', () => {
  it('are not taken for flows that no rule of the node knows, and not for right ones', () => {
    const other = others.find(({ flow }) => flow.server.address !== first?.flow.server.address);
    if (first === undefined || other === undefined) throw new Error('too few flows');
    expect(expectationOf(first.flow, opened, 1)?.undecided).toBeUndefined();
    const late = expectationOf(other.flow, opened, 1);
    expect(late?.undecided).toContain('more flows than');
    const whys = heldPath(other, snapshot, late).changes.map(({ verdict }) =>
      verdict.kind === 'open' ? verdict.why : verdict.kind,
    );
    expect(new Set(whys)).toEqual(new Set([late?.undecided]));
  });

  it('a question that was asked before is answered still, and one without a bound is asked', () => {
    if (first === undefined) throw new Error('no flow');
    expect(expectationOf(first.flow, opened, 0)?.undecided).toBeUndefined();
    for (const { flow } of others)
      expect(expectationOf(flow, opened)?.undecided ?? '').not.toContain('more flows than');
  });
});
