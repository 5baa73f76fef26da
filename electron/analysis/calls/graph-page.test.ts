import { describe, expect, test } from 'vitest';
import type { GraphRequest } from '../../../shared/graph/graph-model';
import { viewContext } from '../../../shared/inspect/view-context';
import type { GraphPage } from '../../../shared/ipc/graph-schemas';
import { caseOf, onlySnapshot } from '../../../shared/synthetic/case-of';
import { syntheticNode } from '../../../shared/synthetic/synthetic-node';
import { graphPage } from './graph-page';

/* Whatever is opened, an answer is a page; what does not fit is still counted. */

const LARGEST_PAGE = 64 * 1024;
const node = caseOf(syntheticNode({ mode: 'l2bridge', pods: 200, services: 600 }));
const context = viewContext(onlySnapshot(node), node, []);
const request: GraphRequest = {
  show: 'all',
  locality: 'all',
  focus: null,
  expanded: [],
  filter: '',
  room: 900,
};

const sizeOf = (page: GraphPage): number => Buffer.byteLength(JSON.stringify(page));
const held = (page: GraphPage, kinds: readonly string[]): number =>
  page.nodes
    .filter(({ kind }) => kinds.includes(kind))
    .reduce((sum, { count }) => sum + (count ?? 1), 0);

/** Opens every group there is, and those that come out of them, one after another. */
function openEverything(): { readonly opened: string[]; readonly pages: GraphPage[] } {
  const opened: string[] = [];
  const pages: GraphPage[] = [];
  for (;;) {
    const page = graphPage(context, { ...request, expanded: opened });
    pages.push(page);
    const next = page.nodes.find(
      ({ kind, id }) => kind.endsWith('-group') && kind !== 'remote-group' && !opened.includes(id),
    );
    if (next === undefined || opened.length > 60) return { opened, pages };
    opened.push(next.id);
  }
}

describe('600 load balancers', () => {
  test('are a small picture at first', () => {
    const page = graphPage(context, request);
    expect(sizeOf(page)).toBeLessThan(LARGEST_PAGE / 2);
    expect(page.nodes.length).toBeLessThan(120);
  });

  test('never pass the size of a page, and none is lost, whatever is opened', () => {
    const { opened, pages } = openEverything();
    expect(opened.length).toBeGreaterThan(20);
    const snapshot = onlySnapshot(node);
    for (const page of pages) {
      expect(sizeOf(page)).toBeLessThanOrEqual(LARGEST_PAGE);
      expect(held(page, ['load-balancer', 'load-balancer-group'])).toBe(
        snapshot.loadBalancers.length,
      );
      expect(held(page, ['endpoint', 'remote-endpoint', 'endpoint-group'])).toBe(
        snapshot.endpoints.length,
      );
    }
    expect(pages.at(-1)?.note).toMatch(/^\d+ groups opened before closed again/);
  });

  test('the group that was opened last stays open', () => {
    const { opened } = openEverything();
    const page = graphPage(context, { ...request, expanded: opened });
    expect(page.nodes.some(({ id }) => id === opened.at(-1))).toBe(false);
  });
});

test('links name nodes that are there', () => {
  const page = graphPage(context, request);
  for (const { source, target } of page.edges) {
    expect(page.nodes[source]).toBeDefined();
    expect(page.nodes[target]?.kind).not.toBe('column-title');
  }
});
