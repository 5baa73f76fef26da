import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assumption, ASSUMPTION_IDS } from './assumptions';
import { DISPOSITIONS } from './disposition';

const rows = readFileSync(join(import.meta.dirname, '../../docs/vfp-semantics.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')));
const rowOf = (id: string): readonly string[] => rows.find((cells) => cells[1] === id) ?? [];

describe('docs/vfp-semantics.md', () => {
  it('explains every assumption, with a source and the same confidence', () => {
    for (const id of ASSUMPTION_IDS) {
      const [, , statement, source, confidence] = rowOf(id);
      expect(statement, id).toBeTruthy();
      expect(source, id).toBeTruthy();
      expect(confidence, id).toBe(assumption(id).confidence);
    }
  });

  it('lists every end with its condition, and nothing that is not there', () => {
    const ends = Object.entries(DISPOSITIONS);
    for (const [kind, { success, when }] of ends)
      expect(rowOf(kind).slice(2, 4)).toEqual([success ? 'yes' : 'no', when]);
    expect(rows).toHaveLength(ends.length + ASSUMPTION_IDS.length);
  });
});
