import type { FromLive, ReceivedFile, ReceivedStream, ToLive } from '../../shared/ipc/live';
import type { CollectWhat } from '../../shared/ipc/live-schemas';
import { hasContent } from '../collect/collected-node';
import { collectionReport, REPORT_FILE } from '../collect/collection-report';
import type { CollectorParameters } from '../collect/collector-command';
import type { CollectedFile, FrameStream } from '../collect/frame-reader';
import type { FrameStore } from '../collect/frame-store';
import { failureOf, type Outcome } from './failure-of';
import { ProgressSender } from './progress-sender';
import type { Questions } from './questions';
import { readTarget } from './read-target';

type Collect = Extract<ToLive, { kind: 'collect' }>;

/**
 * Signs in, runs the collector and says what came, piece by piece. What came is kept whatever
 * happens after: a lost connection or a cancel make an incomplete collection, no failure.
 */
export async function collectJob(
  order: Collect,
  store: FrameStore,
  questions: Questions,
  signal: AbortSignal,
  send: (message: FromLive) => void,
): Promise<Outcome> {
  const progress = new ProgressSender(order.job, send);
  const came: CollectedFile[] = [];
  const whole = (stream: FrameStream, cancelled: boolean): Outcome => {
    const files = joined(order.earlier, stream.files);
    const complete = stream.complete && !files.some(isLost);
    const all: ReceivedStream = {
      ...received({ ...stream, complete }),
      files,
      // Sections of two tries were not read one after another.
      ...(order.earlier.length > 0 ? {} : { endedAt: Date.now() }),
    };
    return { kind: 'collected', stream: all, report: report(order, all, store), cancelled };
  };
  try {
    const stream = await readTarget(
      order.target,
      {
        parameters: parametersOf(order.what),
        store,
        signal,
        events: {
          onBegin: (section) => progress.at(section, true),
          onBytes: (bytes) => progress.bytes(bytes),
          onFile: (file) => {
            came.push(file);
            send({ kind: 'file', job: order.job, file: receivedFile(file) });
          },
        },
      },
      questions,
      (text) => progress.at(text, false),
    );
    return whole(stream, false);
  } catch (error) {
    const cancelled = signal.aborted;
    if (came.length === 0) return cancelled ? { kind: 'cancelled' } : failureOf(error);
    const why = cancelled
      ? 'The collection was cancelled.'
      : error instanceof Error
        ? error.message
        : String(error);
    const notes = [why, 'What had not come by then is missing.'];
    return whole({ languageMode: undefined, files: came, complete: false, notes }, cancelled);
  } finally {
    progress.flush();
  }
}

/** What the collector is asked for; its own defaults where nothing is said. */
export function parametersOf(what: CollectWhat): CollectorParameters {
  return {
    ...(what.include.length === 0 ? {} : { include: what.include }),
    ...(what.logLines === null ? {} : { logLines: what.logLines }),
    ...(what.eventHours === null ? {} : { eventHours: what.eventHours }),
    ...(what.sectionSeconds === null ? {} : { sectionSeconds: what.sectionSeconds }),
  };
}

/** A file of a later try takes the place of the one of the same name; a worse one does not. */
function joined(earlier: readonly ReceivedFile[], later: readonly CollectedFile[]): ReceivedFile[] {
  const fresh = later.map(receivedFile);
  const replaced = (old: ReceivedFile): boolean =>
    fresh.some((file) => file.path === old.path && !(isLost(file) && !isLost(old)));
  const kept = earlier.filter((old) => !replaced(old));
  return [
    ...kept,
    ...fresh.filter((file) => !kept.some((old) => old.path === file.path && file.path !== '')),
  ];
}

/** It came not at all or not whole; that a node has nothing of a kind is no loss. */
export const isLost = (file: { readonly state: CollectedFile['state'] }): boolean =>
  file.state !== 'ok' && file.state !== 'missing';

/** A collected file as main is told of it. */
export const receivedFile = (file: CollectedFile): ReceivedFile => ({
  section: file.section,
  path: file.path,
  state: file.state,
  bytes: file.bytes,
  ...(file.milliseconds === undefined ? {} : { milliseconds: file.milliseconds }),
  notes: [...file.notes],
  location: file.location,
  kept: hasContent(file),
});

const received = (stream: FrameStream): ReceivedStream => ({
  ...(stream.languageMode === undefined ? {} : { languageMode: stream.languageMode }),
  files: stream.files.map(receivedFile),
  complete: stream.complete,
  notes: [...stream.notes],
});

/** A received stream in the shape that the collector's own parts take. */
export const frameStream = (stream: ReceivedStream): FrameStream => ({
  languageMode: stream.languageMode,
  files: stream.files.map((file) => ({ ...file, milliseconds: file.milliseconds })),
  complete: stream.complete,
  notes: stream.notes,
  readAgain: stream.readAgain,
});

/** The report of a collection, as a file beside those received. */
export function report(
  { name, at }: Pick<Collect, 'name' | 'at'>,
  stream: ReceivedStream,
  store: FrameStore,
): ReceivedFile {
  const bytes = Buffer.from(
    collectionReport(name, { at, endedAt: stream.endedAt }, frameStream(stream)),
  );
  const file = store.create();
  file.write(bytes);
  file.close();
  const { location } = file;
  return {
    section: 'report',
    path: REPORT_FILE,
    state: 'ok',
    bytes: bytes.length,
    notes: [],
    location,
    kept: true,
  };
}
