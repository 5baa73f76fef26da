import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FromLive, ReceivedFile, ToLive } from '../../../shared/ipc/live';
import type { CaptureState, CaptureWish } from '../../../shared/ipc/live-capture-schemas';
import { NodeCollection } from './collection';
import type { LiveProcess } from './live-process';
import { NodeCaptures } from './node-captures';

type Outcome = Extract<FromLive, { kind: 'ended' }>['outcome'];
type Sent = Extract<ToLive, { kind: 'capture' }>;

const wish: CaptureWish = {
  ...{ seconds: 60, megabytes: 100, packetBytes: 256 },
  filter: { address: null, port: null, protocol: null },
};
const file = (path: string): ReceivedFile => ({
  ...{
    section: 'os',
    path,
    state: 'ok',
    bytes: 10,
    notes: [],
    location: `/tmp/${path}`,
    kept: true,
  },
});
const done = (more: Partial<Extract<Outcome, { kind: 'capture' }>>): Outcome => ({
  ...{ kind: 'capture', running: null, clean: true, files: [], cancelled: false, complete: false },
  notes: [],
  ...more,
});
const capturing = done({ running: 'pktmon', clean: false });

let collection: NodeCollection;
let busy: boolean;
let posted: ToLive[];
let asked: ToLive['kind'][];
let changes: number;
let states: CaptureState[];
let captures: NodeCaptures;

function collected(languageMode = 'FullLanguage'): NodeCollection {
  const what = { include: [], logLines: null, eventHours: null, sectionSeconds: null };
  const made = new NodeCollection({
    ...{ id: 'key', connectionId: 'c', name: 'node1', address: 'node1:22', what },
    target: { kind: 'this-computer', cluster: null },
  });
  made.begin(Date.now());
  const stream = { languageMode, files: [file('winver.txt')], complete: true, notes: [] };
  made.end(stream, file('collection-report.txt'), false, Date.now());
  return made;
}

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 2, 3, 4, 5) });
  [busy, posted, asked, changes, states] = [false, [], [], 0, []];
  collection = collected();
  const process: Pick<LiveProcess, 'post' | 'request'> = {
    post: (message) => void posted.push(message),
    request: (request) => {
      asked.push(request.kind);
      if (request.kind !== 'join-capture') return Promise.resolve({});
      const files = [...request.stream.files, ...request.files];
      return Promise.resolve({ stream: { ...request.stream, files }, report: file('report') });
    },
  };
  captures = new NodeCaptures({
    process: process as LiveProcess,
    collection: () => collection,
    busy: () => busy,
    changed: () => (changes += 1),
    send: (state) => states.push(state),
  });
});
afterEach(() => {
  captures.stop();
  vi.useRealTimers();
});

const last = (): CaptureState | undefined => states.at(-1);
const orders = (): Sent[] => posted.filter((each): each is Sent => each.kind === 'capture');
const steps = (): string[] => orders().map(({ step }) => step);
const end = (outcome: Outcome): void => captures.end(orders().at(-1)?.job ?? '', outcome);
const paths = (): string[] => collection.stream?.files.map(({ path }) => path) ?? [];

