import type { CheckResult, Finding } from '../../shared/model/finding';
import { viewContext, type ViewContext } from '../../shared/inspect/view-context';
import type { ParsedFile } from '../../shared/parsers/parsed-file';
import { groupCauses } from '../../shared/rules/causes';
import { RULES } from '../../shared/rules/catalogue';
import type { PinnedTrace } from '../../shared/report/report-input';
import { analysisSteps } from '../../shared/rules/engine';
import { assembleCase, type NodeInput } from '../../shared/snapshot/assemble';
import type { FlowQuestion } from '../../shared/trace/flow';
import type { Case, NodeSnapshot } from '../../shared/snapshot/node-snapshot';
import { withLive, type LiveInput } from './live-input';
import type { LoadedCase } from './load-case';
import { Pause } from './pause';

export interface Rejected {
  readonly path: string;
  readonly reason: string;
}

/** An analysed state of the case: what the views read. Replaced as a whole when evidence is added. */
export interface Analysed {
  readonly inputs: readonly NodeInput[];
  readonly case: Case;
  readonly findings: readonly Finding[];
  readonly checks: readonly CheckResult[];
  readonly files: ReadonlyMap<string, ParsedFile>;
}

/** Assembles and analyses; yields between rules so that cancel and requests are heard. */
export async function analyseInputs(
  inputs: readonly NodeInput[],
  signal: AbortSignal,
  onRule: (done: number, total: number) => void = () => undefined,
): Promise<Analysed> {
  const theCase = assembleCase(inputs);
  const pause = new Pause(signal);
  await pause.now();
  const steps = [...analysisSteps(theCase, RULES)];
  const findings: Finding[] = [];
  const checks: CheckResult[] = [];
  for (const [done, step] of steps.entries()) {
    const { check, findings: found } = step();
    checks.push(check);
    findings.push(...found);
    onRule(done + 1, steps.length);
    await pause.whenDue();
  }
  const files = new Map(inputs.flatMap((i) => i.files.map((f) => [f.file.path, f] as const)));
  return { inputs, case: theCase, findings: groupCauses(findings, RULES), checks, files };
}

interface CaseState {
  readonly state: Analysed;
  /** What was added last. */
  readonly label: string | undefined;
  /** That was an archive inside of what is open: its path. */
  readonly archive?: string | undefined;
}

/**
 * The open case: the analysed state, the states before evidence was added (for undo), and what is
 * kept between requests of one view.
 */
export class OpenCase {
  #states: CaseState[];
  readonly #contexts = new Map<string, ViewContext>();
  readonly #kept = new Map<string, unknown>();
  readonly #pinned = new Map<string, PinnedTrace>();
  /** What live nodes have brought so far, by the key of their collection. */
  readonly live = new Map<string, LiveInput>();

  constructor(
    readonly id: string,
    readonly title: string,
    readonly sampleNote: string | undefined,
    first: Analysed,
    readonly rejected: Rejected[],
    readonly loaded: Pick<LoadedCase, 'nestedArchives' | 'openNested'>,
  ) {
    this.#states = [{ state: first, label: undefined }];
  }

  get state(): Analysed {
    const last = this.#states[this.#states.length - 1];
    if (!last) throw new Error('a case always has a state');
    return last.state;
  }

  /** What undo would take back. */
  get undoLabel(): string | undefined {
    return this.#states[this.#states.length - 1]?.label;
  }

  /** Archives inside what was opened that wait to be opened. */
  get nestedArchives(): readonly string[] {
    const opened = new Set(this.#states.map(({ archive }) => archive));
    return this.loaded.nestedArchives.filter((path) => !opened.has(path));
  }

  /** Puts a new state on top; `label` says what was added, `archive` that it lay inside of what is open. */
  push(state: Analysed, label: string, archive?: string): void {
    this.#states.push({ state, label, archive });
    this.#forget();
  }

  /** Brings the state up to date with what live nodes have brought; says whether that was needed. */
  async catchUp(signal: AbortSignal): Promise<boolean> {
    const inputs = withLive(this.state.inputs, this.live);
    if (inputs === this.state.inputs) return false;
    const state = await analyseInputs(inputs, signal);
    const last = this.#states.pop();
    this.#states.push({ state, label: last?.label, archive: last?.archive });
    this.#forget();
    return true;
  }

  /** Takes the last addition back. Gives its label, or null when there is none. */
  undo(): string | null {
    if (this.#states.length < 2) return null;
    const top = this.#states.pop();
    const inside = `${top?.archive ?? ''}!/`;
    const left = this.rejected.filter(({ path }) => !path.startsWith(inside));
    if (top?.archive !== undefined) this.rejected.splice(0, Infinity, ...left);
    this.#forget();
    return top?.label ?? null;
  }

  snapshots(): readonly NodeSnapshot[] {
    return this.state.case.nodes.flatMap((n) => n.snapshots);
  }

  /** The context of a snapshot; undefined for an id of an earlier state. */
  context(snapshotId: string): ViewContext | undefined {
    const known = this.#contexts.get(snapshotId);
    if (known) return known;
    const snapshot = this.snapshots().find((s) => s.id === snapshotId);
    if (!snapshot) return undefined;
    const context = viewContext(snapshot, this.state.case, this.state.findings);
    this.#contexts.set(snapshotId, context);
    return context;
  }

  /** Something costly that the next page of the same view needs again. Two of a kind are kept at most. */
  keep<T>(kind: string, key: string, make: () => T): T {
    const full = `${kind} ${key}`;
    if (this.#kept.has(full)) return this.#kept.get(full) as T;
    const same = [...this.#kept.keys()].filter((k) => k.startsWith(`${kind} `));
    for (const old of same.slice(0, Math.max(0, same.length - 1))) this.#kept.delete(old);
    const made = make();
    this.#kept.set(full, made);
    return made;
  }

  /** Traces that the user wants in the report. */
  get pinned(): readonly PinnedTrace[] {
    return [...this.#pinned.values()];
  }

  isPinned(snapshotId: string, question: FlowQuestion): boolean {
    return this.#pinned.has(JSON.stringify([snapshotId, question]));
  }

  pin(snapshotId: string, question: FlowQuestion, pinned: boolean): void {
    const key = JSON.stringify([snapshotId, question]);
    if (pinned) this.#pinned.set(key, { snapshotId, question });
    else this.#pinned.delete(key);
  }

  #forget(): void {
    this.#contexts.clear();
    this.#kept.clear();
  }
}
