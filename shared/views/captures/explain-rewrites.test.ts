import { describe, expect, it } from 'vitest';
import { readCapture } from '../../capture/testing/read';
import type { CapturedFlow } from '../../model/capture';
import { observedPaths } from '../../rules/captures/observed-paths';
import { captureCase } from '../../rules/captures/testing/capture-case';
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
    const change = seen.find(({ kind }) => kind === 'destination');
    expect(change).toMatchObject({ status: 'open', by: undefined });
    expect(change?.why).toMatch(/^The trace ends before it: .*10\.96\.0\.10:53/);
  });

  it('without VFP it says so', () => {
    const bundle = new Map([...bundleOf(planNode({ mode: 'l2bridge' }))]);
    bundle.delete('vfpOutput.txt');
    const { seen, expected } = explained('l2bridge', toService, bundle);
    expect(seen.length).toBeGreaterThan(0);
    for (const { status, why } of seen) {
      expect(status).toBe('open');
      expect(why).toMatch(/not in the case/);
    }
    expect(expected).toEqual([]);
  });

  it('a frame that goes to the gateway for want of a route is told, and nothing to be alarmed of', () => {
    const { bundle, capture } = scenario('broken-inter-node-l2bridge');
    const opened = captureCase([bundle(), { 'packets.pcapng': capture?.() ?? new Uint8Array(0) }]);
    const snapshot = onlySnapshot(opened);
    const lost = observedPaths(snapshot, opened).find(({ flow }) => flow.unansweredOpening);
    if (lost === undefined) throw new Error('no flow is unanswered');
    const { seen } = explainRewrites(lost.capture, lost.flow, snapshot, opened);
    const next = seen.find(({ kind }) => kind === 'destination-mac');
    expect(next).toMatchObject({ status: 'open', by: undefined });
    expect(next?.why).toMatch(
      /^The frame is addressed to the default gateway 10\.127\.130\.1\. The trace ends before it: The host has no route to 10\.244\.17\.0\/24, /,
    );
    // Both MACs of the frame are one change.
    expect(next?.text).toMatch(/^source MAC → .*, destination MAC → /);
    expect(seen).toHaveLength(1);
  });

  it('a flow behind a rewrite is explained from where its packets come first', () => {
    const opened = caseOf(bundleOf(planNode({ mode: 'l2bridge' })));
    const capture = readCapture(nodeCapture(planNode({ mode: 'l2bridge' })));
    const flows = Array.from({ length: capture.flowCount }, (_, n) => capture.flow(n));
    const outside = flows.find(
      ({ client, server }) =>
        server.address.startsWith('203.') && !client.address.startsWith('10.244.'),
    );
    if (outside === undefined) throw new Error('no such flow');
    const { seen } = explainRewrites(capture, outside, onlySnapshot(opened), opened);
    expect(seen.find(({ kind }) => kind === 'source')?.by?.text).toMatch(/NAT/);
  });
});
