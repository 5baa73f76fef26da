import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { FromAnalysis, LiveSource, ToAnalysis } from '../../shared/ipc/analysis';
import { calls, type AnalysisChannel, type Args, type Result } from '../../shared/ipc/contract';
import { scenario } from '../../shared/synthetic/scenarios';
import { writtenBundle } from '../../shared/synthetic/written-bundle';
import { AnalysisHost } from './host';

/* A case of live nodes: files come bit by bit, and in the end it is as if a bundle was opened. */

const folder = mkdtempSync(path.join(tmpdir(), 'live-case-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a made-up node as a bundle; gives its files as they are received live. */
function node(id: string, name: string): { folder: string; files: LiveSource['files'] } {
  const written = [...writtenBundle(scenario(id).bundle())].map(([file, bytes]) => {
    const location = path.join(folder, name, file);
    mkdirSync(path.dirname(location), { recursive: true });
    writeFileSync(location, bytes);
    return { path: file, location, bytes: bytes.length };
  });
  return { folder: path.join(folder, name), files: written };
}

const broken = node('broken-services-overlay', 'broken');
const healthy = node('healthy-overlay', 'healthy');
/** When the made-up nodes were collected: later, their logs would be old. */
let stamp = 0;
beforeAll(async () => {
  const bundle = new Asked();
  await bundle.open(broken.folder);
  const { nodes } = await bundle.ask('case:summary', {});
  stamp = nodes[0]?.snapshots[0]?.collectedAt ?? 0;
});

const source = (
  key: string,
  files: LiveSource['files'],
  more: Partial<LiveSource> = {},
): LiveSource => ({ key, name: '10.0.0.4', scope: 'node', stamp, running: true, files, ...more });

/** A host, and how it is asked. */
class Asked {
  readonly #host = new AnalysisHost((message) => this.#hear(message));
  readonly #waiting = new Map<number, (message: FromAnalysis) => void>();
  #id = 0;

  async ask<C extends AnalysisChannel>(channel: C, args: Args<C>): Promise<Result<C>> {
    const answer = await this.#send({ kind: 'call', id: this.#next(), channel, args, paths: [] });
    return calls[channel].result.parse(structuredClone(answer)) as Result<C>;
  }

  open(...paths: string[]): Promise<unknown> {
    return this.#send({ kind: 'open', id: this.#next(), paths, title: 'bundle' });
  }

  join(...sources: LiveSource[]): Promise<unknown> {
    return this.#send({ kind: 'live', id: this.#next(), sources });
  }

  /** Findings of a node's newest snapshot. */
  async findings(at = 0): Promise<Result<'findings:list'>['items']> {
    const { nodes } = await this.ask('case:summary', {});
    const snapshotId = nodes[at]?.snapshots.at(-1)?.id ?? '';
    return (await this.ask('findings:list', { snapshotId, offset: 0, limit: 500 })).items;
  }

  #next = (): number => (this.#id += 1);

  #send(message: Extract<ToAnalysis, { id: number }>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(message.id, (answer) => {
        if (answer.kind === 'reply') resolve(answer.value);
        else if (answer.kind === 'failure') reject(new Error(answer.error.message));
      });
      void this.#host.receive(message);
    });
  }

  #hear(message: FromAnalysis): void {
    if ('id' in message) this.#waiting.get(message.id)?.(message);
  }
}

const told = (all: Result<'findings:list'>['items']): unknown =>
  all.map(({ ruleId, title, evidence }) => [
    ruleId,
    title,
    evidence.map(({ file, line }) => `${file}:${line}`),
  ]);

let live: Asked;
beforeEach(() => {
  live = new Asked();
});

describe('a case of live nodes', () => {
  test('is in the end what the bundle is', async () => {
    const half = Math.floor(broken.files.length / 2);
    await live.join(source('a', broken.files.slice(0, 3)));
    await live.join(source('a', broken.files.slice(0, half)));
    await live.join(source('a', broken.files, { running: false }));
    const bundle = new Asked();
    await bundle.open(broken.folder);
    const found = await bundle.findings();
    expect(found.length).toBeGreaterThan(0);
    expect(told(await live.findings())).toEqual(told(found));
  });

  test('says of a snapshot whether more may follow', async () => {
    await live.join(source('a', broken.files.slice(0, 3)));
    const first = (await live.ask('case:summary', {})).nodes[0]?.snapshots[0];
    expect(first?.live).toEqual({ key: 'a', running: true });
    await live.join(source('a', broken.files, { running: false }));
    const last = (await live.ask('case:summary', {})).nodes[0]?.snapshots[0];
    expect(last?.live).toEqual({ key: 'a', running: false });
  });

  test('keeps the snapshot before when a node is collected again', async () => {
    await live.join(source('a', broken.files, { running: false }));
    await live.join(
      source(
        'b',
        broken.files.map((file) => ({ ...file })),
        { stamp: stamp + 60_000 },
      ),
    );
    const { nodes } = await live.ask('case:summary', {});
    expect(nodes.map(({ snapshots }) => snapshots.length)).toEqual([2]);
    const files = await live.ask('files:list', {
      snapshotId: null,
      filter: 'endpoint.txt',
      offset: 0,
      limit: 9,
    });
    expect(files.items.map((file) => file.path)).toEqual(['endpoint.txt', '10.0.0.4/endpoint.txt']);
  });

  test('joins a bundle that is open', async () => {
    await live.open(healthy.folder);
    await live.join(source('a', broken.files, { running: false }));
    const { nodes, title } = await live.ask('case:summary', {});
    expect(title).toBe('bundle');
    expect(nodes.flatMap(({ snapshots }) => snapshots)).toHaveLength(2);
  });

  test('keeps what was added by hand when more comes, and takes back only that', async () => {
    await live.join(source('a', broken.files.slice(0, 5)));
    const { nodes } = await live.ask('case:summary', {});
    const { items } = await live.ask('evidence:propose', {
      text: 'Active code page: 437\nnotes of mine\n',
    });
    const target = { kind: 'node', node: nodes[0]?.name ?? '' } as const;
    await live.ask('evidence:add', { items: items.map(({ id }) => ({ id, target })) });
    await live.join(source('a', broken.files, { running: false }));
    const paths = async (): Promise<string[]> =>
      (
        await live.ask('files:list', { snapshotId: null, filter: '', offset: 0, limit: 500 })
      ).items.map((file) => file.path);
    expect(await paths()).toContain('pasted.txt');
    expect(await live.ask('evidence:undo', {})).toEqual({ undone: 'pasted text' });
    const left = await paths();
    expect(left).not.toContain('pasted.txt');
    expect(left).toHaveLength(broken.files.length);
  });
});
