import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FromLive } from '../../shared/ipc/live';
import type { CaptureWish } from '../../shared/ipc/live-capture-schemas';
import { FrameStore } from '../collect/frame-store';
import type { ReplayCapture } from '../transports/testing/openssh';
import { captureJob } from './capture-job';
import { captureWork, type CaptureOrder } from './capture-run';
import type { Outcome } from './failure-of';
import { Questions } from './questions';
import { LocalNode } from './testing/local-node';

const folder = mkdtempSync(join(tmpdir(), 'capture-job-'));
const packets = join(folder, 'packets.pcapng');
// Every byte there is, none of it text.
const bytes = Buffer.from(Array.from({ length: 3000 }, (_, at) => (at * 7) % 256));
writeFileSync(packets, bytes);
const text =
  '10:27:08.03 Drop: PktGroupId 1, PktNumber 1, DropReason 228, DropLocation 0xE000100F\n';
const ID = '0a1b2c3d-0000-4000-8000-00000000abcd';
const wish: CaptureWish = {
  ...{ seconds: 60, megabytes: 100, packetBytes: 256 },
  filter: { address: '10.244.1.5', port: null, protocol: 'tcp' },
};

let node: LocalNode;
let store: FrameStore;
const begin = (capture: ReplayCapture, more?: Readonly<Record<string, unknown>>): void =>
  node.answer({ packets, text, ...capture }, more);
