import { describe, expect, it } from 'vitest';
import { caseOf } from '../synthetic/case-of';
import { scenario } from '../synthetic/scenarios';
import { edit, syntheticNode } from '../synthetic/synthetic-node';
import { endsOf, rulesOf, textAt, traceOf, wayOf } from './testing/nodes';

const opened = (id: string): ReturnType<typeof caseOf> => caseOf(scenario(id).bundle());

/** Each broken sample: the packet that its operator misses dies where the fault is. */
describe('broken nodes', () => {
  it('a missing host route: the default route does not lead to the peer', () => {
    const node = opened('broken-inter-node-l2bridge');
    const trace = traceOf({ from: 'win-client', to: '10.244.17.50:80' }, node);
    expect(endsOf(trace)).toEqual(['no-route']);
    const [end] = trace.branches;
    expect(end?.disposition.text).toContain('10.244.17.0/24');
    expect(end?.disposition.text).toContain('10.127.130.1, which is not that node');
    expect(end?.disposition.evidence[0]?.file).toBe('routes.txt');
    expect(endsOf(traceOf({ from: 'win-client', to: '10.244.18.49:80' }, node))).toEqual([
      'delivered',
    ]);
  });

  it("a stale router MAC: the peer drops the inner frame, and the rule's lines say which", () => {
    const node = opened('broken-inter-node-overlay');
    const trace = traceOf({ from: 'win-client', to: '10.244.2.50:80' }, node);
    expect(endsOf(trace)).toEqual(['no-endpoint']);
    expect(wayOf(trace).at(-1)?.kind).toBe('peer');
    const [disposition] = trace.branches.map((b) => b.disposition);
    expect(disposition?.text).toContain('the router of win-24elfepi8d9 has');
    const [where] = disposition?.evidence ?? [];
    expect(where && textAt(node, where)).toContain('REMOTESUBNETROUTE_ENCAP_');
  });

  it('the /0 exception: it leaves untranslated and the answer is lost', () => {
    const node = opened('broken-outbound-l2bridge');
    const trace = traceOf({ from: 'win-client', to: '8.8.8.8:443' }, node);
    expect(endsOf(trace)).toEqual(['no-route']);
    expect(trace.branches[0]?.disposition.text).toMatch(
      /rule EXCEPTIONS_OUTBOUNDNAT_\S+ exempts it from NAT/,
    );
    const [rule] = trace.branches[0]?.disposition.evidence ?? [];
    expect(rule && textAt(node, rule)).toContain('0.0.0.0-255.255.255.255');
    expect(traceOf({ from: 'win-client', to: 'win-webserver' }, node).delivered).toBe(true);
  });

  it('NAT rules not in VFP: the policy of HNS is named, other pods do get out', () => {
    const node = opened('broken-outbound-overlay');
    const trace = traceOf({ from: '10.244.3.29', to: '8.8.8.8:443' }, node);
    expect(endsOf(trace)).toEqual(['no-route']);
    expect(trace.branches[0]?.disposition.text).toContain('HNS has an OutBoundNAT policy');
    expect(endsOf(traceOf({ from: '10.244.3.30', to: '8.8.8.8:443' }, node))).toEqual([
      'delivered-after-nat',
    ]);
  });

  it('a DIP that one port lacks: three ways instead of four, and the fourth is named', () => {
    const node = opened('broken-services-l2bridge');
    const trace = traceOf({ from: '10.244.19.29', to: 'win-webserver' }, node);
    expect(trace.branches).toHaveLength(3);
    const balancing = rulesOf(wayOf(trace)).find(({ rule }) => rule.type === 'lbnat');
    expect(balancing?.remarks[0]).toContain('10.244.19.30');
    expect(traceOf({ from: '10.244.19.30', to: 'win-webserver' }, node).branches).toHaveLength(4);
  });

  it('an endpoint that is gone: one way of four ends at the load-balancing rule', () => {
    const node = opened('broken-services-overlay');
    const trace = traceOf({ from: 'win-client', to: 'win-webserver' }, node);
    expect(endsOf(trace).filter((kind) => kind === 'no-endpoint')).toHaveLength(1);
    expect(trace.branches).toHaveLength(4);
    const dead = trace.branches.findIndex((b) => b.disposition.kind === 'no-endpoint');
    expect(wayOf(trace, dead).at(-1)).toMatchObject({ kind: 'rule', layer: 'LB' });
    expect(trace.branches[dead]?.disposition.text).toContain('an endpoint that HNS does not list');
    expect(trace.delivered).toBe(false);
  });

  it('DNS without a UDP load balancer: nothing translates the address', () => {
    const node = opened('broken-dns-l2bridge');
    const trace = traceOf({ from: 'win-client', to: '10.96.0.10:53', protocol: 'udp' }, node);
    expect(endsOf(trace)).toEqual(['no-endpoint']);
    expect(trace.branches[0]?.disposition.text).toContain('kube-system/kube-dns');
    const passed = wayOf(trace).find((s) => s.kind === 'layer-default' && s.layer === 'LB');
    expect(passed?.kind === 'layer-default' && passed.runnersUp[0]?.why).toBe(
      'does not match: Protocols : 6, the packet has 17',
    );
    const tcp = traceOf({ from: 'win-client', to: '10.96.0.10:53', protocol: 'tcp' }, node);
    expect(tcp.delivered).toBe(true);
  });

  it('stale DNS backends: no pod has the address that balancing chose', () => {
    const node = opened('broken-dns-overlay');
    const trace = traceOf({ from: 'win-client', to: 'kube-dns:dns' }, node);
    expect(endsOf(trace)).toEqual(['no-endpoint', 'no-endpoint']);
    expect(trace.branches[0]?.disposition.text).toContain('10.244.0.5, 10.244.0.6');
    expect(
      traceOf({ from: 'win-client', to: '10.244.0.5:53', protocol: 'udp' }, node).delivered,
    ).toBe(true);
  });

  it('a pod that never started has no address to send from', () => {
    const node = opened('broken-start-l2bridge');
    const pods = node.cluster.pods.filter((p) => p.ips.length === 0);
    const trace = traceOf({ from: pods[0]?.name ?? '', to: '8.8.8.8:443' }, node);
    expect(endsOf(trace)).toEqual(['no-endpoint']);
    expect(trace.branches[0]?.disposition.text).toContain('has no address (ContainerCreating)');
  });
});

