import type { LiveTarget, ReceivedFile, ReceivedStream } from '../../../shared/ipc/live';
import type { CollectedSection, Collection, CollectWhat } from '../../../shared/ipc/live-schemas';

type State = Collection['state'];

/** What a collection begins with. */
interface Beginning {
  readonly id: string;
  readonly connectionId: string;
  readonly name: string;
  readonly address: string;
  readonly target: LiveTarget;
  readonly what: CollectWhat;
}

const good = (file: ReceivedFile): boolean => file.state === 'ok' || file.state === 'missing';
const mostNotes = 20;

/** One reading of one node: how it goes, and what has come. */
export class NodeCollection {
  state: State = 'waiting';
  at = '';
  /** When it began, which is the time of its snapshot. */
  startedAt: number | undefined;
  endedAt: number | undefined;
  failure: Collection['failure'] = null;
  #bytes = 0;
  #files: readonly ReceivedFile[] = [];
  #stream: ReceivedStream | undefined;
  #report: ReceivedFile | undefined;
  /** Its cluster is watched. */
  watching = false;
  /** What came before, while what is missing is collected again. */
  earlier: readonly ReceivedFile[] = [];

  constructor(readonly beginning: Beginning) {}

  get id(): string {
    return this.beginning.id;
  }

  get running(): boolean {
    return this.state === 'connecting' || this.state === 'collecting';
  }

  get over(): boolean {
    return !this.running && this.state !== 'waiting';
  }

  /** Waits for its turn; `again`: to collect what failed or is missing. */
  queue(again: boolean): void {
    this.state = 'waiting';
    this.at = '';
    this.failure = null;
    this.endedAt = undefined;
    this.earlier = again ? this.#files : [];
    this.#bytes = 0;
  }

  begin(now: number): void {
    this.state = 'connecting';
    this.startedAt ??= now;
  }

  progress(at: string, collecting: boolean, bytes: number): void {
    if (!this.running) return;
    this.state = collecting ? 'collecting' : 'connecting';
    this.at = at;
    this.#bytes = bytes;
  }

  /** A file came; one of a later try takes the place of the one of the same name. */
  add(file: ReceivedFile): void {
    const others = this.#files.filter((each) => file.path === '' || each.path !== file.path);
    this.#files = [...others, file];
  }

  end(stream: ReceivedStream, report: ReceivedFile, cancelled: boolean, now: number): void {
    this.#stream = stream;
    this.#files = stream.files;
    this.#report = report;
    this.state = cancelled ? 'cancelled' : stream.complete ? 'complete' : 'incomplete';
    this.at = '';
    this.endedAt = now;
  }

  /** An action read something of the node again: what it was before is replaced. */
  replace(stream: ReceivedStream, report: ReceivedFile): void {
    this.#stream = stream;
    this.#files = stream.files;
    this.#report = report;
  }

  /** It ended before anything came; what an earlier try brought stays. */
  fail(failure: Collection['failure'], now: number): void {
    this.failure = failure;
    this.state = failure === null ? 'cancelled' : this.#files.length > 0 ? 'incomplete' : 'failed';
    this.at = '';
    this.endedAt = now;
  }

  /** What its bundle is made of; undefined as long as nothing is whole enough to be saved. */
  get stream(): ReceivedStream | undefined {
    if (this.#files.length === 0 || !this.over) return undefined;
    const notes = ['The collection was not finished.'];
    // Files of a cluster that is watched are newer than the stream they came in.
    return { ...(this.#stream ?? { complete: false, notes }), files: [...this.#files] };
  }

  /** The files that its snapshot is made of, so far. */
  get snapshotFiles(): readonly ReceivedFile[] {
    const kept = this.#files.filter((file) => file.kept);
    return this.#report === undefined || !this.over ? kept : [...kept, this.#report];
  }

  /** Sections that came well, of which nothing has to come again. */
  get goodSections(): ReadonlySet<string> {
    const bad = new Set(this.#files.filter((file) => !good(file)).map((file) => file.section));
    return new Set(this.#files.map((file) => file.section).filter((each) => !bad.has(each)));
  }

  sections(): CollectedSection[] {
    return this.#files.map(({ section, path, state, bytes, milliseconds, notes }) => ({
      section,
      path,
      state,
      bytes,
      milliseconds: milliseconds ?? null,
      notes: notes.slice(0, 5).map((note) => note.slice(0, 500)),
    }));
  }

  summary(sectionsTotal: number, inCase: boolean): Collection {
    const { id, connectionId, name, address, what } = this.beginning;
    const sectionsDone = new Set(this.#files.map((file) => file.section)).size;
    const wanted = what.include.length === 0 ? sectionsTotal : what.include.length;
    return {
      id,
      connectionId,
      name,
      address,
      state: this.state,
      at: this.at,
      sectionsDone,
      sectionsTotal: Math.max(wanted, sectionsDone),
      files: this.#files.filter((file) => file.kept).length,
      bytes: this.over ? this.#files.reduce((sum, file) => sum + file.bytes, 0) : this.#bytes,
      startedAt: this.startedAt ?? null,
      endedAt: this.endedAt ?? null,
      troubles: this.#files.filter((file) => !good(file)).length,
      failure: this.failure,
      watching: this.watching,
      notes: (this.over ? (this.#stream?.notes ?? []) : []).slice(0, mostNotes),
      inCase,
    };
  }
}
