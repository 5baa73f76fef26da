import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { ApiFailure, jsonOf } from './api-failure';
import type { ApiServer } from './api-server';
import { readList, type ApiObject } from './list';

export interface WatchOptions {
  readonly signal: AbortSignal;
  /**
   * All objects, page by page, at first and whenever the server could no longer say what has
   * changed. What a list that was begun before has given does not count.
   */
  readonly onList: {
    begin(): void;
    add(objects: readonly ApiObject[]): void;
    end(): void;
  };
  readonly onChange: (change: 'put' | 'removed', object: ApiObject) => void;
  /** The connection is lost, with why, or is there again (undefined). */
  readonly onLost: (why: string | undefined) => void;
  /** Wait after the first failure; doubled with each that follows. */
  readonly firstWaitMilliseconds?: number | undefined;
}

/** The server ends a watch after this time by itself; it then goes on where it was. */
const WATCH_SECONDS = 300;
/** Bookmarks come about once a minute. */
const SILENCE_MILLISECONDS = 150_000;
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;
const LINE_BYTES = 16 * 1024 ** 2;

const eventBody = z.object({
  type: z.string(),
  object: z.looseObject({
    kind: z.string().optional(),
    code: z.number().optional(),
    message: z.string().optional(),
    metadata: z.looseObject({ resourceVersion: z.string().optional() }).optional(),
  }),
});

/** The server has forgotten the version that a watch would go on from. */
const isGone = (error: unknown): boolean => error instanceof ApiFailure && error.status === 410;
/** Trying again would change nothing. */
const isRefusal = (error: unknown): boolean =>
  error instanceof ApiFailure && [401, 403, 404, 405].includes(error.status);

/**
 * Follows a list until cancelled: reads it, then hears of changes from its version on (watch with
 * bookmarks). Starts anew where the server has forgotten the version (410 Gone), and after a lost
 * connection, with growing waits.
 * @throws ApiFailure when the user may not; the signal's reason when cancelled
 */
export async function followList(
  api: ApiServer,
  path: string,
  options: WatchOptions,
): Promise<never> {
  const { signal, onList, onLost } = options;
  const firstWait = options.firstWaitMilliseconds ?? FIRST_WAIT;
  let version: string | undefined;
  let wait = firstWait;
  for (;;) {
    try {
      if (version === undefined) {
        onList.begin();
        const listed = await readList(api, path, {
          signal,
          onPage: (objects) => onList.add(objects),
          onRestart: () => onList.begin(),
        });
        onList.end();
        version = listed.resourceVersion;
      }
      const started = Date.now();
      const heard = await follow(api, path, version ?? '0', options, (newer) => {
        version = newer;
        wait = firstWait;
      });
      // Servers end watches in order; one that does it at once must not be asked without a pause.
      if (heard && Date.now() - started > firstWait) continue;
    } catch (error) {
      signal.throwIfAborted();
      if (isRefusal(error)) throw error;
      if (isGone(error)) version = undefined;
      else onLost(error instanceof Error ? error.message : String(error));
    }
    // Many windows must not come back at the same moment.
    await sleep(wait * (0.75 + Math.random() / 2), undefined, { signal }).catch(() =>
      signal.throwIfAborted(),
    );
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }
}

/** One watch until its end. True: something was heard. */
async function follow(
  api: ApiServer,
  path: string,
  from: string,
  { signal, onChange, onLost }: WatchOptions,
  onVersion: (version: string) => void,
): Promise<boolean> {
  const query = {
    watch: 'true',
    allowWatchBookmarks: 'true',
    resourceVersion: from,
    timeoutSeconds: WATCH_SECONDS,
  };
  const response = await api.open(path, query, signal, SILENCE_MILLISECONDS);
  onLost(undefined);
  let heard = false;
  try {
    for await (const line of linesOf(response)) {
      const { data } = eventBody.safeParse(jsonOf(line));
      if (data === undefined) throw new ApiFailure(0, 'the watch gave what is no event', false);
      const { type, object } = data;
      if (type === 'ERROR')
        throw new ApiFailure(object.code ?? 0, object.message ?? 'the watch failed', true);
      heard = true;
      if (type === 'ADDED' || type === 'MODIFIED') onChange('put', object);
      else if (type === 'DELETED') onChange('removed', object);
      const version = object.metadata?.resourceVersion;
      if (version !== undefined) onVersion(version);
    }
  } finally {
    response.destroy();
  }
  return heard;
}

async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  for await (const piece of response) {
    let data = rest.length === 0 ? (piece as Buffer) : Buffer.concat([rest, piece as Buffer]);
    for (let end = data.indexOf(10); end !== -1; end = data.indexOf(10)) {
      if (end > 0) yield data.toString('utf8', 0, end);
      data = data.subarray(end + 1);
    }
    if (data.length > LINE_BYTES) throw new ApiFailure(0, 'the watch gave too long a line', false);
    rest = Buffer.from(data);
  }
}
