import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';

/**
 * A small JSON file that survives crashes and corruption: it is written aside and renamed, and
 * what cannot be read or does not fit the schema is set aside as `NAME.broken` and replaced by
 * `fallback`. Failing to write (full disk, read-only profile) loses the change, not the program.
 */
export class JsonFile<T> {
  #value: T;

  constructor(
    private readonly file: string,
    schema: z.ZodType<T>,
    fallback: T,
    /** Who may read it, where that is not up to the profile's folder. */
    private readonly mode?: number,
  ) {
    this.#value = readJson(file, schema) ?? fallback;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    this.#value = value;
    const fresh = `${this.file}.new`;
    try {
      mkdirSync(path.dirname(this.file), { recursive: true });
      writeFileSync(fresh, `${JSON.stringify(value, null, 2)}\n`, { mode: this.mode ?? 0o666 });
      renameSync(fresh, this.file);
    } catch (error) {
      console.error(`Could not save ${this.file}: ${String(error)}`);
    }
  }
}

function readJson<T>(file: string, schema: z.ZodType<T>): T | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  try {
    const result = schema.safeParse(JSON.parse(text));
    if (result.success) return result.data;
  } catch {
    // Not JSON.
  }
  try {
    renameSync(file, `${file}.broken`);
  } catch {
    // It will be overwritten by the next save.
  }
  return undefined;
}
