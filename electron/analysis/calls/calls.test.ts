import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Args } from '../../../shared/ipc/contract';
import { tableId } from '../../../shared/ipc/table-schemas';
import { ask, openedCase, samples } from '../testing/opened-case';
import { analysisCalls } from '.';
import type { CallAbout } from './handler';

let changes = 0;

const open = async (...paths: string[]): Promise<CallAbout> =>
  (
    await openedCase(paths, () => {
      changes += 1;
    })
  ).about;

describe('a broken node', () => {
  let about: CallAbout;
  let snapshotId: string;
  beforeAll(async () => {
    about = await open(path.join(samples, 'broken-services-l2bridge'));
    snapshotId = about.case.snapshots()[0]?.id ?? '';
  });

  test('has a verdict that names the finding, and counts for every step', async () => {
    const summary = await ask(about, 'case:summary', {});
    const [snapshot] = summary.nodes[0]?.snapshots ?? [];
    expect(snapshot?.verdict.tone).toBe('error');
    expect(snapshot?.steps.map((s) => s.step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const finding = await ask(about, 'finding:get', {
      index: snapshot?.verdict.findingIndex ?? -1,
    });
    expect(finding?.title).toBe(snapshot?.verdict.title);
    expect(finding?.evidence[0]?.lines.join('\n')).toContain('DIP');
  });

  test('a port, its layer and its group are broken where one of their rules is', async () => {
    const table = { snapshotId, filter: '', sort: null, offset: 0, limit: 10 };
    const ports = await ask(about, 'table:page', { ...table, table: 'vfp-ports' });
    const [port, ...others] = ports.rows;
    if (port?.ref === undefined) throw new Error('no port');
    expect([port.tone, ...others.map(({ tone }) => tone)]).toEqual([
      'error',
      ...others.map(() => undefined),
    ]);
    const pipeline = await ask(about, 'vfp:pipeline', {
      snapshotId,
      portId: port.ref.id,
      direction: 'OUT',
    });
    const layer = pipeline?.layers.find(({ name }) => name === 'LB');
    const group = layer?.groups.find(({ tone }) => tone === 'error');
    for (const [kind, id] of [
      ['vfp-port', port.ref.id],
      ['vfp-layer', layer?.id],
      ['vfp-group', group?.id],
    ] as const) {
      const object = await ask(about, 'object:get', { snapshotId, kind, id: id ?? '' });
      expect(object, kind).toMatchObject({ tone: 'error', findings: [0] });
    }
    const rules = await ask(about, 'table:page', {
      ...table,
      table: 'vfp-rules',
      scope: `group:${group?.id ?? ''}`,
    });
    // The listing has no counters: a column of dashes would only take room.
    expect(rules.columns.map(({ title }) => title)).not.toContain('Matched');
    expect(rules.rows.every(({ cells }) => cells.length === rules.columns.length)).toBe(true);
  });

  test.each([
    ['dnscache', ['Dnscache', 'DNS Client', 'running']],
    // Get-Service prints 18 characters of its name, and cuts what it displays.
    ['winhttp', ['WinHttpAutoProxySvc', '—', 'running']],
  ])('the service %s stands once, with what each listing tells of it', async (filter, told) => {
    const page = await ask(about, 'table:page', {
      snapshotId,
      table: 'windows-services',
      filter,
      sort: null,
      offset: 0,
      limit: 10,
    });
    expect(page.rows.map(({ cells }) => cells.slice(0, 3).map(({ text }) => text))).toEqual([told]);
  });

  test('answers every table, also filtered, sorted and beyond its end', async () => {
    for (const table of tableId.options) {
      const page = await ask(about, 'table:page', {
        snapshotId,
        table,
        filter: '',
        sort: null,
        offset: 0,
        limit: 500,
      });
      expect(page.rows.length, table).toBeLessThanOrEqual(page.total);
      for (const row of page.rows) expect(row.cells, table).toHaveLength(page.columns.length);
      const last = page.columns[page.columns.length - 1]?.id ?? '';
      const sorted = await ask(about, 'table:page', {
        snapshotId,
        table,
        filter: '',
        sort: { column: last, descending: true },
        offset: 0,
        limit: 500,
      });
      expect(sorted.matching, table).toBe(page.total);
      const none = await ask(about, 'table:page', {
        snapshotId,
        table,
        filter: 'nothing-has-this',
        sort: null,
        offset: 9,
        limit: 5,
      });
      expect(none, table).toMatchObject({ rows: [], matching: 0 });
    }
  });

  test('opens the inspector of every object that a table, the graph or a finding links to', async () => {
    const refs = new Map<string, { kind: Args<'object:get'>['kind']; id: string }>();
    for (const table of [
      'networks',
      'endpoints',
      'load-balancers',
      'namespaces',
      'compartments',
      'vfp-ports',
      'vfp-rules',
      'vswitch-ports',
      'routes',
      'processes',
      'windows-services',
      'containers',
      'pods',
      'services',
      'nodes',
    ] as const) {
      const page = await ask(about, 'table:page', {
        snapshotId,
        table,
        filter: '',
        sort: null,
        offset: 0,
        limit: 40,
      });
      for (const { ref } of page.rows) if (ref) refs.set(`${ref.kind} ${ref.id}`, ref);
    }
    const graph = await ask(about, 'graph:hns', {
      snapshotId,
      show: 'all',
      locality: 'all',
      focus: null,
      expanded: [],
      filter: '',
      room: 1000,
    });
    for (const { ref } of graph.nodes) if (ref) refs.set(`${ref.kind} ${ref.id}`, ref);
    const findings = await ask(about, 'findings:list', { snapshotId, offset: 0, limit: 100 });
    for (const ref of findings.items.flatMap((f) => f.entities))
      refs.set(`${ref.kind} ${ref.id}`, ref);
    expect(refs.size).toBeGreaterThan(50);
    for (const [key, { kind, id }] of refs) {
      const view = await ask(about, 'object:get', { snapshotId, kind, id });
      expect(view?.properties.length, key).toBeGreaterThan(0);
      for (const related of view?.related.flatMap((r) => r.refs) ?? []) {
        expect(
          await ask(about, 'object:get', { snapshotId, kind: related.kind, id: related.id }),
          `${key} -> ${related.kind} ${related.id}`,
        ).not.toBeNull();
      }
    }
  });

  test('follows the four symptom paths and shows the broken link', async () => {
    const broken: string[] = [];
    for (const symptom of ['inter-node', 'outbound', 'services', 'dns'] as const) {
      const { chains } = await ask(about, 'chains:get', { snapshotId, symptom });
      expect(chains.length, symptom).toBeGreaterThan(0);
      broken.push(...chains.filter((c) => c.status === 'error').map((c) => c.symptom));
    }
    expect(broken).toEqual(['services']);
  });

  test('finds objects by address, GUID prefix and MAC in either form', async () => {
    const endpoint = about.case
      .snapshots()[0]
      ?.endpoints.find((e) => e.isRemote !== true && e.mac !== undefined);
    const texts = [
      endpoint?.ipAddresses[0],
      endpoint?.id.slice(0, 8).toUpperCase(),
      endpoint?.mac,
      endpoint?.mac?.replaceAll('-', ':'),
    ];
    for (const text of texts) {
      const { results } = await ask(about, 'search', { snapshotId, text: text ?? '', limit: 50 });
      expect(
        results.map((r) => r.ref?.id),
        text,
      ).toContain(endpoint?.id);
    }
  });

  test('shows a port in processing order, reversed inbound', async () => {
    const ports = await ask(about, 'table:page', {
      snapshotId,
      table: 'vfp-ports',
      filter: 'win-webserver',
      sort: null,
      offset: 0,
      limit: 1,
    });
    const portId = ports.rows[0]?.key ?? '';
    const out = await ask(about, 'vfp:pipeline', { snapshotId, portId, direction: 'OUT' });
    const into = await ask(about, 'vfp:pipeline', { snapshotId, portId, direction: 'IN' });
    expect(out?.layers.length).toBeGreaterThan(2);
    expect(into?.layers.map((l) => l.name)).toEqual(out?.layers.map((l) => l.name).reverse());
  });

  test('reads files by lines with the evidence marked, to the last line', async () => {
    const { items } = await ask(about, 'findings:list', { snapshotId, offset: 0, limit: 1 });
    const place = items[0]?.evidence[0];
    const file = place?.file ?? '';
    const lines = await ask(about, 'file:lines', { path: file, from: place?.line ?? 1, count: 5 });
    expect(lines?.marks.some((m) => m.line === place?.line)).toBe(true);
    const end = await ask(about, 'file:lines', {
      path: file,
      from: lines?.lineCount ?? 0,
      count: 5,
    });
    expect(end?.lines).toHaveLength(1);
    const hit = await ask(about, 'file:search', {
      path: file,
      text: 'lbnat',
      from: 1,
      backwards: false,
      matchCase: true,
    });
    const back = await ask(about, 'file:search', {
      path: file,
      text: 'LBNAT',
      from: hit.line ?? 1,
      backwards: true,
      matchCase: false,
    });
    expect(back.line).toBe(hit.line);
  });

  test('merges logs in time order and filters them', async () => {
    const all = await ask(about, 'logs:page', {
      snapshotId,
      components: [],
      levels: [],
      text: '',
      from: null,
      to: null,
      offset: 0,
      limit: 200,
    });
    const times = all.entries.flatMap((e) => (e.time === undefined ? [] : [e.time]));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(new Set(all.entries.map((e) => e.component)).size).toBeGreaterThan(1);
    const some = await ask(about, 'logs:page', {
      snapshotId,
      components: ['flanneld'],
      levels: [],
      text: 'subnet added',
      from: null,
      to: null,
      offset: 0,
      limit: 200,
    });
    expect(some.entries.length).toBeGreaterThan(0);
    expect(
      some.entries.every((e) => e.component === 'flanneld' && /subnet added/i.test(e.text)),
    ).toBe(true);
  });

  test('marks what the CNI configuration says rightly', async () => {
    const { documents } = await ask(about, 'cni:documents', { snapshotId });
    const marks = documents.flatMap((d) =>
      d.annotations.map((a) => `${d.lines[a.line - 1] ?? ''} ${a.severity}`),
    );
    expect(marks.some((m) => m.includes('10.96.0.10') && m.endsWith('ok'))).toBe(true);
  });

  test('refuses arguments that the contract does not allow, and snapshots that are gone', async () => {
    await expect(analysisCalls('table:page', { snapshotId }, about)).rejects.toMatchObject({
      code: 'invalid-arguments',
    });
    await expect(ask(about, 'cni:documents', { snapshotId: 'gone' })).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

describe('adding evidence', () => {
  const pods = `NAMESPACE   NAME     READY   STATUS    RESTARTS   AGE   IP            NODE
default     web-1    1/1     Running   0          5d    10.244.9.5    node-a
`;

  test('runs a check that lacked it, and undo takes it back', async () => {
    const about = await open(path.join(samples, 'healthy-l2bridge', 'hnsdiag.txt'));
    const status = (): string | undefined =>
      about.case.state.checks.find((c) => c.ruleId === 'EV-CONTAINERCREATING')?.status;
    expect(status()).toBe('not-checked');
    const { items } = await ask(about, 'evidence:propose', { text: pods });
    expect(items[0]).toMatchObject({ suggestion: 'cluster' });
    const before = changes;
    const added = await ask(about, 'evidence:add', {
      items: [{ id: items[0]?.id ?? '', target: { kind: 'cluster' } }],
    });
    expect(added.newlyChecked).toBeGreaterThan(0);
    expect(status()).toBe('passed');
    expect(changes).toBe(before + 1);
    expect((await ask(about, 'case:summary', {})).canUndo).toBe(true);
    expect((await ask(about, 'evidence:undo', {})).undone).toBe('pasted text');
    expect(status()).toBe('not-checked');
  });

  test('goes to a new node when the user says so', async () => {
    const about = await open(path.join(samples, 'healthy-l2bridge', 'hnsdiag.txt'));
    const { items } = await ask(about, 'evidence:propose', {
      text: 'Networks:\nName             ID\nnat              4B064BE3-7724-4E14-BF1C-14EDEEEAAC66\n',
    });
    await ask(about, 'evidence:add', {
      items: [{ id: items[0]?.id ?? '', target: { kind: 'new-node', name: 'other' } }],
    });
    const summary = await ask(about, 'case:summary', {});
    expect(summary.nodes.map((n) => n.name)).toContain('other');
  });
});
