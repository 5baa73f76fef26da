import { describe, expect, it } from 'vitest';
import { traceView as schema } from '../../ipc/trace-schemas';
import { caseOf } from '../../synthetic/case-of';
import { planNode } from '../../synthetic/node-plan';
import { bundleOf, syntheticNode, without } from '../../synthetic/synthetic-node';
import type { FlowQuestion } from '../../trace/flow';
import type { Depth } from '../../trace/render-text';
import { rule, withLayer } from '../../trace/testing/nodes';
import { tracePacket } from '../../trace/trace';
import { traceView } from './trace-view';

const plan = planNode({ mode: 'l2bridge' });
const opened = caseOf(bundleOf(plan));
const [pod, other] = plan.pods;

const view = (question: FlowQuestion, depth: Depth = 'summary', way: number | null = null) => {
  const result = tracePacket(question, opened);
  if (result.kind === 'problem') throw new Error(result.text);
  const shown = traceView(
    opened,
    result.trace,
    { depth, way, reply: true },
    { milliseconds: 2, pinned: false },
  );
  return schema.parse(structuredClone(shown));
};

describe('a trace in columns', () => {
  it('reads as the packet goes: pod, its port, switch, the other port', () => {
    const { columns, end } = view({ from: pod?.ip ?? '', to: `${other?.ip ?? ''}:80` });
    expect(columns.map(({ kind }) => kind)).toEqual(['compartment', 'port', 'switch', 'port']);
    expect(columns[1]?.title).toMatch(/^VFP port [0-9a-f]{8} · OUT$/);
    expect(columns[3]?.title).toMatch(/ · IN$/);
    expect(end).toMatchObject({ tone: 'ok', title: 'Delivered' });
  });

  it('marks what a stop changed, and nothing else', () => {
    const { columns } = view({ from: pod?.ip ?? '', to: '203.0.113.10:443' });
    const stops = columns.flatMap((column) => column.stops);
    const nat = stops.find(({ action }) => action === 'dynnat');
    expect(nat?.header.map(({ label }) => label)).toEqual(['from']);
    expect(nat).toMatchObject({ look: 'rewrites', header: [{ changed: true }] });
    const first = stops[0]?.header ?? [];
    expect(first.map(({ label }) => label)).toEqual(['from', 'to', 'MAC']);
    expect(first.some(({ changed }) => changed)).toBe(false);
  });

  it('shows less the shallower, and every stop leads to its lines', () => {
    const question = { from: pod?.ip ?? '', to: '203.0.113.10:443' };
    const counts = (['minimal', 'summary', 'full'] as const).map(
      (depth) => view(question, depth).columns.flatMap(({ stops }) => stops).length,
    );
    expect(counts[0]).toBeLessThan(counts[1] ?? 0);
    expect(counts[1]).toBeLessThanOrEqual(counts[2] ?? 0);
    for (const { stops } of view(question, 'full').columns)
      for (const { kind, evidence } of stops)
        if (kind === 'rule') expect(evidence.length).toBeGreaterThan(0);
  });

  it('counts the rules that were weighed', () => {
    const { cost } = view({ from: pod?.ip ?? '', to: '203.0.113.10:443' });
    expect(cost.matched).toBeGreaterThan(2);
    expect(cost.considered).toBeGreaterThanOrEqual(cost.matched);
  });
});

it('the first way that is lost is shown, and the one that was asked for', () => {
  const service = plan.services.find(({ name }) => name === 'win-webserver');
  const question = { from: pod?.ip ?? '', to: `${service?.clusterIp ?? ''}:80` };
  const { ways, way } = view(question);
  expect(ways.length).toBeGreaterThan(1);
  expect(way).toBe(
    Math.max(
      0,
      ways.findIndex(({ tone }) => tone !== 'ok'),
    ),
  );
  expect(view(question, 'summary', 1).way).toBe(1);
  expect(view(question, 'summary', 999).way).toBe(ways.length - 1);
});

it('without VFP it says what is missing, and marks nothing as dropped', () => {
  const bare = caseOf(without(bundleOf(plan), 'vfpOutput.txt'));
  const result = tracePacket({ from: pod?.ip ?? '', to: `${other?.ip ?? ''}:80` }, bare);
  if (result.kind === 'problem') throw new Error(result.text);
  const { tone, end, columns } = traceView(
    bare,
    result.trace,
    { depth: 'summary', way: null, reply: false },
    { milliseconds: 0, pinned: false },
  );
  expect(tone).toBe('not-checked');
  expect(columns.at(-1)?.stops.at(-1)?.look).toBe('open');
  expect(end.missing[0]?.command).toMatch(/vfpctrl/);
});

describe('shapes that a node may have', () => {
  it('twelve ways: a line for each, one in full', () => {
    const dips = Array.from({ length: 12 }, (_, at) => `10.244.77.${at + 1}`);
    const { plan: changed, opened: many } = withLayer({
      name: 'TEST_LAYER',
      priority: 1,
      groups: [
        {
          name: 'TEST_GROUP',
          priority: 1,
          direction: 'OUT',
          type: 'IPv4',
          rules: [
            rule('balanced', 'lbnat', {
              conditions: [['Destination IP', '10.96.99.99']],
              data: ['DIP Range(s) :', ...dips.map((ip) => `    { ${ip} : 80 }`)],
            }),
          ],
        },
      ],
    });
    const result = tracePacket({ from: changed.pods[0]?.ip ?? '', to: '10.96.99.99:80' }, many);
    if (result.kind === 'problem') throw new Error(result.text);
    const shown = traceView(
      many,
      result.trace,
      { depth: 'summary', way: 11, reply: false },
      { milliseconds: 0, pinned: false },
    );
    expect(shown.ways).toHaveLength(12);
    expect(shown.way).toBe(11);
    expect(shown.ways[11]?.label).toContain('10.244.77.12');
  });

  it('IPv6: addresses in brackets where a port follows', () => {
    const dual = caseOf(syntheticNode({ mode: 'l2bridge', schema: 2, dualStack: true }));
    const v6 = dual.nodes[0]?.snapshots[0]?.endpoints
      .flatMap(({ ipAddresses }) => ipAddresses)
      .filter((ip) => ip.includes(':'));
    const result = tracePacket({ from: v6?.[0] ?? '', to: `[${v6?.[1] ?? ''}]:80` }, dual);
    if (result.kind === 'problem') throw new Error(result.text);
    const shown = traceView(
      dual,
      result.trace,
      { depth: 'summary', way: null, reply: false },
      { milliseconds: 0, pinned: false },
    );
    const header = shown.columns[0]?.stops[0]?.header ?? [];
    expect(header.find(({ label }) => label === 'to')?.text).toBe(`[${v6?.[1] ?? ''}]:80`);
  });
});
