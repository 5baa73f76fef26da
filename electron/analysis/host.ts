import { randomUUID } from 'node:crypto';
import type { FromAnalysis, ToAnalysis } from '../../shared/ipc/analysis';
import type { Failure } from '../../shared/ipc/contract';
import { analysisCalls, isAnalysisChannel } from './calls';
import { CallError } from './call-error';
import { EvidenceBasket } from './evidence-basket';
import { loadCase } from './load-case';
import { analyseInputs, OpenCase } from './open-case';
import { ProgressThrottle } from './progress-throttle';
import { csvOf, renderReport } from './render';
import { refuseUnknown } from './usable-case';

/** Text sent in one message: small enough never to block the sender. */
const CHUNK = 48 * 1024;

/** Answers main's messages. One host serves one case for its whole life. */
export class AnalysisHost {
  #open: OpenCase | undefined;
  #abort = new AbortController();
  readonly #basket = new EvidenceBasket();
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
      case 'call':
        return this.#reply(message.id, () => this.#call(message));
      case 'render':
        return this.#reply(message.id, () =>
          this.#stream(message.id, renderReport(this.#case(), message.format)),
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

function failureOf(error: unknown): Failure {
  if (error instanceof CallError) return { code: error.code, message: error.message };
  if (error instanceof Error && error.name === 'SourceError')
    return { code: 'unreadable', message: error.message };
  if (error instanceof Error && error.name === 'AbortError')
    return { code: 'cancelled', message: 'Cancelled' };
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}
