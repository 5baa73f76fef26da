import { randomUUID } from 'node:crypto';
import type { FromAnalysis, ToAnalysis } from '../../shared/ipc/analysis';
import type { Failure } from '../../shared/ipc/contract';
import { analysisCalls, isAnalysisChannel } from './calls';
import { CallError } from './call-error';
import { capturePath } from './capture-files';
import { EvidenceBasket } from './evidence-basket';
import { liveInput } from './live-input';
import { LiveFiles } from './live-files';
import { loadCase } from './load-case';
import { analyseInputs, OpenCase } from './open-case';
import { ProgressThrottle } from './progress-throttle';
import { csvOf, pictureOf, renderReport } from './render';
import { refuseUnknown } from './usable-case';

/** Text sent in one message: small enough never to block the sender. */
const CHUNK = 48 * 1024;

/** Answers main's messages. One host serves one case for its whole life. */
export class AnalysisHost {
  #open: OpenCase | undefined;
  #abort = new AbortController();
  readonly #basket = new EvidenceBasket();
  readonly #liveFiles = new LiveFiles();
  /** Changes of the case are made one after another. */
  #turn: Promise<unknown> = Promise.resolve();
  readonly #confirms = new Map<string, (goOn: boolean) => void>();

  constructor(private readonly send: (message: FromAnalysis) => void) {}

  async receive(message: ToAnalysis): Promise<void> {
    switch (message.kind) {
      case 'cancel':
        this.#abort.abort(new CallError('cancelled', 'Cancelled'));
        for (const answer of this.#confirms.values()) answer(false);
        this.#confirms.clear();
        return;
      case 'confirm-answer':
        this.#confirms.get(message.confirmId)?.(message.goOn);
        this.#confirms.delete(message.confirmId);
        return;
      case 'open':
        return this.#reply(message.id, () => this.#openCase(message));
      case 'live':
        return this.#reply(message.id, () => this.#inTurn(() => this.#joinLive(message)));
      case 'call':
        return this.#reply(message.id, () =>
          changesCase.has(message.channel)
            ? this.#inTurn(() => this.#call(message))
            : this.#call(message),
        );
      case 'capture-path':
        return this.#reply(message.id, () =>
          Promise.resolve(capturePath(this.#case(), message.snapshotId, message.file)),
        );
      case 'render':
        return this.#reply(message.id, () =>
          this.#stream(message.id, renderReport(this.#case(), message.format)),
        );
      case 'picture':
        return this.#reply(message.id, () =>
          this.#stream(message.id, pictureOf(this.#case(), message)),
        );
      case 'csv':
        return this.#reply(message.id, () =>
          this.#stream(message.id, csvOf(this.#case(), message)),
        );
    }
  }

  async #reply(id: number, work: () => Promise<unknown>): Promise<void> {
    try {
      this.send({ kind: 'reply', id, value: await work() });
    } catch (error) {
      this.send({ kind: 'failure', id, error: failureOf(error) });
    }
  }

  #case(): OpenCase {
    if (!this.#open) throw new CallError('not-open', 'Nothing is open');
    return this.#open;
  }

  async #openCase(message: Extract<ToAnalysis, { kind: 'open' }>): Promise<null> {
    const signal = this.#freshSignal();
    const progress = new ProgressThrottle((p) => this.send({ kind: 'progress', progress: p }));
    const loaded = await loadCase(message.paths, {
      signal,
      pastedText: message.text,
      onProgress: (p) => progress.report(p),
      confirmLarge: (question) => this.#confirm(question.title, question.detail),
    });
    refuseUnknown(loaded);
    const state = await analyseInputs(loaded.inputs, signal, (done, total) =>
      progress.report({
        phase: 'analysing',
        filesDone: done,
        filesTotal: total,
        bytesDone: 0,
        bytesTotal: 0,
      }),
    );
    this.#open = new OpenCase(
      randomUUID(),
      message.title,
      message.sampleNote,
      state,
      [...loaded.rejected],
      loaded,
    );
    return null;
  }

  /** Takes in what has come of live nodes, and analyses the case anew with it. */
  async #joinLive({ sources }: Extract<ToAnalysis, { kind: 'live' }>): Promise<null> {
    // Not that of cancel: what has come stays part of the case.
    const { signal } = new AbortController();
    const title = sources.map(({ name }) => name).join(', ');
    this.#open ??= await emptyCase(title, signal);
    const open = this.#open;
    const prefixes = new Set([...open.live.values()].map((input) => input.pathPrefix ?? ''));
    const taken = [...open.state.files.keys()];
    for (const source of sources) {
      const before = open.live.get(source.key);
      const prefix = before?.pathPrefix ?? prefixFor(source.name, taken, prefixes);
      prefixes.add(prefix);
      const { files, rejected } = await this.#liveFiles.read(source, prefix, signal);
      const known = new Set(open.rejected.map(({ path }) => path));
      open.rejected.push(...rejected.filter(({ path }) => !known.has(path)));
      open.live.set(source.key, liveInput(source, files, prefix));
    }
    if (await open.catchUp(signal)) this.send({ kind: 'changed' });
    return null;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async #call(message: Extract<ToAnalysis, { kind: 'call' }>): Promise<unknown> {
    if (!isAnalysisChannel(message.channel))
      throw new CallError('invalid-arguments', `No call ${message.channel}`);
    return analysisCalls(message.channel, message.args, {
      case: this.#case(),
      paths: message.paths,
      basket: this.#basket,
      signal: () => this.#freshSignal(),
      progress: (progress) => this.send({ kind: 'progress', progress }),
      changed: () => this.send({ kind: 'changed' }),
    });
  }

  async #stream(id: number, pieces: Iterable<string>): Promise<null> {
    for (const piece of pieces) {
      for (let at = 0; at < piece.length; at += CHUNK) {
        this.send({ kind: 'chunk', id, text: piece.slice(at, at + CHUNK) });
      }
    }
    return null;
  }

  #confirm(title: string, detail: string): Promise<boolean> {
    const confirmId = randomUUID();
    return new Promise((resolve) => {
      this.#confirms.set(confirmId, resolve);
      this.send({ kind: 'confirm', confirmId, title, detail });
    });
  }

  #freshSignal(): AbortSignal {
    this.#abort = new AbortController();
    return this.#abort.signal;
  }
}

/** Calls that put another state on the case. */
const changesCase: ReadonlySet<string> = new Set([
  'evidence:add',
  'evidence:undo',
  'evidence:open-nested',
]);

async function emptyCase(title: string, signal: AbortSignal): Promise<OpenCase> {
  const state = await analyseInputs([], signal);
  const openNested = (path: string): Promise<never> =>
    Promise.reject(new CallError('not-found', `${path} is not in what was opened`));
  return new OpenCase(randomUUID(), title, undefined, state, [], {
    nestedArchives: [],
    openNested,
  });
}

/** Put before the paths of a live node that joins others: a path must tell which is meant. */
function prefixFor(name: string, taken: readonly string[], prefixes: ReadonlySet<string>): string {
  if (taken.length === 0 && prefixes.size === 0) return '';
  for (let n = 1; ; n += 1) {
    const prefix = n === 1 ? `${name}/` : `${name} (${n})/`;
    if (!prefixes.has(prefix) && !taken.some((path) => path.startsWith(prefix))) return prefix;
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof CallError) return { code: error.code, message: error.message };
  if (error instanceof Error && error.name === 'SourceError')
    return { code: 'unreadable', message: error.message };
  if (error instanceof Error && error.name === 'AbortError')
    return { code: 'cancelled', message: 'Cancelled' };
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}
