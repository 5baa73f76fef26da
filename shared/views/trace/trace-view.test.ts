import { describe, expect, it } from 'vitest';
import { traceView as schema } from '../../ipc/trace-schemas';
import { caseOf } from '../../synthetic/case-of';
import { planNode } from '../../synthetic/node-plan';
import { bundleOf, without } from '../../synthetic/synthetic-node';
import type { FlowQuestion } from '../../trace/flow';
import type { Depth } from '../../trace/render-text';
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
  const { tone, end } = traceView(
    bare,
    result.trace,
    { depth: 'summary', way: null, reply: false },
    { milliseconds: 0, pinned: false },
  );
  expect(tone).toBe('not-checked');
  expect(end.missing[0]?.command).toMatch(/vfpctrl/);
});
