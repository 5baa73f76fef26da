import { describe, expect, it } from 'vitest';
import { planNode } from '../../synthetic/node-plan';
import { bundleOf, without, type BundleTexts } from '../../synthetic/synthetic-node';
import { having } from '../testing/one-rule';
import { cited, runRule } from '../testing/run-rule';
import { rule } from './cap-drop-policy';

/* CAP-DROP-POLICY by what the Windows Filtering Platform recorded itself. */

const plan = planNode({ mode: 'l2bridge' });
const healthy = bundleOf(plan);
const pod = plan.pods[0]?.ip ?? '';

interface Dropped {
  readonly direction?: 'IN' | 'OUT' | 'FORWARD';
  readonly local?: string;
  readonly remote?: string;
  readonly port?: number;
  readonly times?: number;
  readonly loopback?: boolean;
}

const events = (...drops: readonly Dropped[]): BundleTexts => {
  const items = drops.flatMap(
    ({
      direction = 'OUT',
      local = pod,
      remote = '203.0.113.80',
      port = 443,
      times = 5,
      loopback = false,
    }) =>
      Array.from({ length: times }, (_, n) =>
        [
          '<item><header><ipProtocol>6</ipProtocol>',
          `<localAddrV4>${local}</localAddrV4>`,
          `<remoteAddrV4>${remote}</remoteAddrV4>`,
          `<localPort>${direction === 'IN' ? port : 50_000 + n}</localPort>`,
          `<remotePort>${direction === 'IN' ? 50_000 + n : port}</remotePort></header>`,
          '<type>FWPM_NET_EVENT_TYPE_CLASSIFY_DROP</type>',
          `<classifyDrop><filterId>68893</filterId><msFwpDirection>MS_FWP_DIRECTION_${direction}</msFwpDirection><isLoopback>${loopback}</isLoopback></classifyDrop></item>`,
        ].join('\n'),
      ),
  );
  const text = `<netEvents numItems="${items.length}">\n${items.join('\n')}\n</netEvents>\n`;
  return having(healthy, 'wfp/netevents.xml', text);
};

describe('CAP-DROP-POLICY', () => {
  it('fires for packets of pods that a Windows filter drops, and names the filter', () => {
    const bundle = events({});
    const { findings } = runRule(rule, bundle);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      severity: 'warning',
      title: `A Windows filter drops packets of pods: ${pod} to 203.0.113.80:443`,
    });
    expect(findings[0]?.summary).toContain('5 packets dropped');
    expect(findings[0]?.remedy[0]?.text).toContain('filter 68893');
    expect(cited(bundle, findings[0])[0]).toContain(`<localAddrV4>${pod}</localAddrV4>`);
  });

  it('what comes in is an information: a port without a listener drops, too', () => {
    const { findings } = runRule(rule, events({ direction: 'IN', port: 8080, times: 12 }));
    expect(findings.map(({ severity, title }) => [severity, title])).toEqual([
      ['info', `Packets to pods are dropped by a Windows filter: 203.0.113.80 to ${pod}:8080`],
    ]);
  });

  it.each([
    ['a few tries', { times: 2 }],
    ['some packets to a port without a listener', { direction: 'IN', times: 9 }],
    ['the traffic of the host', { local: plan.node.ip }],
    ['loopback', { loopback: true }],
    ['packets to a group', { remote: '224.0.0.251' }],
    ['broadcasts', { remote: '255.255.255.255' }],
  ] as const)('is quiet about %s', (_, drop) => {
    const { check } = runRule(rule, events(drop));
    expect(check).toMatchObject({ status: 'passed' });
    expect(check.reason).toContain('too few to mean anything');
  });

  it('is not checked without events and log, nor where nothing tells which addresses are pods', () => {
    expect(runRule(rule, healthy).check.status).toBe('not-checked');
    const events1 = events({}).get('wfp/netevents.xml') ?? '';
    const alone = new Map([['wfp/netevents.xml', events1]]);
    expect(runRule(rule, alone).check.status).toBe('not-checked');
    expect(runRule(rule, without(events({}), 'wfp/netevents.xml')).check.status).toBe(
      'not-checked',
    );
  });
});
