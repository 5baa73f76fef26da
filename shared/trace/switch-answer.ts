import type { VfpDump } from '../model/vfp';
import type { Case } from '../snapshot/node-snapshot';
import { wayOfBranch, type SwitchQuestion } from './ask-switch';
import { newestSnapshots } from './flow';
import type { RuleStep, TraceStep } from './steps';
import type { Trace } from './trace';

/** A line of what vfpctrl printed. */
interface SaidLine {
  readonly line: number;
  readonly text: string;
}

/** What the switch said of one packet, held against the trace. `text` is a sentence for people. */
export type SwitchComparison =
  | { readonly kind: 'agrees'; readonly text: string; readonly rules: readonly string[] }
  | {
      readonly kind: 'differs';
      readonly text: string;
      /** The rule (or end) of the trace, and what the switch names instead. */
      readonly ours: string;
      readonly theirs: string;
      readonly at: SaidLine | undefined;
    }
  | { readonly kind: 'not-compared'; readonly text: string; readonly at: SaidLine | undefined };

/** A rule of the asked port that the answer names. */
interface NamedRule extends SaidLine {
  readonly name: string;
  readonly layer: string;
}

/**
 * Holds the output of `/process-tuples` against the trace that the question was made of. The format
 * of the output is not on public record: only names of rules that the port's own dump has, and words
 * that say a packet was dropped, are read from it. Without any of them nothing is compared.
 */
export function compareWithSwitch(
  question: SwitchQuestion,
  output: string,
  trace: Trace,
  theCase: Case,
  branch = 0,
): SwitchComparison {
  const lines = output.split(/\r?\n/).map((text, i): SaidLine => ({ line: i + 1, text }));
  const failed = lines.find(({ text }) => FAILED.test(text));
  if (failed !== undefined)
    return {
      kind: 'not-compared',
      text: `The switch did not answer: ${failed.text.trim()}`,
      at: failed,
    };
  const dump = newestSnapshots(theCase)
    .find(({ id }) => id === question.snapshotId)
    ?.vfp.find(({ file }) => file === question.visit.file);
  const theirs = dump === undefined ? [] : namedRules(lines, dump, question.visit.index);
  const drop = lines.find(({ text }) => DROPS.test(text) && !DROPS_NOTHING.test(text));
  if (theirs.length === 0 && drop === undefined)
    return {
      kind: 'not-compared',
      text: 'The answer names no rule of this port and no drop, so it cannot be held against the trace.',
      at: undefined,
    };
  return compared(
    rulesAt(trace, branch, question.step),
    theirs,
    drop,
    question,
    endsHere(trace, branch, question.step),
  );
}

/** `Command process-tuples failed`, an error of vfpctrl or of the shell. */
const FAILED =
  /\b(?:failed|is not recognized|access is denied|invalid (?:parameter|argument|port))\b|^\s*error\b/i;
const DROPS = /\b(?:drop(?:s|ped)?|block(?:s|ed)?|den(?:y|ied))\b/i;
/** Counters and flags that say of themselves that nothing is dropped. */
const DROPS_NOTHING = /(?:drop|block|den)[^:=]*[:=]\s*(?:0\b|no\b|false\b|none\b)/i;

/** Names are taken as whole words: a rule is often called like the beginning of another. */
function namedRules(lines: readonly SaidLine[], dump: VfpDump, port: number): readonly NamedRule[] {
  const layerOf = new Map<string, string>();
  for (const index of dump.rulesOfPort(port)) {
    const { name, friendlyName } = dump.body(dump.bodyIdOf(index));
    const group = dump.groups[dump.groupOf(index)];
    const layer = group === undefined ? '' : (dump.layers[group.layer]?.name ?? '');
    for (const each of [name, friendlyName])
      if (each !== '') layerOf.set(each.toLowerCase(), layer);
  }
  const found: NamedRule[] = [];
  for (const said of lines) {
    for (const word of said.text.split(/[\s,;()[\]{}"'=]+/)) {
      const layer = layerOf.get(word.toLowerCase());
      if (layer === undefined || found.at(-1)?.name.toLowerCase() === word.toLowerCase()) continue;
      found.push({ ...said, name: word, layer });
    }
  }
  return found;
}

/** The rules that the trace met at this visit of the port. */
function rulesAt(trace: Trace, branch: number, step: number): readonly RuleStep[] {
  const rest = wayOfBranch(trace, branch).slice(step + 1);
  const end = rest.findIndex(({ kind }) => kind !== 'rule' && kind !== 'layer-default');
  return (end === -1 ? rest : rest.slice(0, end)).filter((each) => each.kind === 'rule');
}

/** Why the trace ends at this port; undefined when it goes on. */
function endsHere(trace: Trace, branch: number, step: number): string | undefined {
  const rest: readonly TraceStep[] = wayOfBranch(trace, branch).slice(step + 1);
  if (rest.some(({ kind }) => kind !== 'rule' && kind !== 'layer-default')) return undefined;
  const end = trace.branches[branch]?.disposition;
  return end?.kind.startsWith('dropped') === true ? end.text : undefined;
}

function compared(
  ours: readonly RuleStep[],
  theirs: readonly NamedRule[],
  drop: SaidLine | undefined,
  { portName }: SwitchQuestion,
  dropped: string | undefined,
): SwitchComparison {
  let at = 0;
  for (const named of theirs) {
    const found = ours.findIndex((step, i) => i >= at && isCalled(step, named.name));
    if (found === -1) {
      const same = ours.find(({ layer }) => layer === named.layer)?.rule.name;
      return {
        kind: 'differs',
        text: `At the ${portName} the switch applies ${named.name} in ${named.layer}; the trace ${same === undefined ? 'has no rule there' : `has ${same}`}.`,
        ours: same ?? `no rule of ${named.layer}`,
        theirs: named.name,
        at: named,
      };
    }
    at = found + 1;
  }
  if ((drop === undefined) !== (dropped === undefined))
    return {
      kind: 'differs',
      text:
        drop === undefined
          ? `At the ${portName} the switch passes the packet; the trace drops it: ${dropped ?? ''}`
          : `At the ${portName} the switch drops the packet; the trace passes it.`,
      ours: dropped ?? 'passes',
      theirs: drop?.text.trim() ?? 'passes',
      at: drop,
    };
  const names = theirs.map(({ name }) => name);
  const more = ours.length - new Set(names.map((name) => name.toLowerCase())).size;
  return {
    kind: 'agrees',
    text: `At the ${portName} the switch ${drop === undefined ? 'passes the packet' : 'drops the packet'} as the trace does${names.length === 0 ? '' : `, by ${names.join(', ')}`}${more > 0 && names.length > 0 ? ` (${more} more rules of the trace are not named)` : ''}.`,
    rules: names,
  };
}

const isCalled = ({ rule }: RuleStep, name: string): boolean =>
  rule.name.toLowerCase() === name.toLowerCase();
