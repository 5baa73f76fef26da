import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseFile } from '../../shared/parsers/parse-file';
import { assembleCase } from '../../shared/snapshot/assemble';
import type { Case } from '../../shared/snapshot/node-snapshot';
import { textFile } from '../../shared/text/text-file';
import { reachability } from '../../shared/trace/reachability';
import { tracePacket } from '../../shared/trace/trace';

/** Seconds that traces from pods to services of a busy node take. */
export interface TraceLatency {
  readonly traces: number;
  readonly ways: number;
  /** The very first, which makes the index of the node. */
  readonly first: number;
  /** The first of each further port, whose rules were not looked at before: median. */
  readonly firstOfPort: number;
  readonly median: number;
  /** 99 of 100 take no longer: a pause for garbage is none of the trace's. */
  readonly slowest: number;
  readonly matrix: MatrixTime;
}

/** Seconds that the whole matrix of the node takes, and the longest time without a turn for others. */
export interface MatrixTime {
  readonly rows: number;
  readonly columns: number;
  readonly seconds: number;
  /** Of this process: what others on the machine take is not in it. */
  readonly cpu: number;
  readonly longestTurn: number;
}

function matrixTime(opened: Case): MatrixTime {
  const seconds = (from: bigint): number => Number(process.hrtime.bigint() - from) / 1e9;
  const begun = process.hrtime.bigint();
  const cpu = process.cpuUsage();
  const walk = reachability(opened);
  let longestTurn = 0;
  for (;;) {
    const from = process.hrtime.bigint();
    const turn = walk.next();
    longestTurn = Math.max(longestTurn, seconds(from));
    if (turn.done !== true) continue;
    const { rows, columns } = turn.value;
    const { user, system } = process.cpuUsage(cpu);
    return {
      rows: rows.length,
      columns: columns.length,
      seconds: seconds(begun),
      cpu: (user + system) / 1e6,
      longestTurn,
    };
  }
}

const TRACES = 300;

const at = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;

/** Traces packets from every pod in turn to every service in turn. @throws Error when one has no answer. */
export function traceLatency(folder: string): TraceLatency {
  const files = readdirSync(folder)
    .toSorted()
    .map((name) => parseFile(textFile(name, readFileSync(path.join(folder, name)))));
  const opened = assembleCase([{ name: 'busy', scope: 'node', files }]);
  const snapshot = opened.nodes[0]?.snapshots[0];
  const pods = snapshot?.endpoints.flatMap((e) => e.ipAddresses.slice(0, 1)) ?? [];
  const services = snapshot?.loadBalancers ?? [];
  let ways = 0;
  const run = (i: number): number => {
    const service = services[(i * 31) % services.length];
    const to = `${service?.vips[0] ?? ''}:${service?.ports[0]?.externalPort ?? ''}`;
    const from = process.hrtime.bigint();
    const result = tracePacket({ from: pods[i % pods.length] ?? '', to }, opened);
    const seconds = Number(process.hrtime.bigint() - from) / 1e9;
    if (result.kind === 'problem') throw new Error(result.text);
    ways += result.trace.branches.length;
    return seconds;
  };
  const cold = pods.map((_pod, i) => run(i));
  ways = 0;
  const times = Array.from({ length: TRACES }, (_, i) => run(i)).sort((a, b) => a - b);
  return {
    traces: TRACES,
    ways,
    first: cold[0] ?? 0,
    firstOfPort: at(
      cold.slice(1).toSorted((a, b) => a - b),
      0.5,
    ),
    median: at(times, 0.5),
    slowest: at(times, 0.99),
    matrix: matrixTime(opened),
  };
}
