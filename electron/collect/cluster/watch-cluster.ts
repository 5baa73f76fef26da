import type { SourceEntry } from '../../sources/source';
import { ApiFailure } from '../../transports/kubernetes/api-failure';
import type { KubernetesConnection } from '../../transports/kubernetes/connect';
import type { ApiObject } from '../../transports/kubernetes/list';
import { followList } from '../../transports/kubernetes/watch';
import { CLUSTER_KINDS, listPath } from './cluster-kinds';
import { itemText, LIST_HEAD, listTail } from './list-file';

export interface ClusterWatchOptions {
  readonly signal: AbortSignal;
  /** As in `collectCluster`. */
  readonly namespaces: readonly string[];
  /**
   * Files as `collectCluster` would write them now. The next call waits until this has settled.
   */
  readonly onFiles: (files: readonly SourceEntry[]) => Promise<void>;
  /** In words for the operator: what cannot be watched, a lost connection, and that it is there again. */
  readonly onNote: (text: string) => void;
  /** Changes that come this close together are told at once. */
  readonly quietMilliseconds?: number | undefined;
  readonly firstWaitMilliseconds?: number | undefined;
  /** What is held of the cluster; a kind that does not fit is no longer watched. */
  readonly limitBytes?: number | undefined;
}

const QUIET = 1000;
/** Where something always changes, it is told of after so many of these. */
const LONGEST = 5;
const LIMIT_BYTES = 128 * 1024 ** 2;

/**
 * Watches the objects of a cluster until cancelled. Gives each file once it is known, and again when
 * it has changed. Memory is bounded.
 * @throws the signal's reason when cancelled
 */
export async function watchCluster(
  { api }: KubernetesConnection,
  options: ClusterWatchOptions,
): Promise<void> {
  const { signal, namespaces, onNote, firstWaitMilliseconds } = options;
  const limit = options.limitBytes ?? LIMIT_BYTES;
  const teller = new Teller(options);
  const lost = new Set<string>();
  let held = 0;
  const follow = async (section: string, path: string): Promise<void> => {
    const giveUp = new AbortController();
    const list = new WatchedList(section, (grown) => {
      held += grown;
      if (held > limit) giveUp.abort(new TooMuch());
    });
    const mark = (changed: boolean): void => {
      if (changed && !giveUp.signal.aborted) teller.mark(list);
    };
    try {
      await followList(api, path, {
        signal: AbortSignal.any([signal, giveUp.signal]),
        firstWaitMilliseconds,
        onList: {
          begin: () => list.begin(),
          add: (objects) => list.add(objects),
          end: () => mark(list.end()),
        },
        onChange: (change, object) => mark(list.change(change, object)),
        onLost: (why) => {
          if (why === undefined) {
            if (lost.delete(section) && lost.size === 0) onNote('The API server answers again.');
          } else {
            if (lost.size === 0) onNote(`The API server is lost and tried again: ${why}`);
            lost.add(section);
          }
        },
      });
    } catch (error) {
      signal.throwIfAborted();
      teller.unmark(list);
      list.drop();
      if (error instanceof TooMuch)
        onNote(`${section}: too many objects to watch; collect again to see what has changed`);
      else if (error instanceof ApiFailure)
        onNote(`${section} cannot be watched: ${error.message}`);
      else throw error;
    }
  };
  const kinds = CLUSTER_KINDS.flatMap((kind) =>
    (kind.namespaced && namespaces.length > 0 ? namespaces : [undefined]).map((namespace) =>
      follow(
        namespace === undefined ? kind.resource : `${kind.resource}-${namespace}`,
        listPath(kind, namespace),
      ),
    ),
  );
  try {
    await Promise.race([Promise.all(kinds), teller.failed]);
  } finally {
    teller.stop();
  }
}

class TooMuch extends Error {}

