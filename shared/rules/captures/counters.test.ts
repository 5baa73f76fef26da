import { describe, expect, it } from 'vitest';
import { edit, syntheticNode, without, type BundleTexts } from '../../synthetic/synthetic-node';
import { caseOf } from '../../synthetic/case-of';
import { analyse } from '../engine';
import { planNode } from '../../synthetic/node-plan';
import { having } from '../testing/one-rule';
import { cited, runRule } from '../testing/run-rule';
import { rule as drops } from './cnt-drops';
import { rule as tcp } from './cnt-tcp';

const complete = syntheticNode({ mode: 'overlay' });
/** Without the counters of adapters, which are two samples already. */
const healthy = without(complete, 'adapterstatistics.txt', 'adapterstatistics-2.txt');
const port = planNode({ mode: 'overlay' }).pods[0]?.portGuid ?? '';

/** As HNS answers, through ConvertTo-Json. */
const endpointStats = {
  endpoints: planNode({ mode: 'overlay' }).pods,
  text: (
    ...all: readonly (readonly [
      id: string,
      received: number,
      sent: number,
      into: number,
      out: number,
    ])[]
  ): string =>
    `${JSON.stringify(
      all.map(([EndpointId, PacketsReceived, PacketsSent, into, out]) => ({
        BytesReceived: 1,
        BytesSent: 1,
        DroppedPacketsIncoming: into,
        DroppedPacketsOutgoing: out,
        EndpointId,
        InstanceId: '',
        PacketsReceived,
        PacketsSent,
      })),
      null,
      4,
    )}\n`,
};

const counters = (passed: number, dropped: number): string => `Microsoft Hyper-V Network Adapter
  Id Name                Counter   Direction    Packets      Bytes | Direction    Packets      Bytes
  -- ----                -------   ---------    -------      ----- | ---------    -------      -----
  65 TCPIP               Upper     Rx      ${passed}    101,080 | Tx               812     81,024
                         Drops     Rx      ${dropped}      4,296 | Tx                 0          0
`;
const samples = (
  first: readonly [number, number],
  second: readonly [number, number],
  folder = '',
): BundleTexts =>
  having(
    having(healthy, 'pktmon-counters.txt', counters(...first)),
    `${folder}pktmon-counters-2.txt`,
    counters(...second),
  );

describe('CNT-DROPS', () => {
  it('fires where drops rise between two samples, with both rows', () => {
    const bundle = samples([1000, 5], [4000, 405]);
    const { findings } = runRule(drops, bundle);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      severity: 'warning',
      title: 'Packets are being dropped at TCPIP (65)',
    });
    expect(findings[0]?.summary).toContain('400 packets were dropped there, and 3000 passed');
    expect(cited(bundle, findings[0])).toHaveLength(2);
  });

  it('fires where an adapter discards packets, and is quiet while it does not', () => {
    expect(runRule(drops, complete).check.status).toBe('passed');
    const discards = edit(complete, 'adapterstatistics-2.txt', (text) =>
      text.replace(/(ReceivedDiscardedPackets +): 0/, '$1: 700'),
    );
    const { findings } = runRule(drops, discards);
    expect(findings).toMatchObject([
      { title: expect.stringContaining('adapter vEthernet (Ethernet0)') as string },
    ]);
    expect(findings[0]?.summary).toContain('700 packets were dropped');
    expect(findings[0]?.evidence.map(({ file }) => file)).toEqual([
      'adapterstatistics-2.txt',
      'adapterstatistics.txt',
    ]);
  });

  it('is quiet for few drops, a small share, old drops and counters that were set back', () => {
    for (const [first, second] of [
      [
        [1000, 5],
        [4000, 60],
      ],
      [
        [1000, 5],
        [90_000, 205],
      ],
      [
        [1000, 5000],
        [4000, 5000],
      ],
      [
        [5000, 5],
        [4000, 405],
      ],
    ] as const)
      expect(runRule(drops, samples(first, second)).check.status).toBe('passed');
  });

  it('is not checked with one sample, or samples of two folders', () => {
    expect(runRule(drops, healthy).check.status).toBe('not-checked');
    const one = having(healthy, 'pktmon-counters.txt', counters(1000, 500));
    expect(runRule(drops, one).check.status).toBe('not-checked');
    expect(runRule(drops, samples([0, 0], [4000, 405], 'later/')).check.status).toBe('not-checked');
  });

  it('reads what HNS counted at its endpoints, and names the endpoint', () => {
    const { endpoints, text } = endpointStats;
    const [first] = endpoints;
    const bundle = (droppedIn: number, received: number): BundleTexts =>
      having(
        having(healthy, 'endpointstats.txt', text([first?.endpointId ?? '', 1000, 900, 3, 0])),
        'endpointstats-2.txt',
        text([first?.endpointId ?? '', received, 1200, droppedIn, 2]),
      );
    const { findings } = runRule(drops, bundle(303, 3000));
    expect(findings).toHaveLength(1);
    expect(findings[0]?.title).toBe(`Packets are being dropped at endpoint ${first?.ip}`);
    expect(findings[0]?.summary).toContain(
      '302 packets were dropped there, and 2300 passed (300 on the way in, 2 on the way out)',
    );
    expect(findings[0]?.entities.map(({ kind }) => kind)).toContain('endpoint');
    expect(cited(bundle(303, 3000), findings[0])).toHaveLength(2);
    // Few drops, a small share, and counters that were set back.
    for (const [droppedIn, received] of [
      [90, 3000],
      [303, 90_000],
      [303, 500],
    ] as const)
      expect(runRule(drops, bundle(droppedIn, received)).check.status).toBe('passed');
    // One sample, and the second of another folder.
    const one = having(healthy, 'endpointstats.txt', text([first?.endpointId ?? '', 1, 1, 900, 0]));
    expect(runRule(drops, one).check.status).toBe('not-checked');
    const elsewhere = having(one, 'later/endpointstats-2.txt', text(['x', 9, 9, 9000, 0]));
    expect(runRule(drops, elsewhere).check.status).toBe('not-checked');
  });

  it('reads the ports of an earlier collection of the node as the first sample', () => {
    const later = (dropped: number): BundleTexts =>
      withCounters(healthy, [`Total packets : 9000`, `Ingress packet drop : ${dropped}`]);
    const earlier = withCounters(healthy, ['Total packets : 1000', 'Ingress packet drop : 10']);
    const { check, findings } = runBoth(earlier, later(900));
    expect(check.status).toBe('fired');
    expect(findings[0]?.summary).toContain('890 packets were dropped there, and 8000 passed');
    expect(runBoth(earlier, later(30)).check.status).toBe('passed');
  });
});

