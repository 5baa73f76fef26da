import type { Evidence } from '../model/evidence';
import type { EntityRef } from '../model/finding';
import type { AssumptionId } from './assumptions';
import { DISPOSITIONS, isDelivered, type DispositionKind } from './disposition';
import type { FlowQuestion } from './flow';
import { headerChanges, type HeaderChange, type PacketHeader } from './packet';
import type { StepPlace, TraceBranch, TraceStep } from './steps';
import type { Trace } from './trace';

/** One picture of a walk-through: where the packet is, what happens to it there, and how that is known. */
export interface Moment {
  /** Index into the storyboard's columns. */
  readonly column: number;
  readonly place: StepPlace;
  /** Whole sentences for people. */
  readonly sentence: string;
  readonly before: PacketHeader;
  readonly after: PacketHeader;
  /** Fields that change here; a tunnel is put on or taken off beside them. */
  readonly changes: readonly HeaderChange[];
  readonly tunnel: 'put-on' | 'taken-off' | undefined;
  readonly evidence: readonly Evidence[];
  readonly entities: readonly EntityRef[];
  readonly remarks: readonly string[];
  readonly assumes: readonly AssumptionId[];
  /** The packet goes no further, or nobody knows how it goes on. */
  readonly isBreak: boolean;
  /** On the answer's way back. */
  readonly reply: boolean;
}

/** Where packets are, from left to right in the order they are met; the answer runs through the same ones. */
export interface StoryColumn {
  readonly node: string;
  readonly column: StepPlace['column'];
  readonly title: string;
}

/** One way of a trace as a row of moments. The last one tells the end. */
export interface Storyboard {
  readonly question: FlowQuestion;
  /** Number of the way in the trace. */
  readonly branch: number;
  readonly columns: readonly StoryColumn[];
  readonly moments: readonly Moment[];
  readonly ending: {
    readonly kind: DispositionKind;
    readonly title: string;
    readonly text: string;
    readonly arrived: boolean;
  };
}

const TITLE: Readonly<Record<StepPlace['column'], string>> = {
  compartment: 'Pod',
  port: 'VFP port',
  switch: 'vSwitch',
  host: 'Host',
  external: 'External port',
  wire: 'Wire',
};

/**
 * A way of a trace told moment by moment: what changes nothing is gathered into one moment for each
 * place, and a packet that does not arrive stops where it breaks. Undefined when the trace has no
 * such way, or no packet began.
 */
export function storyboard(trace: Trace, branch = 0): Storyboard | undefined {
  const way = trace.branches[branch];
  const { header } = trace;
  if (way === undefined || header === undefined) return undefined;
  const columns: StoryColumn[] = [];
  const forth = momentsOf([...trace.steps, ...way.steps], columns);
  const back = momentsOf(way.reply?.steps ?? [], columns);
  const { disposition } = way;
  return {
    question: trace.question,
    branch,
    columns,
    moments: told(forth, back, way, header),
    ending: {
      kind: disposition.kind,
      title: DISPOSITIONS[disposition.kind].title,
      text: disposition.text,
      arrived: isDelivered(disposition),
    },
  };
}

function told(
  forth: readonly Moment[],
  back: readonly Moment[],
  { disposition, reply, end }: TraceBranch,
  header: PacketHeader,
): readonly Moment[] {
  const arrived = isDelivered(disposition);
  const lostOnTheWayBack = !arrived && reply?.status === 'lost';
  const final = (moments: readonly Moment[], text: string, isBreak: boolean): Moment[] => {
    const last = moments.at(-1) ?? forth.at(-1);
    if (last === undefined) return [];
    const at = last.after;
    return [
      {
        ...last,
        sentence: sentence(text),
        before: at,
        after: at,
        changes: [],
        tunnel: undefined,
        evidence: isBreak ? disposition.evidence : [],
        entities: [],
        remarks: [],
        assumes: [],
        isBreak,
      },
    ];
  };
  if (!arrived && !lostOnTheWayBack) return [...forth, ...final(forth, disposition.text, true)];
  const there = arrived ? disposition.text : `It arrives as ${(end ?? header).destinationIp}`;
  const answer =
    reply === undefined
      ? []
      : [...back, ...final(back, lostOnTheWayBack ? disposition.text : reply.text, !arrived)];
  return [...forth, ...final(forth, there, false), ...answer.map((m) => ({ ...m, reply: true }))];
}

