import { describe, expect, it } from 'vitest';
import { caseOf } from '../synthetic/case-of';
import { planNode } from '../synthetic/node-plan';
import { bundleOf } from '../synthetic/synthetic-node';
import { endsOf, namesOf, rulesOf, textAt, allSteps, traceOf, wayOf } from './testing/nodes';

/** The flows of the article on healthy nodes: how each ends, and which rules decide it. */
describe.each(['l2bridge', 'overlay'] as const)('a healthy %s node', (mode) => {
  const plan = planNode({ mode });
  const opened = caseOf(bundleOf(plan));
  const overlay = mode === 'overlay';
  const [web, , client] = plan.pods;
  const remote = plan.remotePods.find((p) => p.app === 'win-webserver');
  const from = client?.ip ?? '';

  it('pod to pod on the same node: by the switch, no address changes', () => {
    const trace = traceOf({ from, to: `${web?.ip ?? ''}:80` }, opened);
    expect(endsOf(trace)).toEqual(['delivered']);
    expect(trace.branches[0]?.end).toMatchObject({
      sourceIp: client?.ip,
      destinationIp: web?.ip,
      encap: [],
    });
    const names = namesOf(wayOf(trace));
    expect(names[0]).toBe('ACL_ENDPOINT_LAYER ACL_Allow_OUT');
    expect(names[1]).toMatch(/^SLB_NAT_LAYER EXCEPTIONS_OUTBOUNDNAT_.*10\.244\.0\.0$/);
    // Inbound the layers come in reverse: the filter of the receiver is the last.
    expect(names.at(-1)).toBe('ACL_ENDPOINT_LAYER ACL_Allow_IN');
    expect(trace.branches[0]?.reply?.status).toBe('symmetric');
  });

  it('pod to a pod of another node: by the route and the MAC rewrite, or in the tunnel', () => {
    const trace = traceOf({ from, to: `${remote?.ip ?? ''}:80` }, opened);
    const steps = wayOf(trace);
    const peer = plan.peers.find((p) => p.name === remote?.node);
    if (overlay) {
      expect(endsOf(trace)).toEqual(['encapsulated-to-peer']);
      const encap = rulesOf(steps).find(({ rule }) => rule.type === 'routeencap');
      expect(encap?.after.encap).toEqual([
        { kind: 'vxlan', sourceIp: plan.node.ip, destinationIp: peer?.ip, vni: plan.vni },
      ]);
      expect(encap?.after.destinationMac).toBe(peer?.drMac.toLowerCase());
    } else {
      expect(endsOf(trace)).toEqual(['delivered']);
      expect(steps.find((s) => s.place.column === 'host')?.text).toBe(
        `route ${peer?.podCidr ?? ''} leads to ${peer?.ip ?? ''}`,
      );
      const rewrite = rulesOf(steps).find(({ rule }) => rule.type === 'transposition');
      expect(rewrite).toMatchObject({ direction: 'IN', layer: 'EXTERNAL_L2_REWRITE_LAYER' });
      expect(rewrite?.before.sourceMac).toBe(client?.mac.toLowerCase());
      expect(rewrite?.after.sourceMac).toBe(plan.node.hostMac.toLowerCase());
    }
    expect(trace.branches[0]?.reply?.text).toContain(peer?.name);
  });

  it("pod to the internet: with the node's address, out of the pod's port range", () => {
    const trace = traceOf({ from, to: '8.8.8.8:443' }, opened);
    expect(endsOf(trace)).toEqual(['delivered-after-nat']);
    const nat = rulesOf(wayOf(trace)).find(({ rule }) => rule.type === 'dynnat');
    expect(nat?.after).toMatchObject({ sourceIp: plan.node.ip, sourcePort: undefined });
    expect(nat?.text).toMatch(/a port out of \d+ - \d+/);
    expect(trace.branches[0]?.end?.sourceIp).toBe(plan.node.ip);
  });

  it('pod to a service: a branch for each backend', () => {
    const trace = traceOf({ from, to: 'default/win-webserver' }, opened);
    const lb = plan.loadBalancers.find((l) => l.vip === '10.102.220.146');
    expect(trace.branches.map((b) => b.choices.map(({ text }) => text))).toEqual(
      lb?.dips.map(({ ip, port }) => [`${ip}:${port}`]),
    );
    expect(trace.delivered).toBe(true);
    expect(trace.branches[0]?.reply?.text).toContain('translates it back');
  });

  it('pod to a NodePort of its own node', () => {
    const trace = traceOf({ from, to: `${plan.node.ip}:31486` }, opened);
    expect(trace.branches).toHaveLength(4);
    expect(trace.delivered).toBe(true);
  });

  it('pod to the cluster DNS: by UDP to either of two pods', () => {
    const trace = traceOf({ from, to: 'kube-dns.kube-system.svc.cluster.local:dns' }, opened);
    expect(trace.header).toMatchObject({ destinationIp: plan.dnsVip, protocol: 17 });
    expect(new Set(endsOf(trace))).toEqual(
      new Set([overlay ? 'encapsulated-to-peer' : 'delivered-after-nat']),
    );
    const balancing = rulesOf(wayOf(trace)).find(({ rule }) => rule.type === 'lbnat');
    expect(balancing?.runnersUp.map(({ why }) => why)).toContain(
      'does not match: Protocols : 6, the packet has 17',
    );
  });

  it('pod to the API server, which is no pod: the answer finds back', () => {
    const trace = traceOf({ from, to: 'default/kubernetes' }, opened);
    expect(trace.delivered).toBe(true);
    const sourceIp = overlay ? plan.node.ip : client?.ip;
    expect(trace.branches[0]?.end).toMatchObject({ destinationIp: '10.127.130.37', sourceIp });
  });

  it('the node itself to a pod and to a service', () => {
    expect(endsOf(traceOf({ from: plan.node.ip, to: `${web?.ip ?? ''}:80` }, opened))).toEqual([
      'delivered',
    ]);
    const service = traceOf({ from: plan.node.name, to: 'win-webserver' }, opened);
    expect(service.branches).toHaveLength(4);
    expect(service.delivered).toBe(true);
  });

  it('every step of a rule points to text that has the rule', () => {
    const questions = [
      { from, to: `${remote?.ip ?? ''}:80` },
      { from, to: '8.8.8.8:443' },
      { from, to: 'win-webserver' },
    ];
    const steps = questions.flatMap((q) => rulesOf(allSteps(traceOf(q, opened))));
    expect(steps.length).toBeGreaterThan(10);
    for (const { rule, evidence, runnersUp } of steps) {
      const [own] = evidence;
      expect(own && textAt(opened, own)).toContain(rule.name);
      for (const other of runnersUp) expect(textAt(opened, other.evidence)).toContain(other.name);
    }
  });

  it('says what it rests on', () => {
    const ids = traceOf({ from, to: '8.8.8.8:443' }, opened).assumptions.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['layer-order', 'host-routes', 'new-flow']));
  });
});
