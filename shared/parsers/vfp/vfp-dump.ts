import type { TextFile } from '../../text/text-file';
import type { VfpDump, VfpGroup, VfpLayer, VfpPort, VfpRuleBody } from '../../model/vfp';
import { parseCounters, parseRuleBody } from './vfp-body';
import { isDefaultAllow } from './vfp-items';
import { NONE } from './vfp-rule-table';
import type { Scan } from './vfp-scan';
import { supersededRules } from './vfp-doubles';

/** Rule indexes by some key, made on first use: a counting sort over one column. */
class Index {
  readonly #column: Uint32Array;
  readonly #keys: number;
  #starts: Uint32Array | undefined;
  #order: Uint32Array | undefined;

  constructor(column: Uint32Array, keys: number) {
    this.#column = column;
    this.#keys = keys;
  }

  of(key: number): readonly number[] {
    if (key < 0 || key >= this.#keys) return [];
    const { starts, order } = this.#make();
    return Array.from(order.subarray(starts[key] ?? 0, starts[key + 1] ?? 0));
  }

  count(key: number): number {
    const { starts } = this.#make();
    return (starts[key + 1] ?? 0) - (starts[key] ?? 0);
  }

  #make(): { readonly starts: Uint32Array; readonly order: Uint32Array } {
    if (this.#starts && this.#order) return { starts: this.#starts, order: this.#order };
    const column = this.#column;
    const starts = new Uint32Array(this.#keys + 1);
    for (const key of column) if (key < this.#keys) starts[key + 1] = (starts[key + 1] ?? 0) + 1;
    for (let key = 0; key < this.#keys; key += 1) {
      starts[key + 1] = (starts[key + 1] ?? 0) + (starts[key] ?? 0);
    }
    const fill = starts.slice();
    const order = new Uint32Array(starts[this.#keys] ?? 0);
    for (let rule = 0; rule < column.length; rule += 1) {
      const key = column[rule] ?? NONE;
      if (key >= this.#keys) continue;
      const at = fill[key] ?? 0;
      order[at] = rule;
      fill[key] = at + 1;
    }
    this.#starts = starts;
    this.#order = order;
    return { starts, order };
  }
}

/** The column without the rules that another listing of the same port replaces. */
function kept(column: Uint32Array, drop: Uint8Array | undefined, count: number): Uint32Array {
  if (!drop) return column.slice();
  const out = new Uint32Array(count);
  let next = 0;
  for (let i = 0; i < column.length; i += 1) {
    if (drop[i] === 1) continue;
    out[next] = column[i] ?? 0;
    next += 1;
  }
  return out;
}

/** Makes the dump of a scan: columns stay columns, texts are read when asked for. */
export function vfpDump(file: TextFile, scan: Scan): VfpDump {
  const drop = supersededRules(scan.rules);
  let ruleCount = scan.rules.length;
  if (drop) for (const one of drop) ruleCount -= one;
  const port = kept(scan.rules.port.view(), drop, ruleCount);
  const group = kept(scan.rules.group.view(), drop, ruleCount);
  const line = kept(scan.rules.line.view(), drop, ruleCount);
  const endLine = kept(scan.rules.endLine.view(), drop, ruleCount);
  const contentEnd = kept(scan.rules.contentEnd.view(), drop, ruleCount);
  const bodyId = kept(scan.rules.bodyId.view(), drop, ruleCount);
  const bodyCount = scan.bodies.length;
  const bodyLine = scan.bodies.line.view().slice();
  const bodyEnd = scan.bodies.endLine.view().slice();
  const byGroup = new Index(group, scan.places.groups.length);
  const byPort = new Index(port, scan.places.ports.length);
  const byBody = new Index(bodyId, bodyCount);
  const bodies = new Map<number, VfpRuleBody>();
  const at = (lineNumber: number, last: number) => ({
    file: file.path,
    line: lineNumber,
    endLine: last,
  });
  const check = (index: number): void => {
    if (!(index >= 0 && index < ruleCount)) throw new RangeError(`no VFP rule ${index}`);
  };
  return {
    file: file.path,
    ports: scan.places.ports.map((draft, index): VfpPort => {
      const { line: first, endLine: last, verbs, ...rest } = draft;
      return {
        ...rest,
        index,
        verbs: verbs.map(({ line: n, ...verb }) => ({ ...verb, evidence: at(n, n) })),
        evidence: at(first, last),
      };
    }),
    layers: scan.places.layers.map(({ line: first, endLine: last, ...rest }, index): VfpLayer => ({
      ...rest,
      index,
      defaultAllow: isDefaultAllow(rest.flags),
      evidence: at(first, last),
    })),
    groups: scan.places.groups.map(({ line: first, endLine: last, ...rest }, index): VfpGroup => ({
      ...rest,
      index,
      ruleCount: byGroup.count(index),
      evidence: at(first, last),
    })),
    ruleCount,
    bodyCount,
    rule(index) {
      check(index);
      const inGroup = group[index] ?? NONE;
      return {
        index,
        port: port[index] ?? 0,
        group: inGroup === NONE ? -1 : inGroup,
        bodyId: bodyId[index] ?? 0,
        evidence: at(line[index] ?? 0, endLine[index] ?? 0),
      };
    },
    body(id) {
      const known = bodies.get(id);
      if (known) return known;
      if (!(id >= 0 && id < bodyCount)) throw new RangeError(`no VFP rule body ${id}`);
      const body = parseRuleBody(file.lines(bodyLine[id] ?? 0, bodyEnd[id] ?? 0));
      bodies.set(id, body);
      return body;
    },
    bodyIdOf: (index) => bodyId[index] ?? 0,
    portOf: (index) => port[index] ?? 0,
    groupOf(index) {
      const inGroup = group[index] ?? NONE;
      return inGroup === NONE ? -1 : inGroup;
    },
    rulesOfGroup: (id) => byGroup.of(id),
    rulesOfPort: (id) => byPort.of(id),
    rulesOfBody: (id) => byBody.of(id),
    counters(index) {
      check(index);
      const first = line[index] ?? 0;
      const last = endLine[index] ?? 0;
      const content = contentEnd[index] ?? last;
      return parseCounters(file.lines(content < last ? content + 1 : first, last));
    },
  };
}
