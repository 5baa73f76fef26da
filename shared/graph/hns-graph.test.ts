import { describe, expect, test } from 'vitest';
import { viewContext } from '../inspect/view-context';
import type { Finding } from '../model/finding';
import { RULES } from '../rules/catalogue';
import { analyse } from '../rules/engine';
import type { Case } from '../snapshot/node-snapshot';
import { endpointRef } from '../snapshot/entity-ref';
import { caseOf, onlySnapshot } from '../synthetic/case-of';
import { scenario } from '../synthetic/scenarios';
import { syntheticNode } from '../synthetic/synthetic-node';
import type { GraphRequest } from './graph-model';
import { hnsGraph } from './hns-graph';
import type { GraphView } from './layout';

const everything: GraphRequest = {
  show: 'all',
  locality: 'all',
  focus: null,
  expanded: [],
  filter: '',
};

function graphOf(
  theCase: Case,
  request: Partial<GraphRequest> = {},
  findings: readonly Finding[] = [],
): GraphView {
  return hnsGraph(viewContext(onlySnapshot(theCase), theCase, findings), {
    ...everything,
    ...request,
  });
}

/** Boxes that are not containers of others overlap when their rectangles do. */
function overlaps(view: GraphView): string[] {
  const boxes = view.nodes.filter((n) => n.kind !== 'network' && n.kind !== 'remote-group');
  const found: string[] = [];
  boxes.forEach((a, i) => {
    for (const b of boxes.slice(i + 1)) {
      const apart =
        Math.abs(a.x - b.x) >= (a.w + b.w) / 2 || Math.abs(a.y - b.y) >= (a.h + b.h) / 2;
      if (!apart) found.push(`${a.label} and ${b.label}`);
    }
  });
  return found;
}

describe('a small node', () => {
  const healthy = caseOf(syntheticNode({ mode: 'l2bridge' }));

  test('shows every load balancer, endpoint and compartment, apart from one another', () => {
    const view = graphOf(healthy);
    const snapshot = onlySnapshot(healthy);
    const of = (kind: string): number => view.nodes.filter((n) => n.kind === kind).length;
    expect(of('load-balancer')).toBe(snapshot.loadBalancers.length);
    expect(of('endpoint') + of('remote-endpoint')).toBe(snapshot.endpoints.length);
    expect(of('compartment')).toBeGreaterThan(1);
    expect(overlaps(view)).toEqual([]);
  });

  test('is the same picture every time', () => {
    expect(graphOf(healthy)).toEqual(graphOf(healthy));
  });

  test('hides remote endpoints on request, and what the filter does not name', () => {
    expect(
      graphOf(healthy, { locality: 'local' }).nodes.some((n) => n.kind === 'remote-endpoint'),
    ).toBe(false);
    const dns = graphOf(healthy, { filter: '10.96.0.10' });
    const labels = dns.nodes.filter((n) => n.kind === 'load-balancer').map((n) => n.label);
    expect(labels.length).toBeGreaterThan(0);
    expect(labels.every((label) => label.startsWith('10.96.0.10:'))).toBe(true);
  });

  test('shows the neighbourhood of the selected object', () => {
    const lb = onlySnapshot(healthy).loadBalancers[0];
    const focus = { kind: 'load-balancer' as const, id: lb?.id ?? '', name: '' };
    const view = graphOf(healthy, { show: 'selected', focus });
    expect(view.nodes.filter((n) => n.kind === 'load-balancer')).toHaveLength(1);
    expect(view.edges.length).toBeGreaterThanOrEqual(lb?.endpointIds.length ?? 0);
  });
});

test('a broken backend is the red edge, with a word on it', () => {
  const broken = caseOf(scenario('broken-services-l2bridge').bundle());
  const { findings } = analyse(broken, RULES);
  const red = graphOf(broken, {}, findings).edges.filter((e) => e.tone === 'error');
  expect(red.length).toBeGreaterThan(0);
  expect(red.every((e) => e.label !== undefined)).toBe(true);
});

describe('a busy node', () => {
  const busy = caseOf(syntheticNode({ mode: 'l2bridge', pods: 120, services: 300 }));

  test('is folded into few groups that say how many they hold', () => {
    const view = graphOf(busy);
    const boxes = view.nodes.filter((n) => n.kind !== 'column-title');
    expect(boxes.length).toBeLessThan(120);
    const held = view.nodes
      .filter((n) => n.kind === 'load-balancer-group' || n.kind === 'load-balancer')
      .reduce((sum, n) => sum + (n.count ?? 1), 0);
    expect(held).toBe(onlySnapshot(busy).loadBalancers.length);
    expect(overlaps(view)).toEqual([]);
  });

  const opened = (expanded: readonly string[]): GraphView => graphOf(busy, { expanded });

  test('a large group opens into smaller ones, and those into their objects', () => {
    const large = graphOf(busy).nodes.find(
      ({ kind, count = 0 }) => kind === 'load-balancer-group' && count > 30,
    );
    if (large === undefined) throw new Error('there is no large group');
    const parts = opened([large.id]).nodes.filter(({ id }) => id.startsWith(`${large.id}:`));
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.reduce((sum, { count }) => sum + (count ?? 0), 0)).toBe(large.count);

    const [part] = parts;
    const view = opened([large.id, part?.id ?? '']);
    expect(view.nodes.some(({ id }) => id === part?.id)).toBe(false);
    const alone = (one: GraphView): number =>
      one.nodes.filter(({ kind }) => kind === 'load-balancer').length;
    expect(alone(view) - alone(graphOf(busy))).toBe(part?.count);
    expect(overlaps(view)).toEqual([]);
  });

  test('what is selected stands alone', () => {
    const lb = onlySnapshot(busy).loadBalancers[200];
    const focus = { kind: 'load-balancer' as const, id: lb?.id ?? '', name: '' };
    expect(graphOf(busy, { focus }).nodes.filter(({ ref }) => ref?.id === lb?.id)).toHaveLength(1);
  });

  test('many broken objects are folded, too, apart from the healthy ones', () => {
    const snapshot = onlySnapshot(busy);
    const [finding] = analyse(
      caseOf(scenario('broken-services-l2bridge').bundle()),
      RULES,
    ).findings;
    if (finding === undefined) throw new Error('there is no finding');
    const entities = snapshot.endpoints.slice(0, 70).map((endpoint) => endpointRef(endpoint));
    const view = graphOf(busy, {}, [{ ...finding, entities }]);
    const red = view.nodes.filter((n) => n.tone === 'error' && n.kind !== 'compartment');
    expect(red.length).toBeLessThan(30);
    expect(red.reduce((sum, n) => sum + (n.count ?? 1), 0)).toBe(70);
  });

  test('fits the room it is given', () => {
    expect(graphOf(busy, { room: 680 }).width).toBeLessThanOrEqual(680);
    expect(graphOf(busy, { room: 800 }).width).toBeLessThanOrEqual(800);
    expect(graphOf(busy, { room: 800 }).width).toBeGreaterThan(780);
  });
});

test('no objects give an empty picture that says so', () => {
  const view = graphOf(caseOf(new Map([['winver.txt', 'CurrentBuild : 17763\n']])));
  expect(view.nodes).toEqual([]);
  expect(view.counts).toBe('0 networks · 0 endpoints · 0 load balancers');
});
