import { describe, expect, it } from 'vitest';
import { caseOf } from '../synthetic/case-of';
import { planCluster, planNode } from '../synthetic/node-plan';
import { scenario } from '../synthetic/scenarios';
import { bundleOf } from '../synthetic/synthetic-node';
import { storyboard, type Moment, type Storyboard } from './storyboard';
import { textAt, traceOf } from './testing/nodes';
import { walkThroughs } from './walk-throughs';
import type { Case } from '../snapshot/node-snapshot';
import type { FlowQuestion } from './flow';

function told(question: FlowQuestion, opened: Case, branch = 0): Storyboard {
  const story = storyboard(traceOf(question, opened), branch);
  if (story === undefined) throw new Error('nothing is told');
  return story;
}

const sentences = (moments: readonly Moment[]): readonly string[] =>
  moments.map(({ sentence }) => sentence);

describe.each(['l2bridge', 'overlay'] as const)('walk-throughs of a healthy %s node', (mode) => {
  const opened = caseOf(bundleOf(planNode({ mode })));
  const all = walkThroughs(opened);

  it('has one of each kind, and each works', () => {
    expect(all.map(({ kind }) => kind)).toEqual([
      'pod-same-node',
      'pod-other-node',
      'internet',
      'service',
      'node-port',
      'node-port-outside',
      'dns',
    ]);
    for (const { working, broken, none } of all) {
      expect(working?.arrives).toBe(true);
      expect(broken).toBeUndefined();
      expect(none).toBeUndefined();
    }
  });

  it.each(all.map((each) => [each.kind, each] as const))(
    '%s: is told from its sender to the end in whole sentences, each with its place',
    (kind, { working }) => {
      const { moments, columns, ending } = told(working?.question ?? { from: '', to: '' }, opened);
      expect(ending.arrived).toBe(true);
      expect(moments[0]?.place.column).toBe(kind === 'node-port-outside' ? 'wire' : 'compartment');
      for (const { sentence, column, isBreak, place } of moments) {
        expect(sentence).toMatch(/[.!?]$/);
        expect(columns[column]?.node).toBeDefined();
        expect(columns[column]?.column).toBe(place.column);
        expect(isBreak).toBe(false);
      }
      // The packet is the same from one moment to the next; the answer begins a new one.
      moments.forEach(({ before, reply }, i) => {
        const earlier = moments[i - 1];
        if (earlier !== undefined && earlier.reply === reply) expect(before).toEqual(earlier.after);
      });
    },
  );

  it('to the internet: the moment of the translation shows what changes and the rule that does it', () => {
    const { moments } = told({ from: 'win-client', to: '8.8.8.8:443' }, opened);
    const nat = moments.find(({ sentence }) => sentence.includes('SNAT_TCP'));
    expect(nat?.changes).toContainEqual(
      expect.objectContaining({ field: 'sourceIp', to: nat?.after.sourceIp }),
    );
    expect(nat?.evidence[0] && textAt(opened, nat.evidence[0])).toContain('SNAT_TCP_OUTBOUNDNAT');
  });

  it('to another node: in a tunnel on overlay, with the MAC of the node on l2bridge', () => {
    const question = all.find(({ kind }) => kind === 'pod-other-node')?.working?.question;
    const { moments } = told(question ?? { from: '', to: '' }, opened);
    expect(moments.some(({ tunnel }) => tunnel === 'put-on')).toBe(mode === 'overlay');
    if (mode === 'l2bridge')
      expect(
        moments.some(({ place, changes }) => place.column === 'external' && changes.length > 0),
      ).toBe(true);
  });
});

describe('two nodes', () => {
  it('the tunnel is taken off at the peer, the pod there answers, and the answer is told too', () => {
    const plans = planCluster({ mode: 'overlay' });
    const opened = caseOf(...plans.map(bundleOf));
    const from = plans[0]?.pods[0]?.ip ?? '';
    const { moments, columns } = told({ from, to: `${plans[1]?.pods[0]?.ip ?? ''}:80` }, opened);
    const forth = moments.filter(({ reply }) => !reply);
    expect(forth.map(({ tunnel }) => tunnel).filter((t) => t !== undefined)).toEqual([
      'put-on',
      'taken-off',
    ]);
    expect(new Set(columns.map(({ node }) => node)).size).toBe(2);
    expect(columns.filter(({ column }) => column === 'wire')).toHaveLength(1);
    const back = moments.filter(({ reply }) => reply);
    expect(back[0]?.before.destinationIp).toBe(from);
    expect(sentences(back).at(-1)).toMatch(/^The answer comes back the same way/);
  });
});

describe('a broken flow stops where it breaks, and says why', () => {
  it.each([
    ['broken-inter-node-l2bridge', 'pod-other-node', 'host', 'The host has no route to'],
    ['broken-inter-node-overlay', 'pod-other-node', 'external', 'the router of'],
    ['broken-outbound-l2bridge', 'internet', 'wire', 'exempts it from NAT'],
    ['broken-outbound-overlay', 'internet', 'wire', 'HNS has an OutBoundNAT policy'],
    ['broken-services-overlay', 'service', 'port', 'an endpoint that HNS does not list'],
    ['broken-dns-l2bridge', 'dns', 'port', 'is an address of service kube-system/kube-dns'],
    ['broken-dns-overlay', 'dns', 'external', 'No pod has'],
  ] as const)('%s', (id, kind, column, why) => {
    const opened = caseOf(scenario(id).bundle());
    const flow = walkThroughs(opened).find((each) => each.kind === kind)?.broken;
    if (flow === undefined) throw new Error('no broken flow was picked');
    expect(flow.reason).toContain(why);
    const { moments, ending } = told(flow.question, opened, flow.branch);
    expect(ending).toMatchObject({ arrived: false, text: flow.reason });
    const breaks = moments.filter(({ isBreak }) => isBreak);
    expect(breaks).toHaveLength(1);
    expect(moments.at(-1)).toBe(breaks[0]);
    expect(breaks[0]?.sentence).toContain(why);
    expect(breaks[0]?.place.column).toBe(column);
    if (column !== 'wire') expect(breaks[0]?.evidence.length).toBeGreaterThan(0);
  });

  it('an answer that is lost breaks on the way back', () => {
    const plans = planCluster({ mode: 'l2bridge' });
    const [here, there] = plans;
    const back = here?.node.podCidr.replace('/24', '') ?? '';
    const opened = caseOf(
      ...plans.map((plan) => {
        const bundle = new Map(bundleOf(plan));
        if (plan === there)
          bundle.set(
            'routes.txt',
            (bundle.get('routes.txt') ?? '')
              .split('\n')
              .filter((line) => !line.includes(back))
              .join('\n'),
          );
        return bundle;
      }),
    );
    const question = { from: here?.pods[0]?.ip ?? '', to: `${there?.pods[0]?.ip ?? ''}:80` };
    const { moments } = told(question, opened);
    const [at] = moments.filter(({ isBreak }) => isBreak);
    expect(at).toMatchObject({ reply: true });
    expect(at?.sentence).toContain('The answer:');
  });
});

it('a node without other pods says why nothing can be shown', () => {
  const opened = caseOf(scenario('broken-start-l2bridge').bundle());
  expect(walkThroughs(opened).find(({ kind }) => kind === 'pod-same-node')).toMatchObject({
    working: undefined,
    broken: undefined,
    none: 'The node has fewer than two pods with an address.',
  });
});
