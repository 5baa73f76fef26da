import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { z } from 'zod';
import type { recentItem } from '../../shared/ipc/app-schemas';
import { JsonFile } from './json-file';

const storedItem = z.object({
  id: z.string(),
  paths: z.array(z.string()).min(1),
  name: z.string(),
  detail: z.string(),
  openedAt: z.number(),
  errors: z.number().int(),
  warnings: z.number().int(),
  /** Enough was checked for a verdict. */
  judged: z.boolean().optional(),
});
type StoredItem = z.infer<typeof storedItem>;

const keptItems = 12;

/** The bundles opened last, newest first. The renderer knows them by id, never by path. */
export class RecentList {
  readonly #file: JsonFile<readonly StoredItem[]>;

  constructor(file: string) {
    this.#file = new JsonFile<readonly StoredItem[]>(file, z.array(storedItem), []);
  }

  /** What the renderer may see. */
  list(): z.infer<typeof recentItem>[] {
    return this.#file.value.map(({ paths, ...item }) => ({
      ...item,
      exists: paths.every((path) => existsSync(path)),
    }));
  }

  pathsOf(id: string): readonly string[] | undefined {
    return this.#file.value.find((item) => item.id === id)?.paths;
  }

  add(item: Omit<StoredItem, 'id'>): void {
    const id = createHash('sha256').update(item.paths.join('\0')).digest('hex').slice(0, 16);
    const others = this.#file.value.filter((other) => other.id !== id);
    this.#file.set([{ ...item, id }, ...others].slice(0, keptItems));
  }

  clear(): void {
    this.#file.set([]);
  }
}
