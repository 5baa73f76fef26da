import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Case } from '../snapshot/node-snapshot';
import { caseOf } from '../synthetic/case-of';
import { planCluster } from '../synthetic/node-plan';
import { SCENARIOS, scenario } from '../synthetic/scenarios';
import { bundleOf, syntheticNode } from '../synthetic/synthetic-node';
import { isDelivered } from './disposition';
import { headerClasses } from './header-classes';
import { compileConditions, explained } from '../vfp/conditions';
import { matchSubject } from './match-subject';
import { reachability, type Reachability } from './reachability';
import { cellQuestion } from './reachability-axes';
import { traceOf } from './testing/nodes';

function matrix(opened: Case): Reachability {
  const walk = reachability(opened);
  let turn = walk.next();
  while (turn.done !== true) turn = walk.next();
  return turn.value;
}

/** Every cell with its row and column. */
const cellsOf = ({ rows, columns, cells }: Reachability) =>
  rows.flatMap((row, r) => columns.map((column, c) => ({ row, column, cell: cells[r]?.[c] })));

/** A cell is worth nothing if its trace says something else. */
function expectTracesToAgree(opened: Case): number {
  const all = cellsOf(matrix(opened));
  for (const { row, column, cell } of all) {
    const question = cellQuestion(row, column);
    if (question === undefined) {
      expect(cell).toBeUndefined();
      continue;
    }
    const { branches } = traceOf(question, opened);
    const said = `${row.name} to ${column.name} ${column.to}`;
    expect([said, cell?.kind, cell?.reason]).toEqual([
      said,
      branches[cell?.branch ?? -1]?.disposition.kind,
      branches[cell?.branch ?? -1]?.disposition.text,
    ]);
    expect([said, cell?.ways, cell?.lost]).toEqual([
      said,
      branches.length,
      branches.filter(({ disposition }) => !isDelivered(disposition)).length,
    ]);
  }
  return all.length;
}

describe('a cell says what its trace says', () => {
  it.each(SCENARIOS.map(({ id }) => id))('%s', (id) => {
    expect(expectTracesToAgree(caseOf(scenario(id).bundle()))).toBeGreaterThan(0);
  });

  it.each(['l2bridge', 'overlay'] as const)('every node of an %s cluster', (mode) => {
    const opened = caseOf(...planCluster({ mode }).map(bundleOf));
    expect(expectTracesToAgree(opened)).toBeGreaterThan(100);
  });

  it.each([
    { mode: 'l2bridge', dsr: true },
    { mode: 'overlay', dsr: true },
    { mode: 'l2bridge', pods: 9, services: 40 },
    { mode: 'overlay', pods: 9, services: 40 },
  ] as const)('%j', (options) => {
    expect(expectTracesToAgree(caseOf(syntheticNode(options)))).toBeGreaterThan(0);
  });
});

describe('the matrix of a node', () => {
  it.each(['l2bridge', 'overlay'] as const)(
    'healthy %s: every pod reaches all there is',
    (mode) => {
      const all = cellsOf(matrix(caseOf(syntheticNode({ mode }))));
      const traced = all.filter(({ cell }) => cell !== undefined);
      expect(traced.filter(({ cell }) => cell?.lost !== 0)).toEqual([]);
      expect(new Set(traced.map(({ column }) => column.kind))).toEqual(
        new Set(['pod', 'service', 'dns', 'internet', 'node']),
      );
      // Nothing is traced from a pod to itself, everything else is.
      expect(all.length - traced.length).toBe(3);
    },
  );

  it('the port that lacks a DIP: only its row differs', () => {
    const { rows, columns, cells } = matrix(caseOf(scenario('broken-services-l2bridge').bundle()));
    const service = columns.findIndex(({ name }) => name === 'default/win-webserver');
    expect(rows.map((_row, r) => cells[r]?.[service]?.ways).sort()).toEqual([3, 4, 4]);
  });

  it('stale DNS backends: the DNS column is lost on every way, and says why', () => {
    const { rows, columns, cells } = matrix(caseOf(scenario('broken-dns-overlay').bundle()));
    const dns = columns.findIndex(({ kind, protocol }) => kind === 'dns' && protocol === 'udp');
    for (const [r] of rows.entries())
      expect(cells[r]?.[dns]).toMatchObject({ kind: 'no-endpoint', ways: 2, lost: 2 });
    expect(cells[0]?.[dns]?.reason).toContain('the ready addresses of kube-system/kube-dns are');
  });

  it('names pods by their names, and lists those of other nodes too', () => {
    const { rows, columns } = matrix(caseOf(syntheticNode({ mode: 'l2bridge' })));
    expect(rows.map(({ name }) => name)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^default\/win-client/)]),
    );
    expect(columns.filter(({ kind }) => kind === 'pod').length).toBeGreaterThan(rows.length);
  });

  it('pods that never started reach nothing, and their rows say why', () => {
    const { rows, cells } = matrix(caseOf(scenario('broken-start-l2bridge').bundle()));
    expect(rows.length).toBeGreaterThan(0);
    expect(new Set(cells.flat().map((cell) => cell?.kind))).toEqual(new Set(['no-endpoint']));
    expect(cells[0]?.[0]?.reason).toContain('has no address (ContainerCreating)');
  });

  it('of a case without a node is empty', () => {
    expect(matrix(caseOf()).cells).toEqual([]);
  });

  it('lets others work between a few cells', () => {
    const walk = reachability(caseOf(syntheticNode({ mode: 'l2bridge', services: 60 })));
    const first = walk.next();
    expect(first.done).toBe(false);
    expect(first.value).toMatchObject({ done: 64 });
  });
});

