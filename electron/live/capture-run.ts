import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { FromLive, ToLive } from '../../shared/ipc/live';
import { collectNode } from '../collect/collect-node';
import { CAPTURE_FETCH_SCRIPT, type CollectorParameters } from '../collect/collector-command';
import type { CollectedFile, FrameStream } from '../collect/frame-reader';
import type { FrameStore } from '../collect/frame-store';
import { CLEAN_SECONDS, cleanParameters, CLEANUP } from './capture-plan';
import { ProgressSender } from './progress-sender';
import type { Questions } from './questions';
import { openWay } from './way-to';

export type CaptureOrder = Extract<ToLive, { kind: 'capture' }>;

/** What a step of a capture needs of the job it is a part of. */
export interface CaptureWork {
  readonly order: CaptureOrder;
  readonly store: FrameStore;
  readonly questions: Questions;
  readonly signal: AbortSignal;
  readonly progress: ProgressSender;
  /** Signs in to the node; replaced in tests. */
  readonly open: typeof openWay;
}

/** The work of one order: a failure of the way or of the node is thrown by its steps, not here. */
export function captureWork(
  order: CaptureOrder,
  store: FrameStore,
  questions: Questions,
  signal: AbortSignal,
  send: (message: FromLive) => void,
): CaptureWork {
  const progress = new ProgressSender(order.job, send);
  return { order, store, questions, signal, progress, open: openWay };
}

/** What the sections do, in words. */
const DOES: Readonly<Record<string, string>> = {
  'capture-start': 'starting the capture',
  'capture-stop': 'stopping the capture',
  'capture-packets': 'converting and fetching the packets',
  'capture-text': 'converting and fetching the text with the drops',
  'capture-trace': 'fetching the trace',
  [CLEANUP]: 'cleaning up',
};

/** How a script ended: what came, and why not all did. */
export interface Ran {
  readonly files: readonly CollectedFile[];
  /** It may have done its work, in whole or in part, and we were not told. */
  readonly lost: boolean;
  /** Windows did not let it begin. */
  readonly refused: boolean;
  readonly notes: readonly string[];
}

/**
 * Signs in and runs a script of a capture once. What comes over whole or not is in the answer.
 * @throws TransportError where signing in failed, the signal's reason where cancelled during it:
 * nothing was run then
 */
export async function runScript(
  work: CaptureWork,
  script: string,
  parameters: CollectorParameters,
  seconds: number,
  signal = work.signal,
): Promise<Ran> {
  const { order, store, questions, progress } = work;
  const way = await work.open(order.target, questions, signal, (text) => progress.at(text, false));
  const files: CollectedFile[] = [];
  try {
    const stream = await collectNode(way.runner, {
      parameters,
      script,
      store,
      signal: AbortSignal.any([signal, AbortSignal.timeout(seconds * 1000)]),
      events: {
        onBegin: (section) => progress.at(DOES[section] ?? section, true),
        onBytes: (bytes) => progress.bytes(bytes),
        onFile: (file) => files.push(file),
      },
    });
    const refused = refusedByLanguage(stream);
    const notes = stream.complete ? [...stream.notes] : plainly(stream.notes);
    return { files: stream.files, lost: !stream.complete && !refused, refused, notes };
  } catch (error) {
    const late = error instanceof Error && error.name === 'TimeoutError';
    const why = late ? `It took longer than ${seconds} s.` : String(message(error));
    return { files, lost: true, refused: false, notes: [why] };
  } finally {
    await Promise.resolve(way.close()).catch(() => undefined);
  }
}

const UNFINISHED = /^The collector did not say that it is done/;

/** That it did not end is said only where nothing says why. */
function plainly(notes: readonly string[]): string[] {
  const why = notes.filter((note) => !UNFINISHED.test(note));
  return (why.length > 0 ? why : ['What ran on the node ended before it was done.'])
    .map((note) => note.replace(/^The collector/, 'What should run on the node'))
    .slice(0, 3);
}

const refusedByLanguage = ({ languageMode, files }: FrameStream): boolean =>
  files.length === 0 && languageMode !== undefined && languageMode !== 'FullLanguage';

/** What an error says, for a sentence to the user. */
export const message = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

const cleanedUp = z.object({ clean: z.boolean(), left: z.array(z.string()) });

/** Whether the node said that nothing is left; undefined where it did not say. */
export function cleanupOf(files: readonly CollectedFile[]): z.infer<typeof cleanedUp> | undefined {
  return answerOf(files, CLEANUP, cleanedUp);
}

/** What a section answered in JSON; undefined where it did not come whole, or in another shape. */
export function answerOf<T>(
  files: readonly CollectedFile[],
  section: string,
  shape: z.ZodType<T>,
): T | undefined {
  const file = files.find((each) => each.section === section && each.state === 'ok');
  if (file === undefined) return undefined;
  try {
    return shape.parse(JSON.parse(readFileSync(file.location, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Why a node is not known to be clean. */
export function notCleaned({ files, notes }: Ran, left: readonly string[]): string[] {
  if (left.length > 0) return [`Left on the node: ${left.join(', ')}.`];
  const said = files.findLast(({ section }) => section === CLEANUP)?.notes ?? [];
  return [...said, ...notes].slice(0, 3);
}

/**
 * Signs in once more and removes the capture from the node, whatever became of the way before. It
 * has a time of its own: the user's cancel is what it may be about.
 */
export async function cleanUp(work: CaptureWork): Promise<{ clean: boolean; notes: string[] }> {
  try {
    const { order } = work;
    const signal = AbortSignal.timeout(CLEAN_SECONDS * 1000);
    work.progress.at('signing in once more to clean up', false);
    const parameters = cleanParameters(order.capture);
    const ran = await runScript(work, CAPTURE_FETCH_SCRIPT, parameters, CLEAN_SECONDS, signal);
    const answer = cleanupOf(ran.files);
    if (answer?.clean === true) return { clean: true, notes: [] };
    return { clean: false, notes: notCleaned(ran, answer?.left ?? []) };
  } catch (error) {
    return { clean: false, notes: [message(error)] };
  }
}