describe('what is not in the bundle', () => {
  const without = (...paths: string[]): ReturnType<typeof caseOf> => {
    const bundle = syntheticNode({ mode: 'l2bridge' });
    return caseOf(new Map([...bundle].filter(([path]) => !paths.includes(path))));
  };
  const end = (node: ReturnType<typeof caseOf>, to: string) =>
    traceOf({ from: '10.244.19.31', to }, node).branches[0]?.disposition;

  it('no VFP dump: the trace says what makes one', () => {
    const disposition = end(without('vfpOutput.txt'), '8.8.8.8:443');
    expect(disposition?.kind).toBe('insufficient-information');
    expect(disposition?.missing[0]?.command).toContain('vfpctrl');
  });

  it('no routes: where it leaves the node is not guessed', () => {
    const disposition = end(without('routes.txt'), '10.244.17.50:80');
    expect(disposition?.kind).toBe('insufficient-information');
    expect(disposition?.missing[0]?.command).toContain('Get-NetRoute');
  });

  it('a Linux peer: nothing is asked for that could not be added', () => {
    const linux = end(without(), '10.244.0.3:53');
    expect(linux).toMatchObject({ kind: 'delivered', missing: [] });
    expect(linux?.text).toContain('that Linux node is not traced');
    expect(end(without(), '10.244.17.50:80')?.missing).toHaveLength(1);
  });

  it('part of the rules of a port is not taken for all of them', () => {
    const bundle = edit(syntheticNode({ mode: 'l2bridge' }), 'vfpOutput.txt', (text) =>
      text.replaceAll('Command list-rule succeeded!', ''),
    );
    const disposition = end(caseOf(bundle), '8.8.8.8:443');
    expect(disposition?.kind).toBe('insufficient-information');
    expect(disposition?.text).toContain('not all of them');
  });
});
