import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import type { FromLive, ReceivedFile } from '../../shared/ipc/live';
import { FrameStore } from '../collect/frame-store';
import type { CommandRunner } from '../transports/transport';
import { actJob } from './act-job';
import { Questions } from './questions';

/* How an action ends that does not come to its end by itself. */

const store = new FrameStore();
afterAll(() => store.dispose());

const lines = (base64: string): string[] => base64.match(/.{1,76}/g) ?? [];
const code = (text: string): string => Buffer.from(text).toString('base64');

/** A file as the collector prints it. */
function frame(number: number, section: string, path: string, text: string): string {
  return [
    `@@WB1 BEGIN ${number} ${section} gzip`,
    `@@WB1 FILE ${code(path)}`,
    ...lines(gzipSync(text).toString('base64')),
    `@@WB1 HASH ${createHash('sha256').update(text).digest('hex')}`,
    `@@WB1 END ${number} ${Buffer.byteLength(text)} 15 ok`,
    '',
  ].join('\r\n');
}

const earlier: ReceivedFile[] = ['vswitch-ports ports.txt', 'vfp vfpOutput.txt'].map((each) => {
  const [section = '', path = ''] = each.split(' ');
  return {
    ...{ section, path, state: 'ok', bytes: 10, milliseconds: 1, notes: [] },
    ...{ location: 'old', kept: true },
  };
});

/** A node that prints some lines and then nothing more, until it is told to stop. */
const stuckAfter = (printed: string, printedAll: () => void): CommandRunner => ({
  run: async (_command, { signal, onOutput }) => {
    await onOutput(Buffer.from(`@@WB1 HELLO 1 FullLanguage\r\n${printed}`));
    const stopped = new Promise((resolve) =>
      signal.addEventListener('abort', resolve, { once: true }),
    );
    printedAll();
    await stopped;
    throw signal.reason as Error;
  },
});

/** Reads the VFP ports of a node that gets stuck, and ends it. */
async function act(printed: string, end: (cancel: AbortController, late: AbortController) => void) {
  const cancel = new AbortController();
  const late = new AbortController();
  const told: FromLive[] = [];
  const limits: number[] = [];
  let closed = 0;
  const outcome = await actJob(
    {
      ...{ kind: 'act', job: 'job', key: 'key', name: 'node', at: 0 },
      target: { kind: 'this-computer', cluster: null },
      what: { include: [], logLines: null, eventHours: null, sectionSeconds: null },
      action: { kind: 'vfp-port' },
      earlier: { files: earlier, complete: true, notes: [] },
    },
    store,
    new Questions('job', () => undefined),
    cancel.signal,
    (message) => told.push(message),
    {
      open: () =>
        Promise.resolve({
          runner: stuckAfter(printed, () => end(cancel, late)),
          close: () => void (closed += 1),
        }),
      limit: (seconds) => {
        limits.push(seconds);
        return late.signal;
      },
    },
  );
  return { outcome, closed, limits, told };
}

const ports = frame(1, 'vswitch-ports', 'ports.txt', 'Port name : new\n');
const begunVfp = `${ports}@@WB1 BEGIN 2 vfp gzip\r\n@@WB1 FILE ${code('vfpOutput.txt')}\r\n`;
const cancelIt = (cancel: AbortController): void => cancel.abort(new Error('cancelled'));
const tooLate = (_: AbortController, late: AbortController): void =>
  late.abort(new DOMException('The operation timed out.', 'TimeoutError'));

describe('an action that is cancelled', () => {
  it('takes what had come whole, keeps what was read before of the rest, and closes the way', async () => {
    const { outcome, closed } = await act(begunVfp, cancelIt);
    expect(outcome).toMatchObject({ kind: 'acted', cancelled: true, complete: false });
    expect(outcome.kind === 'acted' ? outcome.notes : []).toContain('It was cancelled.');
    const files = outcome.kind === 'acted' ? outcome.stream.files : [];
    expect(
      files.map(({ path, location }) => `${path} ${location === 'old' ? 'old' : 'new'}`),
    ).toEqual(['ports.txt new', 'vfpOutput.txt old']);
    expect(closed).toBe(1);
  });

  it('before anything came leaves everything as it was', async () => {
    const { outcome, closed } = await act('', cancelIt);
    expect(outcome).toEqual({ kind: 'cancelled' });
    expect(closed).toBe(1);
  });
});

describe('an action that takes too long', () => {
  it('is stopped after the time that was shown before, and what had come is kept', async () => {
    const { outcome, closed, limits } = await act(begunVfp, tooLate);
    expect(limits).toEqual([300]);
    expect(outcome).toMatchObject({ kind: 'acted', cancelled: false, complete: false });
    expect(outcome.kind === 'acted' ? outcome.notes.join(' ') : '').toContain(
      'stopped after 300 s',
    );
    expect(closed).toBe(1);
  });

  it('and brought nothing has failed, and says after which time', async () => {
    const { outcome } = await act('', tooLate);
    expect(outcome).toMatchObject({ kind: 'failed', message: 'It was stopped after 300 s.' });
  });
});

describe('where an action is', () => {
  it('is said however quickly it came there', async () => {
    const { told } = await act(begunVfp, cancelIt);
    const last = told.findLast((message) => message.kind === 'progress');
    expect(last).toMatchObject({ at: 'vfp', collecting: true });
  });
});
