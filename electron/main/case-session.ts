import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import path from 'node:path';
import {
  calls,
  type AnalysisChannel,
  type EventName,
  type EventPayload,
} from '../../shared/ipc/contract';
import type { LiveSource } from '../../shared/ipc/analysis';
import type { SourceRef } from '../../shared/ipc/app-schemas';
import type { CaseSummary, Progress } from '../../shared/ipc/case-schemas';
import { AnalysisProcess } from './analysis-process';
import { CallFailure } from './ipc';
import type { RecentList } from './recent';
import type { LiveCase } from './live/case-feed';
import type { Samples } from './samples';

/** Something to open: paths, a built-in sample, or pasted text. */
interface Source {
  readonly paths: readonly string[];
  readonly text?: string;
  readonly title: string;
  readonly sampleNote?: string;
}

/** What a session needs of the rest of main. */
export interface SessionSurroundings {
  readonly analysisScript: string;
  readonly recent: RecentList;
  readonly samples: Samples;
  readonly send: <E extends EventName>(name: E, payload: EventPayload<E>) => void;
  /** The list of recent items or the open case changed: the menu shows both. */
  readonly changed: () => void;
}

const noProgress: Omit<Progress, 'phase'> = {
  filesDone: 0,
  filesTotal: 0,
  bytesDone: 0,
  bytesTotal: 0,
};
const keptTokens = 10_000;
/** How long an opening may take to stop by itself before its process is ended. */
const cancelGraceMilliseconds = 200;

/**
 * What is open in the window. Each case has an analysis process of its own; the case that was open
 * before stays until the next one is analysed, so a cancelled or failed opening loses nothing.
 */
export class CaseSession {
  #current: AnalysisProcess | undefined;
  #opening: AnalysisProcess | undefined;
  /** A case of live nodes that has nothing to show yet. */
  #beginning: AnalysisProcess | undefined;
  #revision = 0;
  /** What the page has to know even if it was not there yet when it was said. */
  #question: EventPayload<'case:confirm'> | undefined;
  #failure: Progress | undefined;
  #pageListens = false;
  readonly #paths = new Map<string, string>();

  constructor(private readonly around: SessionSurroundings) {}

  get isOpen(): boolean {
    return this.#current !== undefined;
  }

  get isOpening(): boolean {
    return this.#opening !== undefined;
  }

  /** Keeps paths and returns tokens that stand for them in the renderer; '' has no path. */
  register(paths: readonly string[]): { token: string; name: string }[] {
    return paths.map((each) => {
      if (each === '') return { token: '', name: '' };
      const token = randomUUID();
      this.#paths.set(token, each);
      if (this.#paths.size > keptTokens) {
        const [oldest] = this.#paths.keys();
        if (oldest !== undefined) this.#paths.delete(oldest);
      }
      return { token, name: path.basename(each) };
    });
  }

