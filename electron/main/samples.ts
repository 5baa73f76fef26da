import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { sampleItem } from '../../shared/ipc/app-schemas';

/**
 * The built-in sample nodes: `assets/samples/samples.json` lists them, each in the folder of its
 * id. A missing or broken list means no samples, never a failure to start.
 */
export class Samples {
  readonly items: readonly z.infer<typeof sampleItem>[];

  constructor(private readonly folder: string) {
    this.items = readList(path.join(folder, 'samples.json'));
  }

  pathOf(id: string): string | undefined {
    return this.items.some((item) => item.id === id) ? path.join(this.folder, id) : undefined;
  }

  /** What is said beside an open sample. */
  readonly note = 'Synthetic sample node, made for this application.';
}

function readList(file: string): readonly z.infer<typeof sampleItem>[] {
  try {
    return z.array(sampleItem).parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return [];
  }
}