describe('a capture on a node', () => {
  it('is stopped and fetched by itself when its time is over', () => {
    captures.start('key', wish);
    end(capturing);
    expect(last()).toMatchObject({ state: 'running', tool: 'pktmon', clean: false });
    vi.advanceTimersByTime(59_000);
    expect(steps()).toEqual(['start']);
    vi.advanceTimersByTime(1000);
    expect(steps()).toEqual(['start', 'fetch']);
    expect(last()?.state).toBe('fetching');
  });

  it('has one number from start to end, the one that was shown before', async () => {
    await captures.describe('key', wish).catch(() => undefined);
    captures.start('key', wish);
    end(capturing);
    captures.fetch('key');
    const numbers = new Set(orders().map(({ capture }) => capture));
    expect(numbers.size).toBe(1);
    end(done({}));
    captures.start('key', wish);
    expect(numbers.has(orders().at(-1)?.capture ?? '')).toBe(false);
  });

  it('joins what was collected, which is analysed again', async () => {
    captures.start('key', wish);
    end(capturing);
    captures.fetch('key');
    end(done({ complete: true, files: [file('captures/a.pcapng')] }));
    await vi.runAllTimersAsync();
    expect(paths()).toEqual(['winver.txt', 'captures/a.pcapng']);
    expect([last()?.state, changes]).toEqual(['done', 1]);
  });

  it('waits with that until nothing else is done on the node', async () => {
    captures.start('key', wish);
    end(capturing);
    captures.fetch('key');
    busy = true;
    end(done({ complete: true, files: [file('captures/a.pcapng')] }));
    await vi.advanceTimersByTimeAsync(1000);
    expect(paths()).toEqual(['winver.txt']);
    busy = false;
    captures.settle();
    await vi.advanceTimersByTimeAsync(1000);
    expect(paths()).toEqual(['winver.txt', 'captures/a.pcapng']);
  });

  it('is refused beside another one, and where no command can run or not in full', () => {
    captures.start('key', wish);
    expect(() => captures.start('key', wish)).toThrow(/already runs/);
    expect(() => captures.refuseWhileActive('key')).toThrow(/still runs on this node/);
    end(done({ notes: ['Refused.'] }));
    expect(last()).toMatchObject({ state: 'failed', clean: true, notes: ['Refused.'] });
    collection = collected('ConstrainedLanguage');
    expect(() => captures.start('key', wish)).toThrow(/ConstrainedLanguage/);
    expect(steps()).toEqual(['start']);
  });

  it('is kept as not cleaned up while the node is not reached, until that has done it by itself', () => {
    captures.start('key', wish);
    end(capturing);
    captures.fetch('key');
    end({ kind: 'failed', stage: 'port', message: 'No answer' });
    expect(last()).toMatchObject({ state: 'unreached', clean: false, notes: ['No answer'] });
    expect(captures.active).toHaveLength(1);
    captures.fetch('key');
    end({ kind: 'failed', stage: 'port', message: 'No answer' });
    expect(steps()).toEqual(['start', 'fetch', 'fetch']);
    vi.advanceTimersByTime((last()?.byItself ?? 0) - Date.now());
    expect(last()).toMatchObject({ state: 'failed', clean: false });
    expect(captures.active).toHaveLength(0);
  });

  it('is cancelled while something runs for it, and removed while nothing does', () => {
    captures.start('key', wish);
    captures.discard('key');
    expect(posted.at(-1)).toMatchObject({ kind: 'cancel', job: orders()[0]?.job });
    end(done({ cancelled: true }));
    expect(last()?.state).toBe('cancelled');
    captures.start('key', wish);
    end(capturing);
    captures.discard('key');
    expect(steps()).toEqual(['start', 'start', 'clean']);
    end(done({}));
    expect(last()).toMatchObject({ state: 'cancelled', clean: true });
  });

  it('outlives the process that signs in: what runs on the node is asked for again', () => {
    captures.start('key', wish);
    end(capturing);
    captures.lost('It ended.');
    expect(last()?.state).toBe('running');
    captures.fetch('key');
    captures.lost('It ended.');
    expect(last()).toMatchObject({ state: 'unreached', notes: ['It ended.'] });
  });

  it('is removed when the app ends, which waits for it, but not for ever', async () => {
    captures.start('key', wish);
    end(capturing);
    let over = false;
    const all = captures.discardAll().then(() => (over = true));
    expect(steps()).toEqual(['start', 'clean']);
    await vi.advanceTimersByTimeAsync(29_000);
    expect(over).toBe(false);
    await vi.advanceTimersByTimeAsync(1000);
    await all;
  });
});
