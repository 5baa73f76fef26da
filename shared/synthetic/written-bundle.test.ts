import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sampleFiles, writtenFile } from './written-bundle';

const folder = path.resolve(import.meta.dirname, '../../assets/samples');

function filesOnDisk(): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== '.gitattributes')
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .map((name) => name.split(path.sep).join('/'))
    .sort();
}

describe('the built-in samples', () => {
  const expected = sampleFiles();

  it('are what `npm run samples` writes', () => {
    expect(filesOnDisk()).toEqual([...expected.keys()].sort());
    const different = [...expected].filter(
      ([name, bytes]) => !readFileSync(path.join(folder, name)).equals(Buffer.from(bytes)),
    );
    expect(different.map(([name]) => name)).toEqual([]);
  });

  it('stay small', () => {
    const total = [...expected.values()].reduce((sum, bytes) => sum + bytes.length, 0);
    expect(total).toBeLessThan(4_000_000);
  });
});

describe('a written file', () => {
  it('has the encoding of its producer', () => {
    expect([...writtenFile('ip.txt', 'é\n')]).toEqual([0xff, 0xfe, 0xe9, 0, 0x0d, 0, 0x0a, 0]);
    expect([...writtenFile('vfpOutput.txt', 'é\n')]).toEqual([0x3f, 0x0d, 0x0a]);
    expect([...writtenFile('kubelet.log', 'é\n')]).toEqual([0xc3, 0xa9, 0x0a]);
  });
});