beforeEach(() => {
  node = new LocalNode();
  store = new FrameStore();
});
afterEach(() => {
  node.dispose();
  store.dispose();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One step of the capture. @param cancelAt cancels the job as soon as it says that it is at this */
async function step(which: CaptureOrder['step'], cancelAt?: string): Promise<Captured> {
  const cancel = new AbortController();
  const send = (message: FromLive): void => {
    if (message.kind === 'progress' && message.at === cancelAt)
      cancel.abort(new Error('cancelled'));
  };
  const order: CaptureOrder = {
    ...{ kind: 'capture', step: which, job: 'job', key: 'key', capture: ID, wish },
    target: { kind: 'this-computer', cluster: null },
    startedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
  };
  const questions = new Questions('job', send);
  const work = captureWork(order, store, questions, cancel.signal, send);
  return told(await captureJob({ ...work, open: node.open }));
}

type Captured = ReturnType<typeof told>;
const told = (outcome: Outcome) =>
  outcome.kind === 'capture' ? outcome : { ...outcome, clean: undefined, files: [], notes: [] };
const isClean = (): void => {
  const { session, filters, folders, tasks } = node.onNode;
  expect({ session, filters, folders, tasks }).toEqual({
    ...{ session: null, filters: [], folders: [], tasks: {} },
  });
};

describe('a capture', () => {
  it('is begun, fetched byte for byte under names of its time, and nothing is left of it', async () => {
    begin({});
    expect(await step('start')).toMatchObject({ running: 'pktmon', clean: false, notes: [] });
    const { session, filters, tasks } = node.onNode;
    expect([session?.id, ...filters, ...Object.keys(tasks)]).toEqual([ID, ID, ID]);
    const fetched = await step('fetch');
    expect(fetched).toMatchObject({ kind: 'capture', clean: true, complete: true, notes: [] });
    expect(fetched.files.map(({ path, state }) => [path, state])).toEqual([
      ['captures/capture-20260102T030405Z.pcapng', 'ok'],
      ['captures/capture-20260102T030405Z.txt', 'ok'],
    ]);
    const [capture] = fetched.files;
    expect(readFileSync(capture?.location ?? '').equals(bytes)).toBe(true);
    isClean();
  });

  it('comes as a trace where the node is too old to convert it, with what converts it', async () => {
    begin({ tool: 'netsh' });
    expect(await step('start')).toMatchObject({ running: 'netsh' });
    const fetched = await step('fetch');
    expect(fetched).toMatchObject({ clean: true, complete: true });
    expect(fetched.files.map(({ path }) => path)).toEqual([
      'captures/capture-20260102T030405Z.etl',
    ]);
    expect(fetched.notes.join()).toContain(
      'etl2pcapng.exe capture-20260102T030405Z.etl capture-20260102T030405Z.pcapng',
    );
    isClean();
  });

  it.each([
    ['Packet Monitor runs', { busy: 'pktmon' }, /^Packet Monitor is already running/],
    ['a netsh trace runs', { busy: 'netsh' }, /^A netsh trace is already running/],
    ['there are filters', { busy: 'filter' }, /^Packet Monitor has filters/],
    ['no task can be registered', { noTask: true }, /^Access is denied/],
  ] as const)('is refused where %s, and nothing is touched', async (_, capture, why) => {
    begin(capture);
    const refused = await step('start');
    expect(refused).toMatchObject({ kind: 'capture', running: null, clean: true });
    expect(refused.notes.join()).toMatch(why);
    expect(node.onNode.did).toEqual([]);
  });

  it('is refused in Constrained Language Mode', async () => {
    begin({}, { constrained: true });
    const refused = await step('start');
    expect(refused).toMatchObject({ running: null, clean: true });
    expect(refused.notes.join()).toMatch(/ConstrainedLanguage, and this needs the full language/);
  });

  it('is not begun where nobody can sign in', async () => {
    begin({});
    node.reachable = 0;
    expect(await step('start')).toMatchObject({ kind: 'failed', stage: 'port' });
  });
});

describe('a connection that is lost', () => {
  it('at the start: the node is signed in to once more and cleaned', async () => {
    begin({ breakIn: 'capture-start' });
    const lost = await step('start');
    expect(lost).toMatchObject({ kind: 'capture', running: null, clean: true });
    expect(lost.notes.join()).toMatch(/connection was lost/);
    expect(node.onNode.did[0]).toBe(`start ${ID}`);
    isClean();
  });

  it('at the start, for good: it is said that the node is left to its own task', async () => {
    begin({ breakIn: 'capture-start' });
    node.reachable = 1;
    const lost = await step('start');
    expect(lost).toMatchObject({ clean: false, running: null });
    expect(lost.notes.join()).toMatch(/The node does not answer/);
    expect(Object.keys(node.onNode.tasks)).toEqual([ID]);
  });

  it('while it is fetched: it is fetched once more, and the node is clean', async () => {
    begin({ breakIn: 'capture-packets' });
    await step('start');
    const fetched = await step('fetch');
    expect(fetched).toMatchObject({ clean: true, complete: true });
    expect(fetched.files.map(({ state }) => state)).toEqual(['ok', 'ok']);
    expect(node.onNode.did.filter((each) => each.startsWith('break'))).toEqual([
      'break in capture-packets',
    ]);
    isClean();
  });

  it('twice while it is fetched: what came is kept, and the node is clean', async () => {
    begin({ breakIn: 'capture-text', breaks: 2 });
    await step('start');
    const fetched = await step('fetch');
    expect(fetched).toMatchObject({ clean: true, complete: false });
    expect(fetched.files.map(({ path, state }) => [path.slice(-6), state])).toContainEqual([
      ...['pcapng', 'ok'],
    ]);
    isClean();
  });

  it('for good: what came is kept, and the node is left to its own task', async () => {
    begin({ breakIn: 'capture-text', breaks: 9 });
    await step('start');
    node.reachable = 1;
    const fetched = await step('fetch');
    expect(fetched).toMatchObject({ clean: false });
    expect(fetched.files.map(({ state }) => state)).toContain('ok');
    expect(node.onNode.session).toBeNull();
    expect(Object.keys(node.onNode.tasks)).toEqual([ID]);
  });

  it('before it is fetched: it captures on, and can be fetched later', async () => {
    begin({});
    await step('start');
    node.reachable = 0;
    expect(await step('fetch')).toMatchObject({ kind: 'failed' });
    expect(node.onNode.session?.id).toBe(ID);
    node.reachable = Infinity;
    expect(await step('fetch')).toMatchObject({ clean: true, complete: true });
  });
});

describe('what is given up', () => {
  it('is removed from the node without being fetched', async () => {
    begin({});
    await step('start');
    expect(await step('clean')).toMatchObject({ kind: 'capture', clean: true, files: [] });
    isClean();
  });

  it('is removed where the start is cancelled half-way', async () => {
    begin({});
    const given = await step('start', 'starting the capture');
    expect(given).toMatchObject({ kind: 'capture', cancelled: true, running: null, clean: true });
    isClean();
  });

  it('is removed where fetching is cancelled', async () => {
    begin({});
    await step('start');
    const given = await step('fetch', 'stopping the capture');
    expect(given).toMatchObject({ kind: 'capture', cancelled: true, clean: true, files: [] });
    isClean();
  });
});

it('the node ends a capture by itself that nobody came back for', async () => {
  begin({});
  await step('start');
  begin({ later: wish.seconds + 901 });
  const gone = await step('fetch');
  expect(gone).toMatchObject({ clean: true, complete: false, files: [] });
  expect(gone.notes.join()).toMatch(/Nothing of it was on the node any more/);
  isClean();
});
