import { levelOfLine } from '../../shared/parsers/logs/line-level';
import type { ActionPlan } from '../../shared/ipc/live-action-schemas';
import { FOLLOW_SECONDS, type FollowedLine } from '../../shared/ipc/live-follow';
import type { FromLive, ToLive } from '../../shared/ipc/live';
import { collectorCommand } from '../collect/collector-command';
import { powershellErrors } from '../collect/clixml';
import { FollowReader } from '../collect/follow/follow-reader';
import { FOLLOW_SCRIPT, type FollowParameters } from '../collect/follow/follow-script';
import type { FrameStore } from '../collect/frame-store';
import { failureOf, type Outcome } from './failure-of';
import { ProgressSender } from './progress-sender';
import type { Questions } from './questions';
import { openWay } from './way-to';
import { runs } from './what-runs';

type Follow = Extract<ToLive, { kind: 'follow' }>;

/** How much comes first. */
const LINES = 200;
/** Beyond the script's own limit, should it not keep it. */
const GRACE_SECONDS = 30;
/** What is kept of one log on this computer. */
const MOST_BYTES = 64 * 1024 ** 2;

const parametersOf = (path: string): FollowParameters => ({
  path,
  lines: LINES,
  seconds: FOLLOW_SECONDS,
});

/** What following a log runs on the node. */
export function followPlan(path: string): ActionPlan {
  const { command, bootstrap, parameters, script, sha256 } = runs(
    parametersOf(path),
    FOLLOW_SCRIPT,
  );
  return {
    title: 'Follow a log',
    about: [
      `Reads the last ${LINES} lines of ${path}, and then each line that is written to it, until you stop it or ${FOLLOW_SECONDS / 60} minutes are over.`,
      'Values that look like secrets are blanked on the node, as the collector does.',
      'What comes is kept apart from the snapshot; afterwards it can join the log there, or be dropped.',
    ],
    programs: [],
    disturbs: 'Nothing: it only reads. PowerShell runs on the node for as long as it follows.',
    sections: [],
    seconds: FOLLOW_SECONDS,
    ...{ command, bootstrap, parameters, script, sha256 },
  };
}

/**
 * Signs in and follows a log until it is stopped, its time is over, or the connection is lost. What
 * came lies in a file of the store, whatever the end.
 */
export async function followJob(
  order: Follow,
  store: FrameStore,
  questions: Questions,
  signal: AbortSignal,
  send: (message: FromLive) => void,
  open: typeof openWay = openWay,
): Promise<Outcome> {
  const progress = new ProgressSender(order.job, send);
  const sender = new LineSender(order.job, send);
  const file = store.create();
  const full = new AbortController();
  let bytes = 0;
  let lines = 0;
  const reader = new FollowReader({
    onLine: (text) => {
      if (full.signal.aborted) return;
      const stored = Buffer.from(`${text}\n`);
      file.write(stored);
      bytes += stored.length;
      lines += 1;
      sender.add(text);
      if (bytes > MOST_BYTES) full.abort(new Error('full'));
    },
  });
  const over = (why: string, fine: boolean): Outcome => ({
    kind: 'followed',
    ...{ location: file.location, lines, why, fine },
  });
  try {
    const way = await open(order.target, questions, signal, (text) => progress.at(text, false));
    try {
      progress.at('starting', true);
      const { command, input } = collectorCommand(parametersOf(order.path), FOLLOW_SCRIPT);
      const limit = AbortSignal.timeout((FOLLOW_SECONDS + GRACE_SECONDS) * 1000);
      const ended = await way.runner.run(command, {
        input,
        signal: AbortSignal.any([signal, limit, full.signal]),
        onOutput: (piece) => {
          reader.push(piece);
          if (reader.languageMode === 'FullLanguage') progress.at('following', true);
          return Promise.resolve();
        },
      });
      if (ended.lost !== undefined) return over(`The connection was lost: ${ended.lost}.`, false);
      if (reader.languageMode !== undefined && reader.languageMode !== 'FullLanguage')
        return over(
          `PowerShell runs in ${reader.languageMode}, and this needs the full language.`,
          false,
        );
      if (reader.ended === 'time') return over(timeOver, true);
      const said = [...reader.notes, powershellErrors(ended.stderr)].filter((each) => each !== '');
      return over(
        said.length > 0
          ? `It ended on the node: ${said.join(' ').slice(0, 500)}`
          : 'It ended on the node.',
        false,
      );
    } finally {
      await way.close();
    }
  } catch (error) {
    if (signal.aborted) return over('It was stopped.', true);
    if (full.signal.aborted)
      return over(`It was stopped after ${MOST_BYTES / 1024 ** 2} MB.`, true);
    if (error instanceof Error && error.name === 'TimeoutError') return over(timeOver, true);
    const failed = failureOf(error);
    return lines === 0 ? failed : over(failed.kind === 'failed' ? failed.message : '', false);
  } finally {
    progress.flush();
    sender.flush();
    file.close();
  }
}

const timeOver = `${FOLLOW_SECONDS / 60} minutes are over.`;

const EVERY_MILLISECONDS = 150;
/** Of a burst, the window is shown the last ones; the file has all. */
const MOST_AT_ONCE = 400;
const MOST_CHARACTERS = 2000;

/** Hands lines on, several at a time. */
class LineSender {
  #waiting: FollowedLine[] = [];
  #count = 0;
  #level: FollowedLine['level'] = 'unknown';
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly job: string,
    private readonly send: (message: FromLive) => void,
  ) {}

  add(text: string): void {
    this.#count += 1;
    // A line without a head goes on with the entry before.
    this.#level = levelOfLine(text) ?? this.#level;
    const shown = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)} …` : text;
    this.#waiting.push({ n: this.#count, text: shown, level: this.#level });
    if (this.#waiting.length > MOST_AT_ONCE) this.#waiting.shift();
    this.#timer ??= setTimeout(() => this.flush(), EVERY_MILLISECONDS);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    this.send({ kind: 'followed-lines', job: this.job, lines: this.#waiting });
    this.#waiting = [];
  }
}