/** Steps of one place that leave the packet as it is become one moment. */
function momentsOf(steps: readonly TraceStep[], columns: StoryColumn[]): Moment[] {
  const moments: Moment[] = [];
  let quiet: TraceStep[] = [];
  const flush = (): void => {
    const made = gathered(quiet, columns);
    if (made !== undefined) moments.push(made);
    quiet = [];
  };
  for (const step of steps) {
    const [first] = quiet;
    if (first !== undefined && !samePlace(first.place, step.place)) flush();
    if (changesPacket(step)) {
      flush();
      moments.push(momentOf(step, columns));
    } else quiet.push(step);
  }
  flush();
  return moments;
}

const samePlace = (a: StepPlace, b: StepPlace): boolean =>
  a.node === b.node && a.column === b.column && a.name === b.name;

/** A MAC that only became known is no rewrite. */
const changesPacket = ({ before, after, changes }: TraceStep): boolean =>
  before.encap.length !== after.encap.length || changes.some(({ from }) => from !== undefined);

function gathered(steps: readonly TraceStep[], columns: StoryColumn[]): Moment | undefined {
  const [first] = steps;
  const last = steps.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const rules = steps.filter((step) => step.kind === 'rule');
  const other = steps.filter((step) => step.kind !== 'rule' && step.kind !== 'layer-default');
  const said = [
    ...other.map(({ text }) => sentence(text)),
    ...(rules.length === 0 ? [] : [sentence(passed(rules.map(({ rule }) => rule.name)))]),
  ];
  // Layers without a rule for the packet are no moment; one that drops it is told as the end.
  if (said.length === 0) return undefined;
  return {
    column: columnOf(first.place, columns),
    place: first.place,
    sentence: said.join(' '),
    before: first.before,
    after: last.after,
    changes: headerChanges(first.before, last.after),
    tunnel: undefined,
    ...gatheredFacts(steps),
    isBreak: false,
    reply: first.reply,
  };
}

const MOST_NAMED = 3;

/** Rules that let it pass, by name where they are few. */
function passed(names: readonly string[]): string {
  const named = names.slice(0, MOST_NAMED).join(', ');
  const more = names.length - MOST_NAMED;
  return `${named}${more > 0 ? ` and ${more} more` : ''} ${names.length === 1 ? 'lets' : 'let'} it pass`;
}

function gatheredFacts(
  steps: readonly TraceStep[],
): Pick<Moment, 'evidence' | 'entities' | 'remarks' | 'assumes'> {
  return {
    evidence: steps.flatMap(({ evidence }) => evidence.slice(0, 1)),
    entities: steps.flatMap(({ entities }) => entities),
    remarks: steps.flatMap(({ remarks }) => remarks),
    assumes: [...new Set(steps.flatMap(({ assumes }) => assumes))],
  };
}

function momentOf(step: TraceStep, columns: StoryColumn[]): Moment {
  const { before, after } = step;
  return {
    column: columnOf(step.place, columns),
    place: step.place,
    sentence: sentence(step.text),
    before,
    after,
    changes: step.changes,
    tunnel:
      after.encap.length > before.encap.length
        ? 'put-on'
        : after.encap.length < before.encap.length
          ? 'taken-off'
          : undefined,
    ...gatheredFacts([step]),
    evidence: step.evidence,
    isBreak: false,
    reply: step.reply,
  };
}

function columnOf({ node, column, name }: StepPlace, columns: StoryColumn[]): number {
  // The ports of two pods of one node are two columns, the wire between nodes is one; of a peer
  // whose bundle is not there only the node is known.
  const title =
    column === 'port' ? name : /^node /.test(name) ? `Node ${name.slice(5)}` : TITLE[column];
  const found = columns.findIndex(
    (each) =>
      each.column === column && each.title === title && (column === 'wire' || each.node === node),
  );
  return found === -1 ? columns.push({ node, column, title }) - 1 : found;
}

/** Begins with a capital and ends with a full stop; names of rules keep their spelling. */
function sentence(text: string): string {
  const ended = /[.!?]$/.test(text) ? text : `${text}.`;
  return /^[a-z]+\b(?![-_])/.test(ended) ? ended.charAt(0).toUpperCase() + ended.slice(1) : ended;
}
