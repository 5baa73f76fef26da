import { describe, expect, it } from 'vitest';
import { caseOf, onlySnapshot } from '../synthetic/case-of';
import { edit, syntheticNode, without } from '../synthetic/synthetic-node';
import { scenario } from '../synthetic/scenarios';
import { vfpLoadBalancing } from './vfp-load-balancing';
import { podPorts } from './vfp-ports';

describe('load balancers held against VFP rules', () => {
  it.each([
    { mode: 'l2bridge', schema: 1 },
    { mode: 'l2bridge', schema: 2, dsr: true },
    { mode: 'overlay', schema: 2 },
    { mode: 'overlay', schema: 2, dsr: true },
  ] as const)(
    'finds every load balancer complete on every pod port of a healthy node: %o',
    (options) => {
      const snapshot = onlySnapshot(caseOf(syntheticNode({ ...options, services: 5 })));
      const join = vfpLoadBalancing(snapshot);
      expect(podPorts(snapshot)).toHaveLength(3);
      const used = snapshot.loadBalancers.filter((lb) => lb.endpointIds.length > 0);
      expect(used.length).toBeGreaterThan(5);
      for (const lb of used) expect(join?.coverageOf(lb)).toEqual({ complete: 3, ports: 3 });
    },
  );

  it('says which DIP is missing on which port', () => {
    const snapshot = onlySnapshot(caseOf(scenario('broken-services-l2bridge').bundle()));
    const join = vfpLoadBalancing(snapshot);
    const lb = snapshot.loadBalancers.find((l) => l.vips[0] === '10.102.220.146');
    if (!join || !lb) throw new Error('no load balancer');
    expect(join.coverageOf(lb)).toEqual({ complete: 2, ports: 3 });
    const gaps = join.onPorts(lb).flatMap((p) => p.missing);
    expect(gaps).toHaveLength(1);
    expect(join.dipCoverageOf(lb, gaps[0]?.ip ?? '')).toEqual({ present: 2, ports: 3 });
    const [dump] = snapshot.vfp;
    const [ref] = join.rulesOf(lb, 1);
    const rule = dump?.rule(Number(ref?.id.split('#')[1]));
    expect(dump && rule && join.loadBalancerOf(dump, rule.bodyId)).toBe(lb);
  });

  it('says nothing of ports whose listing was cut, and nothing without a dump', () => {
    const cut = edit(syntheticNode({ mode: 'l2bridge' }), 'vfpOutput.txt', (text) =>
      text.replace(/Command (?:list-rule|get-rule-counter) succeeded!/g, ''),
    );
    const snapshot = onlySnapshot(caseOf(cut));
    for (const lb of snapshot.loadBalancers) {
      expect(vfpLoadBalancing(snapshot)?.coverageOf(lb)).toBeUndefined();
    }
    const bare = without(syntheticNode({ mode: 'l2bridge' }), 'vfpOutput.txt');
    expect(vfpLoadBalancing(onlySnapshot(caseOf(bare)))).toBeUndefined();
  });
});
