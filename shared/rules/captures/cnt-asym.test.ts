import { describe, expect, it } from 'vitest';
import { nodeCapture } from '../../synthetic/node-capture';
import { planCluster } from '../../synthetic/node-plan';
import { ipBytes } from '../../synthetic/packets';
import { bundleOf } from '../../synthetic/synthetic-node';
import { having } from '../testing/one-rule';
import { cited, runRule } from '../testing/run-rule';
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

describe('CNT-ASYM by the counters of the uplink', () => {
  const uplink = 'vEthernet (Ethernet0)';
  const statistics = (sent: number, received: number, adapter = uplink): string => `
Caption                : MSFT_NetAdapterStatisticsSettingData '${adapter}'
Name                   : ${adapter}
ReceivedBytes          : 1000
ReceivedUnicastPackets : ${received}
SentBytes              : 1000
SentUnicastPackets     : ${sent}

`;
  const samples = (
    first: readonly [number, number],
    second: readonly [number, number],
    adapter = uplink,
    folder = '',
  ) =>
    having(
      having(bundles[0], 'adapterstatistics.txt', statistics(...first, adapter)),
      `${folder}adapterstatistics-2.txt`,
      statistics(...second, adapter),
    );

  it('fires where packets leave and none comes in, with both samples', () => {
    const bundle = samples([1000, 700], [1180, 700]);
    const { findings } = runRule(rule, bundle);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      severity: 'warning',
      title: `Packets leave by ${uplink} and none comes in`,
    });
    expect(findings[0]?.summary).toContain('180 packets to single receivers');
    expect(cited(bundle, findings[0])).toHaveLength(2);
  });

  it.each([
    ['both rise', samples([1000, 700], [1180, 701])],
    ['little is sent', samples([1000, 700], [1090, 700])],
    ['counters were set back', samples([5000, 700], [1180, 0])],
    ['another adapter is silent', samples([1000, 700], [1180, 700], 'Ethernet 7')],
    ['the samples are of two folders', samples([1000, 700], [1180, 700], uplink, 'later/')],
  ])('says nothing where %s: counters alone prove no arrival', (_, bundle) => {
    const { check, findings } = runRule(rule, bundle);
    expect(findings).toEqual([]);
    expect(check.status).toBe('not-checked');
    expect(check.reason).toMatch(/captures/);
  });

  it('a healthy uplink leaves what captures show as it is', () => {
    const bundle = samples([1000, 700], [1180, 900]);
    const both = captureCase(
      [bundle, { 'here.pcapng': sent }],
      [bundles[1], { 'there.pcapng': healthy }],
    );
    expect(runOnCase(rule, both).findings).toHaveLength(1);
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