  /** Opens what the renderer names. Resolves when it is analysed. */
  async openSources(sources: readonly SourceRef[]): Promise<void> {
    const found = sources.map((source) => this.#resolve(source));
    const paths = [...new Set(found.flatMap((source) => source.paths))];
    const sampleNote = found.find((source) => source.sampleNote !== undefined)?.sampleNote;
    const title = found.map((source) => source.title).join(', ');
    await this.#open({ paths, title, ...(sampleNote === undefined ? {} : { sampleNote }) });
  }

  /** Opens paths of the command line, the system's dialogs or the file manager. */
  async openPaths(paths: readonly string[]): Promise<void> {
    await this.#open({ paths, title: paths.map((each) => path.basename(each)).join(', ') });
  }

  /** Opens pasted text; it is not remembered. */
  async openText(text: string): Promise<void> {
    await this.#open({ paths: [], text, title: 'Pasted text' });
  }

  /** Says again what a page that has just loaded missed: a question of the guards, a failure. */
  repeat(): void {
    if (this.#question !== undefined) this.around.send('case:confirm', this.#question);
    if (this.#failure !== undefined) this.around.send('progress', this.#failure);
    this.#failure = undefined;
    this.#pageListens = true;
  }

  /** Stops an opening, or else whatever the open case is busy with. */
  cancel(): void {
    const opening = this.#opening;
    if (opening === undefined) {
      this.#current?.cancel();
      return;
    }
    opening.cancel();
    setTimeout(() => {
      if (this.#opening === opening) opening.stop();
    }, cancelGraceMilliseconds);
  }

  close(): void {
    this.#opening?.stop();
    this.#beginning?.stop();
    this.#current?.stop();
    this.#current = undefined;
    this.#beginning = undefined;
    this.#announce();
  }

  /**
   * Puts what has come of live nodes into a case: that one, for undefined the open one, and where
   * nothing is open a new one. Resolves when it is analysed.
   */
  async joinLive(
    into: LiveCase | undefined,
    sources: readonly LiveSource[],
  ): Promise<AnalysisProcess> {
    const known = [this.#current, this.#beginning].find((each) => each !== undefined);
    const joined = into instanceof AnalysisProcess ? into : (known ?? this.#start());
    if (joined !== this.#current) this.#beginning = joined;
    await joined.join(sources);
    if (joined === this.#beginning) {
      this.#beginning = undefined;
      if (this.#current === undefined) this.#current = joined;
      // Something else was opened meanwhile: the nodes join that.
      else {
        joined.stop();
        return this.joinLive(undefined, sources);
      }
      this.#announce();
    }
    return joined;
  }

  /** Answers a question of the guards; the asking process is the one that is opening, if any. */
  answer(id: string, goOn: boolean): void {
    this.#question = undefined;
    (this.#opening ?? this.#current)?.answer(id, goOn);
  }

  /** Passes a call on to the open case. */
  async forward(channel: AnalysisChannel, args: unknown): Promise<unknown> {
    return this.#openCase().call(channel, args, this.#pathsOfTokens(channel, args));
  }

  /** The path of a capture of the open case on the disk; undefined for one in an archive. */
  async capturePath(snapshotId: string, file: string): Promise<string | undefined> {
    return this.#openCase().capturePath(snapshotId, file);
  }

  /** Renders a text of the open case piece by piece. */
  async stream(
    request: Parameters<AnalysisProcess['stream']>[0],
    onChunk: (text: string) => void,
  ): Promise<void> {
    await this.#openCase().stream(request, onChunk);
  }

  /** A summary of the open case, for file names and the recent list. */
  async summary(): Promise<CaseSummary> {
    return readSummary(this.#openCase());
  }

  #openCase(): AnalysisProcess {
    if (this.#current === undefined) throw new CallFailure('not-open', 'Nothing is open.');
    return this.#current;
  }

  #pathsOfTokens(channel: AnalysisChannel, args: unknown): string[] {
    if (channel !== 'evidence:propose') return [];
    const { tokens = [] } = calls['evidence:propose'].args.parse(args);
    return tokens.map((token) => this.#pathOf(token));
  }

  #pathOf(token: string): string {
    const found = this.#paths.get(token);
    if (found === undefined) throw new CallFailure('not-found', 'This file is no longer known.');
    return found;
  }

  #resolve(source: SourceRef): Source {
    switch (source.kind) {
      case 'token': {
        const found = this.#pathOf(source.token);
        return { paths: [found], title: path.basename(found) };
      }
      case 'recent': {
        const paths = this.around.recent.pathsOf(source.id);
        const item = this.around.recent.list().find(({ id }) => id === source.id);
        if (paths === undefined)
          throw new CallFailure('not-found', 'This item is not in the list.');
        return { paths, title: item?.name ?? '' };
      }
      case 'sample': {
        const found = this.around.samples.pathOf(source.id);
        const item = this.around.samples.items.find(({ id }) => id === source.id);
        if (found === undefined) throw new CallFailure('not-found', 'There is no such sample.');
        return { paths: [found], title: item?.title ?? '', sampleNote: this.around.samples.note };
      }
    }
  }

  async #open(source: Source): Promise<void> {
    this.#opening?.stop();
    this.#failure = undefined;
    this.#question = undefined;
    const opened = this.#start();
    this.#opening = opened;
    this.around.send('progress', { phase: 'listing', name: source.title, ...noProgress });
    try {
      await opened.open(source);
    } catch (error) {
      opened.stop();
      if (this.#opening === opened) {
        this.#opening = undefined;
        this.#question = undefined;
        const cancelled = error instanceof CallFailure && error.code === 'cancelled';
        const outcome: Progress = {
          phase: cancelled ? 'cancelled' : 'failed',
          name: source.title,
          ...noProgress,
          message: error instanceof Error ? error.message : String(error),
        };
        // Who has heard of it once may have left it behind.
        this.#failure = cancelled || this.#pageListens ? undefined : outcome;
        this.around.send('progress', outcome);
      }
      throw error;
    }
    if (this.#opening !== opened) throw new CallFailure('cancelled', 'Something else was opened.');
    this.#opening = undefined;
    const previous = this.#current;
    this.#current = opened;
    previous?.stop();
    this.#announce();
    this.around.send('progress', { phase: 'done', ...noProgress });
    if (source.sampleNote === undefined && source.text === undefined)
      await this.#remember(source, opened);
  }

  /** A process for a case, which tells of itself as long as it counts. */
  #start(): AnalysisProcess {
    const opened: AnalysisProcess = new AnalysisProcess(this.around.analysisScript, {
      progress: (progress) => {
        // How it ends is told below, once; what a stopped one still says does not count.
        const counts = opened === this.#opening || opened === this.#current;
        if (counts && !['done', 'failed', 'cancelled'].includes(progress.phase)) {
          this.around.send('progress', progress);
        }
      },
      changed: () => {
        if (opened === this.#current) this.#announce();
      },
      confirm: (question) => {
        this.#question = question;
        this.around.send('case:confirm', question);
      },
      ended: () => {
        if (opened !== this.#current) return;
        this.#current = undefined;
        this.#announce();
      },
    });
    return opened;
  }

  async #remember(source: Source, opened: AnalysisProcess): Promise<void> {
    const summary = await readSummary(opened);
    const snapshots = summary.nodes.flatMap((node) => node.snapshots);
    const sum = (of: (snapshot: (typeof snapshots)[number]) => number): number =>
      snapshots.reduce((total, snapshot) => total + of(snapshot), 0);
    const files = sum((snapshot) => snapshot.counts.files);
    this.around.recent.add({
      paths: [...source.paths],
      name: summary.title,
      detail: `${kindOf(source.paths)}, ${files === 1 ? '1 file' : `${files} files`}`,
      openedAt: Date.now(),
      errors: sum(({ steps }) => steps.reduce((total, step) => total + step.errors, 0)),
      warnings: sum(({ steps }) => steps.reduce((total, step) => total + step.warnings, 0)),
      judged: snapshots.every(({ verdict }) => verdict.tone !== 'unknown'),
    });
    this.around.changed();
  }

  #announce(): void {
    this.#revision += 1;
    this.around.send('case-changed', { open: this.isOpen, revision: this.#revision });
    this.around.changed();
  }
}

async function readSummary(analysis: AnalysisProcess): Promise<CaseSummary> {
  return calls['case:summary'].result.parse(await analysis.call('case:summary', {}, []));
}

function kindOf(paths: readonly string[]): string {
  const [first] = paths;
  if (first === undefined || paths.length > 1) return `${paths.length} items`;
  if (statSync(first, { throwIfNoEntry: false })?.isDirectory() === true) return 'folder';
  return path.extname(first).slice(1).toLowerCase() || 'file';
}
