import { describe, expect, it } from 'vitest';
import { readCapture } from '../../capture/testing/read';
import type { CapturedFlow } from '../../model/capture';
import { caseOf, onlySnapshot } from '../../synthetic/case-of';
import { nodeCapture } from '../../synthetic/node-capture';
import { planNode } from '../../synthetic/node-plan';
import { scenario } from '../../synthetic/scenarios';
import { bundleOf } from '../../synthetic/synthetic-node';
import { explainRewrites, type RewriteReport } from './explain-rewrites';

function explained(
  mode: 'l2bridge' | 'overlay',
  pick: (flow: CapturedFlow) => boolean,
  bundle = bundleOf(planNode({ mode })),
): RewriteReport {
  const opened = caseOf(bundle);
  const capture = readCapture(nodeCapture(planNode({ mode })));
  const flow = Array.from({ length: capture.flowCount }, (_, n) => capture.flow(n)).find(pick);
  if (flow === undefined) throw new Error('no such flow');
  return explainRewrites(capture, flow, onlySnapshot(opened), opened);
}

describe('what changes a packet on its way', () => {
  const toService = (flow: CapturedFlow): boolean =>
    flow.server.address === '10.102.220.146' && flow.tunnel === undefined;

  it('l2bridge: the backend is the doing of the load-balancing rule', () => {
    const { seen, expected } = explained('l2bridge', toService);
    const destination = seen.find(({ kind }) => kind === 'destination');
    expect(destination?.text).toMatch(/^destination 10\.102\.220\.146:80 → 10\.244\.\d+\.\d+:80$/);
    expect(destination?.by?.text).toMatch(/LB_/);
    expect(destination?.by?.evidence[0]?.file).toBe('vfpOutput.txt');
    expect(expected).toEqual([]);
  });

  it('l2bridge: to the internet the source is the doing of the NAT rule', () => {
    const { seen } = explained('l2bridge', (flow) => flow.server.address.startsWith('203.'));
    expect(seen.find(({ kind }) => kind === 'source')?.by?.text).toMatch(/NAT/);
  });

  it('overlay: the tunnel is the doing of the encapsulation rule', () => {
    const { seen } = explained('overlay', toService);
    expect(seen.find(({ kind }) => kind === 'encapsulated')?.by?.text).toMatch(/ENCAP|route/i);
  });

  it('what no rule makes is not explained', () => {
    const bundle = new Map([...scenario('broken-dns-l2bridge').bundle()]);
    const { seen } = explained('l2bridge', (flow) => flow.server.address === '10.96.0.10', bundle);
    expect(seen.find(({ kind }) => kind === 'destination')?.by).toBeUndefined();
  });

  it('without VFP it says so', () => {
    const bundle = new Map([...bundleOf(planNode({ mode: 'l2bridge' }))]);
    bundle.delete('vfpOutput.txt');
    const { note, expected } = explained('l2bridge', toService, bundle);
    expect(note).toMatch(/not in the case/);
    expect(expected).toEqual([]);
  });
});
