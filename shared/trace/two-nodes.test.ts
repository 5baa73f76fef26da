import { describe, expect, it } from 'vitest';
import { caseOf } from '../synthetic/case-of';
import { planCluster, type NodePlan } from '../synthetic/node-plan';
import { bundleOf, edit, without, type BundleTexts } from '../synthetic/synthetic-node';
import { allSteps, endsOf, rulesOf, textAt, traceOf, wayOf } from './testing/nodes';

describe.each(['l2bridge', 'overlay'] as const)('two nodes of an %s cluster', (mode) => {
  const plans = planCluster({ mode });
  const [here, there] = plans;
  const from = here?.pods[0]?.ip ?? '';
  const to = `${there?.pods[0]?.ip ?? ''}:80`;
  const opened = (change: (bundle: BundleTexts, plan: NodePlan) => BundleTexts = (b) => b) =>
    caseOf(...plans.map((plan) => change(bundleOf(plan), plan)));

  it("the packet goes on in the peer's bundle to its pod, and the answer comes back the same way", () => {
    const node = opened();
    const trace = traceOf({ from, to }, node);
    expect(endsOf(trace)).toEqual(['delivered']);
    const steps = wayOf(trace);
    expect(new Set(steps.map((s) => s.place.node))).toEqual(
      new Set([here?.node.name, there?.node.name]),
    );
    expect(steps.some((s) => s.kind === 'decap')).toBe(mode === 'overlay');
    expect(rulesOf(steps).at(-1)).toMatchObject({ direction: 'IN', layer: 'ACL_ENDPOINT_LAYER' });
    expect(trace.branches[0]?.reply?.status).toBe('symmetric');
    for (const step of rulesOf(allSteps(trace)))
      expect(step.evidence[0] && textAt(node, step.evidence[0])).toContain(step.rule.name);
  });

  it('a peer without the pod: no endpoint', () => {
    const gone = `${there?.node.podCidr.replace('0/24', '200') ?? ''}:80`;
    expect(endsOf(traceOf({ from, to: gone }, opened()))).toEqual(['no-endpoint']);
  });

  it('a peer that does not know the way back loses the answer', () => {
    const back = here?.node.podCidr.replace('/24', '') ?? '';
    const node = opened((bundle, plan) =>
      plan.node.name !== there?.node.name
        ? bundle
        : mode === 'l2bridge'
          ? edit(bundle, 'routes.txt', (text) =>
              text
                .split('\n')
                .filter((line) => !line.includes(back))
                .join('\n'),
            )
          : edit(bundle, 'vfpOutput.txt', (text) =>
              text.replace(
                new RegExp(`Destination IP : ${back.replaceAll('.', '\\.')}-[\\d.]+`, 'g'),
                'Destination IP : 10.9.9.0-10.9.9.255',
              ),
            ),
    );
    const trace = traceOf({ from, to }, node);
    expect(trace.branches[0]?.reply?.status).toBe('lost');
    expect(endsOf(trace)).toEqual(['no-route']);
  });

  it('traces what arrives from the peer alone', () => {
    const node = caseOf(...plans.slice(1, 2).map(bundleOf));
    const trace = traceOf({ from, to, direction: 'in' }, node);
    expect(trace.steps[0]?.text).toContain('comes from the wire');
    expect(endsOf(trace)).toEqual(['delivered']);
  });
});

describe('routes of two nodes that point at each other', () => {
  it('loop', () => {
    const [here, there] = planCluster({ mode: 'l2bridge' });
    const bundles = [here, there].flatMap((plan, i) => {
      const other = [here, there][1 - i];
      if (plan === undefined || other === undefined) return [];
      // The route to the third node's pods leads to the other of these two.
      return [
        edit(bundleOf(plan), 'routes.txt', (text) =>
          text
            .split('\n')
            .map((line) =>
              /\b10\.244\.0\.0\b/.test(line)
                ? line.replace('10.127.130.37', other.node.ip.padEnd(13))
                : line,
            )
            .join('\n'),
        ),
      ];
    });
    const trace = traceOf(
      { from: here?.pods[0]?.ip ?? '', to: '10.244.0.3:53' },
      caseOf(...bundles),
    );
    expect(endsOf(trace)).toEqual(['looped']);
  });
});

describe('a packet from outside', () => {
  const [plan] = planCluster({ mode: 'l2bridge' });
  const node = caseOf(...(plan === undefined ? [] : [bundleOf(plan)]));

  it('to a pod is delivered', () => {
    const trace = traceOf({ from: '10.127.130.37', to: `${plan?.pods[0]?.ip ?? ''}:80` }, node);
    expect(endsOf(trace)).toEqual(['delivered']);
    expect(trace.branches[0]?.reply).toMatchObject({ status: 'symmetric' });
    expect(trace.branches[0]?.reply?.text).toMatch(/^The answer leaves .* as the packet came/);
  });
});

describe('nodes with direct server return and other schemas', () => {
  it.each([
    { mode: 'l2bridge', dsr: true },
    { mode: 'overlay', dsr: true },
    { mode: 'l2bridge', schema: 2 },
    { mode: 'overlay', schema: 1 },
  ] as const)('%j: a service is reached on every way', (options) => {
    const opened = caseOf(...planCluster(options).map(bundleOf));
    const trace = traceOf(
      {
        from:
          opened.nodes[0]?.snapshots[0]?.endpoints.find(
            (e) => e.mac !== undefined && e.policies.some((p) => p.kind === 'outbound-nat'),
          )?.ipAddresses[0] ?? '',
        to: 'default/win-webserver',
      },
      opened,
    );
    expect(trace.branches.length).toBeGreaterThan(3);
    expect(
      trace.branches
        .map((b) => [b.disposition.text, b.reply?.status, b.reply?.text])
        .filter(([, status]) => status !== 'symmetric'),
    ).toEqual([]);
    expect(trace.delivered).toBe(true);
  });
});

it('a tunnel to a node that nothing names asks for the nodes of the cluster', () => {
  const [here, there] = planCluster({ mode: 'overlay' });
  if (here === undefined || there === undefined) throw new Error('no plan');
  const question = { from: here.pods[0]?.ip ?? '', to: `${there.pods[0]?.ip ?? ''}:80` };
  const end = traceOf(question, caseOf(without(bundleOf(here), 'nodes.json'))).branches[0]
    ?.disposition;
  expect(end?.kind).toBe('encapsulated-to-peer');
  expect(end?.missing.map(({ command }) => command)).toEqual(['kubectl get nodes -o json']);
});
