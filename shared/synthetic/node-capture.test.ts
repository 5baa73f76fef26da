import { describe, expect, it } from 'vitest';
import { readCapture } from '../capture/testing/read';
import type { CapturedFlow } from '../model/capture';
import { planNode } from './node-plan';
import { SCENARIOS, scenario } from './scenarios';

const flowsOf = (id: string): CapturedFlow[] => {
  const index = readCapture(scenario(id).capture?.() ?? new Uint8Array(0));
  return Array.from({ length: index.flowCount }, (_, n) => index.flow(n));
};

describe('captures of sample nodes', () => {
  it.each(SCENARIOS.filter(({ capture }) => capture !== undefined).map(({ id }) => id))(
    '%s reads without a note, each packet at several places',
    (id) => {
      const index = readCapture(scenario(id).capture?.() ?? new Uint8Array(0));
      expect(index.notes).toEqual([]);
      expect(index.fromPktmon).toBe(true);
      expect(index.innerCut).toBe(0);
      for (let n = 0; n < index.packetCount; n += 1)
        expect(index.sightings.path(n).length).toBeGreaterThan(1);
    },
  );

  it.each(['healthy-l2bridge', 'healthy-overlay'])('%s: everything is answered', (id) => {
    for (const flow of flowsOf(id)) {
      expect(flow.unansweredOpening).toBe(false);
      expect(flow.dnsUnanswered).toBe(0);
      expect(flow.client.retransmissions + flow.server.retransmissions).toBe(0);
      expect(flow.server.packets).toBeGreaterThan(0);
    }
  });

  it('l2bridge: the service becomes a backend, the internet sees the node', () => {
    const plan = planNode({ mode: 'l2bridge' });
    const index = readCapture(scenario('healthy-l2bridge').capture?.() ?? new Uint8Array(0));
    const kinds = new Set(index.rewrites.map(({ changes }) => changes.join(' ')));
    expect(kinds).toContain('destination mac');
    expect(kinds).toContain('source mac');
    expect(flowsOf('healthy-l2bridge').some((f) => f.client.address === plan.node.ip)).toBe(true);
  });

  it('overlay: what leaves is in VXLAN between the nodes', () => {
    const plan = planNode({ mode: 'overlay' });
    const tunnels = flowsOf('healthy-overlay').flatMap(({ tunnel }) => tunnel ?? []);
    expect(tunnels.length).toBeGreaterThan(0);
    for (const tunnel of tunnels)
      expect(tunnel).toMatchObject({ kind: 'VXLAN', network: plan.vni, outerFrom: plan.node.ip });
  });

  it.each([
    ['broken-inter-node-l2bridge', '10.244.17.'],
    ['broken-inter-node-overlay', '10.244.2.'],
    ['broken-outbound-l2bridge', '203.0.113.'],
  ])('%s: only what is broken stays unanswered', (id, prefix) => {
    const unanswered = flowsOf(id).filter((flow) => flow.unansweredOpening);
    expect(unanswered.length).toBeGreaterThan(0);
    for (const flow of unanswered) {
      expect(flow.server.address.startsWith(prefix)).toBe(true);
      expect(flow.client.retransmissions).toBe(3);
    }
  });
});