/** The second collection of the node, with the first before it. */
function runBoth(first: BundleTexts, second: BundleTexts) {
  const { findings, checks } = analyseBoth(first, second);
  const check = checks.at(-1);
  if (check === undefined) throw new Error('nothing ran');
  return { check, findings };
}

function analyseBoth(first: BundleTexts, second: BundleTexts) {
  return analyse(caseOf(first, second), [drops]);
}

function withCounters(bundle: BundleTexts, rows: readonly string[]): BundleTexts {
  const text = `\nGet-port-counter for port: ${port}\n\nDirection - OUT\n  ${rows.join('\n  ')}\n\nCommand get-port-counter succeeded!\n`;
  return edit(bundle, 'ports.txt', (before) => before + text);
}

describe('CNT-TCP', () => {
  const counted = (out: readonly string[], into: readonly string[]): BundleTexts =>
    edit(
      healthy,
      'ports.txt',
      (before) =>
        `${before}\nGet-port-counter for port: ${port}\n\nDirection - OUT\n  ${out.join('\n  ')}\nDirection - IN\n  ${into.join('\n  ')}\n\nCommand get-port-counter succeeded!\n`,
    );

  it('fires where SYN packets get no answer', () => {
    const bundle = counted(['SYN packets : 400', 'SYN-ACK packets : 0'], ['SYN-ACK packets : 200']);
    const { findings } = runRule(tcp, bundle);
    expect(findings).toMatchObject([
      { severity: 'warning', title: expect.stringContaining('get no answer') as string },
    ]);
    expect(cited(bundle, findings[0]).join('\n')).toContain('SYN packets : 400');
  });

  it('fires where half-open connections time out', () => {
    const bundle = counted(
      ['SYN packets : 400', 'TCP Half Open Timeouts : 60'],
      ['SYN-ACK packets : 390'],
    );
    expect(runRule(tcp, bundle).check.status).toBe('fired');
  });

  it('tells of resets as an information', () => {
    const bundle = counted(['SYN packets : 400'], ['SYN-ACK packets : 399', 'RST packets : 90']);
    expect(runRule(tcp, bundle).findings).toMatchObject([{ severity: 'info' }]);
  });

  it('is quiet where connections are answered, few, or SYN-ACK may count as SYN', () => {
    for (const bundle of [
      counted(['SYN packets : 400'], ['SYN-ACK packets : 390', 'RST packets : 20']),
      counted(['SYN packets : 40'], ['SYN-ACK packets : 0']),
      counted(['SYN packets : 900', 'SYN-ACK packets : 800'], ['SYN-ACK packets : 98']),
    ])
      expect(runRule(tcp, bundle).check.status).toBe('passed');
  });

  it('is not checked without counters', () => {
    expect(runRule(tcp, healthy).check.status).toBe('not-checked');
  });
});
