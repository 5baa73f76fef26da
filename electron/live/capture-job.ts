import { z } from 'zod';
import { CAPTURE_FETCH_SCRIPT, CAPTURE_START_SCRIPT } from '../collect/collector-command';
import type { CollectedFile } from '../collect/frame-reader';
import { FETCH_SECONDS, fetchParameters, START_SECONDS, startParameters } from './capture-plan';
import {
  cleanUp,
  cleanupOf,
  answerOf,
  message,
  notCleaned,
  runScript,
  type CaptureWork,
} from './capture-run';
import { capturedFiles } from './captured-files';
import { failureOf, type Outcome } from './failure-of';

type Ended = Extract<Outcome, { kind: 'capture' }>;

/** One step of a packet capture on a node. What the node was left with is in the answer. */
export async function captureJob(work: CaptureWork): Promise<Outcome> {
  try {
    switch (work.order.step) {
      case 'start':
        return await start(work);
      case 'fetch':
        return await fetch(work);
      case 'clean':
        return ended(await cleanUp(work));
    }
  } finally {
    work.progress.flush();
  }
}

const begun = z.object({
  tool: z.enum(['pktmon', 'netsh']),
  notes: z.array(z.string()),
});

async function start(work: CaptureWork): Promise<Outcome> {
  const { order, signal } = work;
  const parameters = startParameters(order.capture, order.wish);
  let ran;
  try {
    ran = await runScript(work, CAPTURE_START_SCRIPT, parameters, START_SECONDS);
  } catch (error) {
    // Nothing was run: signing in failed, or was cancelled.
    return signal.aborted ? { kind: 'cancelled' } : failureOf(error);
  }
  const answer = answerOf(ran.files, 'capture-start', begun);
  if (answer !== undefined && !signal.aborted)
    return ended({ clean: false, notes: answer.notes }, { running: answer.tool, complete: true });
  const said = ran.files.find(({ state }) => state === 'error')?.notes ?? [];
  if (ran.refused) return ended({ clean: true, notes: [...ran.notes] });
  if (said.length > 0 && !said.some((note) => note.includes('left on the node')))
    return ended({ clean: true, notes: said.map(sentence) });
  const lost = ran.lost && !signal.aborted ? [...said, ...ran.notes] : said;
  const cleaned = await cleanUp(work);
  return ended(
    { clean: cleaned.clean, notes: [...lost.map(sentence), ...cleaned.notes].slice(0, 20) },
    { cancelled: signal.aborted },
  );
}

const stopped = z.object({ found: z.boolean() });

/**
 * Stops, converts, fetches and removes. A lost connection is tried once more: what was captured is
 * still there. After that, and after a cancel, it is only removed.
 */
async function fetch(work: CaptureWork): Promise<Outcome> {
  const { order, signal } = work;
  const came: CollectedFile[] = [];
  const notes: string[] = [];
  let cleaned: ReturnType<typeof cleanupOf>;
  for (let tried = 1; tried <= 2 && cleaned === undefined && !signal.aborted; tried += 1) {
    try {
      const parameters = fetchParameters(order.capture);
      const ran = await runScript(work, CAPTURE_FETCH_SCRIPT, parameters, FETCH_SECONDS);
      came.push(...ran.files);
      cleaned = cleanupOf(ran.files);
      if (cleaned?.clean !== true) notes.push(...notCleaned(ran, cleaned?.left ?? []));
      if (ran.refused) break;
    } catch (error) {
      if (signal.aborted) break;
      // The first time, nothing was changed: it captures on, and can be fetched later.
      if (tried === 1) return failureOf(error);
      notes.push(message(error));
    }
  }
  if (cleaned === undefined) {
    const after = await cleanUp(work);
    notes.push(...after.notes);
    cleaned = { clean: after.clean, left: [] };
  }
  const { files, troubles, advice } = capturedFiles(came, order.startedAt);
  const gone = answerOf(came, 'capture-stop', stopped)?.found === false && files.length === 0;
  if (gone)
    notes.push(
      'Nothing of it was on the node any more: its own task had ended it, or the node was restarted.',
    );
  return ended(
    { clean: cleaned.clean, notes: [...notes, ...troubles, ...advice].map(sentence).slice(0, 20) },
    {
      files: signal.aborted ? [] : files,
      complete: files.some(({ state }) => state === 'ok') && troubles.length === 0,
      cancelled: signal.aborted,
    },
  );
}

function ended(
  { clean, notes }: { readonly clean: boolean; readonly notes: readonly string[] },
  more: Partial<Ended> = {},
): Ended {
  return {
    kind: 'capture',
    running: null,
    files: [],
    cancelled: false,
    complete: false,
    ...more,
    clean,
    notes: [...new Set(notes)],
  };
}

/** What the script throws, as a person reads it. */
const sentence = (note: string): string => {
  const text = note.replace(/^refused: /, '').trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
};