/** Flags that make a rule for SYN only, or for everything else. */
const FLAGS: readonly string[] = ['1 terminating', '0x11 terminating', '5', '0'];

describe('headers of one class', () => {
  const last = fc.nat(8).map((n) => `10.0.0.${n}`);
  const range = fc
    .tuple(fc.nat(8), fc.nat(8))
    .map(([a, b]) => `10.0.0.${Math.min(a, b)}-10.0.0.${Math.max(a, b)}`);
  const address = fc.oneof(last, range, fc.constant('fd00::1'), fc.constant('the moon'));
  const ports = fc.oneof(fc.nat(6).map(String), fc.constant('2-4'), fc.constant('4789'));
  const macs = fc.constantFrom('00-15-5d-00-00-01', '00-15-5d-00-00-02');
  const some = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(of, { maxLength: 2 });
  const conditions = fc.record({
    protocols: some(fc.constantFrom(6, 17)),
    sourceIps: some(address),
    destinationIps: some(address),
    sourcePorts: some(ports),
    destinationPorts: some(ports),
    sourceMacs: some(macs),
    destinationMacs: some(macs),
    other: some(fc.constantFrom('GRE key : 7', 'Odd : 1')),
  });
  const header = fc.record({
    sourceMac: fc.option(macs, { nil: undefined }),
    destinationMac: fc.option(macs, { nil: undefined }),
    sourceIp: fc.oneof(last, fc.constant('fd00::1')),
    destinationIp: fc.oneof(last, fc.constant('fd00::1')),
    protocol: fc.constantFrom(1, 6, 17),
    sourcePort: fc.option(fc.nat(6), { nil: undefined }),
    destinationPort: fc.option(fc.constantFrom(1, 2, 3, 4, 5, 4789), { nil: undefined }),
    tcpFlags: fc.constantFrom([], ['SYN'] as const, ['SYN', 'ACK'] as const, ['ACK'] as const),
    encap: some(
      fc.record({
        kind: fc.constant('vxlan' as const),
        sourceIp: fc.constant('10.0.0.1'),
        destinationIp: last,
        vni: fc.option(fc.constantFrom(7, 8), { nil: undefined }),
      }),
    ),
  });

  it('get the same answer from every condition', () => {
    fc.assert(
      fc.property(
        fc.array(conditions, { minLength: 1, maxLength: 4 }),
        fc.array(header, { minLength: 2, maxLength: 60 }),
        (printed, headers) => {
          const compiled = printed.map((each, i) => compileConditions(each, FLAGS[i]));
          const classOf = headerClasses(compiled.map(({ asked }) => asked));
          const answers = new Map<string, string>();
          for (const one of headers) {
            const subject = matchSubject(one);
            const key = classOf(subject);
            const answer = compiled
              .flatMap((each) => explained(each, subject).map(({ result }) => result))
              .join();
            expect(answers.get(key) ?? answer).toBe(answer);
            answers.set(key, answer);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