/** The objects of a list as the texts they have in its file. While a list is read, the one before is kept. */
class WatchedList {
  #texts = new Map<string, Buffer>();
  #before: ReadonlyMap<string, Buffer> | undefined;
  /** A list of it was read to its end. */
  #known = false;

  constructor(
    readonly section: string,
    private readonly onGrown: (bytes: number) => void,
  ) {}

  begin(): void {
    // A list that has to begin anew is compared with the last that was whole.
    const before = this.#before ?? (this.#known ? this.#texts : undefined);
    this.drop();
    this.#before = before;
  }

  add(objects: readonly ApiObject[]): void {
    for (const object of objects) this.#put(object);
  }

  /** True: something is other than it was. */
  end(): boolean {
    const before = this.#before;
    this.#before = undefined;
    this.#known = true;
    if (before?.size !== this.#texts.size) return true;
    return [...this.#texts].some(([key, text]) => before.get(key)?.equals(text) !== true);
  }

  change(change: 'put' | 'removed', object: ApiObject): boolean {
    const old = this.#texts.get(keyOf(object));
    if (change === 'put') {
      const text = this.#put(object);
      return old?.equals(text) !== true;
    }
    if (old !== undefined) this.onGrown(-old.length);
    return this.#texts.delete(keyOf(object));
  }

  drop(): void {
    for (const text of this.#texts.values()) this.onGrown(-text.length);
    this.#texts = new Map();
    this.#before = undefined;
  }

  file(): SourceEntry {
    const pieces: Buffer[] = [Buffer.from(LIST_HEAD)];
    const texts = this.#before ?? this.#texts;
    for (const text of texts.values())
      pieces.push(Buffer.from(pieces.length === 1 ? '\n' : ',\n'), text);
    pieces.push(Buffer.from(listTail(texts.size)));
    const bytes = Buffer.concat(pieces);
    return {
      path: `${this.section}.json`,
      size: bytes.length,
      modifiedAt: Date.now(),
      kind: 'file',
      read: () => Promise.resolve(bytes),
    };
  }

  #put(object: ApiObject): Buffer {
    const key = keyOf(object);
    const text = Buffer.from(itemText(object));
    this.onGrown(text.length - (this.#texts.get(key)?.length ?? 0));
    this.#texts.set(key, text);
    return text;
  }
}

function keyOf({ metadata }: ApiObject): string {
  const { namespace, name } = (metadata ?? {}) as { namespace?: unknown; name?: unknown };
  return `${String(namespace ?? '')}/${String(name)}`;
}

/** Tells of changed files once changes have come to rest, or have gone on for a while. */
class Teller {
  /** Rejects with what `onFiles` threw. */
  readonly failed: Promise<never>;
  readonly #changed = new Set<WatchedList>();
  #fail: (error: unknown) => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;
  #since: number | undefined;
  #telling = false;
  #stopped = false;

  constructor(private readonly options: ClusterWatchOptions) {
    this.failed = new Promise((_, reject) => (this.#fail = reject));
    this.failed.catch(() => undefined);
  }

  mark(list: WatchedList): void {
    this.#changed.add(list);
    this.#schedule();
  }

  unmark(list: WatchedList): void {
    this.#changed.delete(list);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#telling || this.#stopped) return;
    clearTimeout(this.#timer);
    const quiet = this.options.quietMilliseconds ?? QUIET;
    this.#since ??= Date.now();
    const left = this.#since + LONGEST * quiet - Date.now();
    this.#timer = setTimeout(() => void this.#tell(), Math.max(0, Math.min(quiet, left)));
  }

  async #tell(): Promise<void> {
    this.#since = undefined;
    const files = [...this.#changed].map((list) => list.file());
    this.#changed.clear();
    if (files.length === 0) return;
    this.#telling = true;
    try {
      await this.options.onFiles(files);
    } catch (error) {
      this.#fail(error);
    }
    this.#telling = false;
    if (this.#changed.size > 0) this.#schedule();
  }
}
