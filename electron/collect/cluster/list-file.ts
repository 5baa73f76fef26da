import type { FrameStore, StoredFile } from '../frame-store';
import type { ApiObject } from '../../transports/kubernetes/list';
import { keptObject } from './kept-object';

/** Beyond this a list is cut: a parser takes it for incomplete. */
export const LIST_BYTES = 256 * 1024 ** 2;

/** An object inside of a list, as kubectl prints it. */
export const itemText = (object: ApiObject): string =>
  JSON.stringify(keptObject(object), undefined, 4).replace(/^/gm, '        ');

export const LIST_HEAD = '{\n    "apiVersion": "v1",\n    "items": [';
const TAIL =
  '],\n    "kind": "List",\n    "metadata": {\n        "resourceVersion": ""\n    }\n}\n';
export const listTail = (count: number): string => (count === 0 ? TAIL : `\n    ${TAIL}`);

/** Writes objects as `kubectl get -o json` prints them, without holding them. */
export class ListFile {
  readonly #file: StoredFile;
  #count = 0;
  #bytes = 0;

  constructor(store: FrameStore) {
    this.#file = store.create();
    this.#write(LIST_HEAD);
  }

  get location(): string {
    return this.#file.location;
  }
  get bytes(): number {
    return this.#bytes;
  }
  get count(): number {
    return this.#count;
  }

  /** False: the list has become too large, and this and what follows is not in it. */
  add(object: ApiObject): boolean {
    const text = `${this.#count === 0 ? '' : ','}\n${itemText(object)}`;
    if (this.#bytes + text.length > LIST_BYTES) return false;
    this.#count += 1;
    this.#write(text);
    return true;
  }

  /** Ends the list; without it the text breaks off, which says that more was to come. */
  finish(): void {
    this.#write(listTail(this.#count));
    this.close();
  }

  close(): void {
    this.#file.close();
  }

  #write(text: string): void {
    const bytes = Buffer.from(text);
    this.#bytes += bytes.length;
    this.#file.write(bytes);
  }
}
