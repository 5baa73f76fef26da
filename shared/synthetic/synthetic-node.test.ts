import { describe, expect, it } from 'vitest';
import { caseOf, onlySnapshot } from './case-of';
import { SCENARIOS } from './scenarios';
import { edit, syntheticNode, without } from './synthetic-node';

const healthy = [
  ['l2bridge', 1],
  ['l2bridge', 2],
  ['overlay', 1],
  ['overlay', 2],
] as const;

describe.each(healthy)('a healthy %s node with schema %i', (mode, schema) => {
  const bundle = syntheticNode({ mode, schema });
  const opened = caseOf(bundle);
  const snapshot = onlySnapshot(opened);

  it('is read without loss', () => {
    const lost = snapshot.files
      .filter((f) => f.status !== 'parsed')
      .map(
        (f) =>
          `${f.file.path}: ${f.status} unread ${JSON.stringify(f.unread.slice(0, 3))} ${f.notes
            .map((n) => `${n.line} ${n.message}`)
            .slice(0, 3)
            .join('; ')}`,
      );
    expect(lost).toEqual([]);
  });

  it('is recognised and linked', () => {
    expect(snapshot.mode.mode).toBe(mode);
    expect(snapshot.mode.cni).toBe(mode === 'overlay' ? 'flannel-vxlan' : 'flannel-host-gw');
    expect(snapshot.addresses.managementIp?.value).toBe(
      mode === 'overlay' ? '10.127.130.36' : '10.127.130.38',
    );
    const local = snapshot.endpoints.filter((e) => e.state === 3);
    expect(local).toHaveLength(3);
    for (const endpoint of local) {
      expect(snapshot.links.podOf.has(endpoint)).toBe(true);
      expect(snapshot.links.vfpPortOf.has(endpoint)).toBe(true);
      expect(snapshot.links.vswitchPortOf.has(endpoint)).toBe(true);
      expect(snapshot.links.adapterOf.has(endpoint)).toBe(true);
      expect(snapshot.links.containersOf.get(endpoint)?.length ?? 0).toBeGreaterThan(0);
    }
    expect(snapshot.loadBalancers.every((lb) => snapshot.links.serviceOf.has(lb))).toBe(true);
    expect(snapshot.loadBalancers).toHaveLength(6);
  });

  it('says one thing in all files', () => {
    expect(snapshot.contradictions).toEqual([]);
  });
});

describe('synthetic bundles', () => {
  it('are the same every time', () => {
    for (const scenario of SCENARIOS)
      expect([...scenario.bundle()]).toEqual([...scenario.bundle()]);
  });

  it('refuse a change that changes nothing', () => {
    const bundle = syntheticNode({ mode: 'overlay' });
    expect(() => edit(bundle, 'ip.txt', (t) => t)).toThrow(/as it was/);
    expect(() => edit(bundle, 'nope.txt', (t) => t)).toThrow(/not in the bundle/);
    expect(() => without(bundle, 'nope.txt')).toThrow(/not in the bundle/);
  });
});
