import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { zipOf } from '../../sources/testing/archives';
import { analysisCalls } from '.';
import { openedCase, samples } from '../testing/opened-case';
import type { CallAbout } from './handler';

const folder = mkdtempSync(path.join(os.tmpdir(), 'workbench-nested-'));
const opened: { close(): Promise<void> }[] = [];
afterAll(async () => {
  for (const each of opened) await each.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(root: string): Promise<CallAbout> {
  const { about, loaded } = await openedCase([root]);
  opened.push(loaded);
  return about;
}

const nodesOf = (about: CallAbout): string[] => about.case.state.case.nodes.map(({ name }) => name);
const titlesOf = (about: CallAbout): string[] =>
  about.case.state.findings.map(({ title }) => title);

test('an archive beside the files of a node is part of it, and can be taken back and opened again', async () => {
  const root = path.join(folder, 'part');
  cpSync(path.join(samples, 'broken-services-l2bridge'), root, { recursive: true });
  const vfp = path.join(root, 'vfpOutput.txt');
  writeFileSync(
    path.join(root, 'vfp.zip'),
    zipOf([
      { name: 'vfpOutput.txt', data: readFileSync(vfp) },
      { name: '../evil.txt', data: Buffer.from('x') },
    ]),
  );
  rmSync(vfp);
  const about = await open(root);
  expect(titlesOf(about)).toEqual([]);
  expect(about.case.nestedArchives).toEqual(['vfp.zip']);

  const changed = await analysisCalls('evidence:open-nested', { path: 'vfp.zip' }, about);
  expect(changed).toMatchObject({ newFindings: 1 });
  expect(nodesOf(about)).toEqual(['win-24elfepi8d9']);
  expect(titlesOf(about)).toEqual([expect.stringContaining('does not reach all backends')]);
  expect(about.case.nestedArchives).toEqual([]);
  expect(about.case.rejected).toHaveLength(1);

  await analysisCalls('evidence:undo', {}, about);
  expect(titlesOf(about)).toEqual([]);
  expect(about.case.nestedArchives).toEqual(['vfp.zip']);
  expect(about.case.rejected).toEqual([]);
});

test('an archive with a collection of another node is a node of its own', async () => {
  const root = path.join(folder, 'other');
  cpSync(path.join(samples, 'healthy-l2bridge'), root, { recursive: true });
  const other = path.join(samples, 'healthy-overlay');
  writeFileSync(
    path.join(root, 'other.zip'),
    zipOf(
      ['endpoint.txt', 'network.txt', 'policy.txt', 'ip.txt', 'kubelet.log'].map((name) => ({
        name,
        data: readFileSync(path.join(other, name)),
      })),
    ),
  );
  const about = await open(root);
  await analysisCalls('evidence:open-nested', { path: 'other.zip' }, about);
  expect(nodesOf(about)).toEqual(['win-24elfepi8d9', 'win-9p1xz4ct8rb']);
});
