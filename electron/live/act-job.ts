import type { FromLive, ReceivedFile, ReceivedStream, ToLive } from '../../shared/ipc/live';
import { collectNode } from '../collect/collect-node';
import type { CollectedFile } from '../collect/frame-reader';
import type { FrameStore } from '../collect/frame-store';
import { planOf } from './action-plan';
import { isLost, receivedFile, report } from './collect-job';
import { failureOf, type Outcome } from './failure-of';
import { INSIDE_SECTION, insideFiles } from './inside-results';
import { ProgressSender } from './progress-sender';
import type { Questions } from './questions';
import { openWay } from './way-to';

type Act = Extract<ToLive, { kind: 'act' }>;

/** How the way is opened and how long it may be used: for tests, which have no node and no time. */
interface Means {
  readonly open: typeof openWay;
  readonly limit: (seconds: number) => AbortSignal;
}
const MEANS: Means = { open: openWay, limit: (seconds) => AbortSignal.timeout(seconds * 1000) };

/**
 * Signs in, does one thing, and joins what it read to what was collected. A section that did not
 * come whole leaves what was there: an old reading with its time tells more than half a new one.
 */
export async function actJob(
  order: Act,
  store: FrameStore,
  questions: Questions,
  signal: AbortSignal,
  send: (message: FromLive) => void,
  { open, limit }: Means = MEANS,
): Promise<Outcome> {
  const { parameters, plan, script } = planOf(order.action, order.what);
  const progress = new ProgressSender(order.job, send);
  const came: CollectedFile[] = [];
  const notes: string[] = [];
  let at = '';
  let ended = false;
  let from = Date.now();
  try {
    const way = await open(order.target, questions, signal, (text) => progress.at(text, false));
    try {
      from = Date.now();
      progress.at('starting', true);
      const stream = await collectNode(way.runner, {
        parameters,
        script,
        store,
        signal: AbortSignal.any([signal, limit(plan.seconds)]),
        events: {
          onBegin: (section) => {
            at = section;
            progress.at(section, true);
          },
          onBytes: (bytes) => progress.bytes(bytes),
          onFile: (file) => came.push(file),
        },
      });
      notes.push(...stream.notes);
      // Plain commands of Constrained Language Mode are a section each.
      ended = stream.complete || (stream.languageMode ?? 'FullLanguage') !== 'FullLanguage';
    } finally {
      await way.close();
    }
  } catch (error) {
    if (signal.aborted && came.length === 0) return { kind: 'cancelled' };
    const late = error instanceof Error && error.name === 'TimeoutError';
    const why = late ? new Error(`It was stopped after ${plan.seconds} s.`) : error;
    if (came.length === 0) return failureOf(why);
    notes.push(
      signal.aborted ? 'It was cancelled.' : why instanceof Error ? why.message : String(why),
    );
  } finally {
    progress.flush();
  }
  if (came.length === 0) return failureOf(new Error(notes[0] ?? 'Nothing came.'));
  const received = came.map(receivedFile);
  // What programs inside of containers said is a file each; of another section that it was at, more
  // files may have been to come.
  const frames = received.filter(({ section }) => section === INSIDE_SECTION);
  const others = received.filter(({ section }) => section !== INSIDE_SECTION);
  const inside = await insideFiles(order.action, frames, ended, store);
  const fresh = [...others.filter(({ section }) => ended || section !== at), ...inside];
  const sections = [
    ...plan.sections.filter((section) => section !== INSIDE_SECTION),
    ...new Set(inside.map(({ section }) => section)),
  ];
  const stream = withFresh(order.earlier, fresh, sections, { from, to: Date.now() });
  return {
    kind: 'acted',
    stream,
    report: report(order, stream, store),
    cancelled: signal.aborted,
    complete:
      sections.every((section) => whole(fresh, section)) &&
      (ended || !plan.sections.includes(INSIDE_SECTION)),
    notes: [...notes, ...kept(fresh)].slice(0, 20),
  };
}

/** All that belongs to a section came, and came whole. */
function whole(fresh: readonly ReceivedFile[], section: string): boolean {
  const own = fresh.filter((file) => file.section === section);
  return own.length > 0 && !own.some(isLost);
}

/** A collection with what was read again in the place of what it replaces. */
export function withFresh(
  earlier: ReceivedStream,
  fresh: readonly ReceivedFile[],
  sections: readonly string[],
  time: { readonly from: number; readonly to: number },
): ReceivedStream {
  const had = new Set(earlier.files.map(({ section }) => section));
  const taken = new Set(sections.filter((each) => whole(fresh, each) || isNew(fresh, each, had)));
  const before = (earlier.readAgain ?? []).flatMap((each) => {
    const left = each.sections.filter((section) => !taken.has(section));
    return left.length === 0 ? [] : [{ ...each, sections: left }];
  });
  const files = inPlace(
    earlier.files,
    fresh.filter((file) => taken.has(file.section)),
  );
  return {
    ...earlier,
    files,
    readAgain: taken.size === 0 ? before : [...before, { ...time, sections: [...taken] }],
  };
}

/** A section that was never there before is better half than not at all. */
const isNew = (
  fresh: readonly ReceivedFile[],
  section: string,
  had: ReadonlySet<string>,
): boolean => !had.has(section) && fresh.some((file) => file.section === section);

/** Files of a section stand where those stood before: the order tells of times. */
function inPlace(earlier: readonly ReceivedFile[], fresh: readonly ReceivedFile[]): ReceivedFile[] {
  const placed = new Set<string>();
  const replaced = new Set(fresh.map(({ section }) => section));
  const paths = new Set(fresh.map(({ path }) => path).filter((path) => path !== ''));
  const files = earlier.flatMap((file) => {
    if (!replaced.has(file.section)) return paths.has(file.path) ? [] : [file];
    if (placed.has(file.section)) return [];
    placed.add(file.section);
    return fresh.filter(({ section }) => section === file.section);
  });
  return [...files, ...fresh.filter(({ section }) => !placed.has(section))];
}

/** What did not come whole, and so was not taken. */
const kept = (fresh: readonly ReceivedFile[]): string[] =>
  fresh
    .filter(isLost)
    .map(({ section, state, notes }) =>
      [`${section}: ${state}`, ...notes.slice(0, 2)].join(', ').slice(0, 500),
    );
