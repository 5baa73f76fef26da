import { describe, expect, it } from 'vitest';
import { nodeCapture } from '../../synthetic/node-capture';
import { planCluster } from '../../synthetic/node-plan';
import { ipBytes } from '../../synthetic/packets';
import { bundleOf } from '../../synthetic/synthetic-node';
import { rule } from './cnt-asym';
import { captureCase, runOnCase } from './testing/capture-case';
import { changePackets } from './testing/change-packets';

const [here, there] = planCluster({ mode: 'overlay' });
if (here === undefined || there === undefined) throw new Error('two nodes are needed');
const bundles = [bundleOf(here), bundleOf(there)] as const;
/** One connection to a pod of the other node is never answered. */
const sent = nodeCapture(here, {
  kind: 'stale-router-mac',
  unreached: there.node.podCidr.replace('0/24', ''),
});
const healthy = nodeCapture(there);

const run = (first: Uint8Array, second: Uint8Array | undefined) =>
  runOnCase(
    rule,
    captureCase(
      [bundles[0], { 'here.pcapng': first }],
      [bundles[1], second === undefined ? {} : { 'there.pcapng': second }],
    ),
  );

describe('CNT-ASYM', () => {
  it('fires where packets leave one node and are not in the capture of the other', () => {
    const { findings } = run(sent, healthy);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ severity: 'error' });
    expect(findings[0]?.title).toMatch(/^The network between the nodes loses packets: /);
    expect(findings[0]?.summary).toContain('there.pcapng');
  });

  it('is quiet where they arrive, or all is answered', () => {
    // What the first node sent, at the network card of the second.
    const arrived = joined(healthy, sent);
    expect(run(sent, arrived).findings).toEqual([]);
    expect(run(nodeCapture(here), healthy).findings).toEqual([]);
  });

  it('is not checked without a capture of the other node that holds its uplink', () => {
    expect(run(sent, undefined).check.status).toBe('not-checked');
    const podsOnly = changePackets(healthy, ({ interface: at, bytes }) =>
      at < 2 ? undefined : bytes,
    );
    expect(run(sent, podsOnly).findings).toEqual([]);
  });
});

/** Two sections are one pcapng file; of the second only the tunnels to the other node. */
function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const to = ipBytes(there?.node.ip ?? '');
  const tunnels = changePackets(second, ({ interface: at, bytes }) =>
    at === 1 && to.every((byte, n) => bytes[30 + n] === byte) ? bytes : undefined,
  );
  const file = new Uint8Array(first.length + tunnels.length);
  file.set(first);
  file.set(tunnels, first.length);
  return file;
}
