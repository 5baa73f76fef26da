import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { FromLive } from '../../shared/ipc/live';
import { FrameStore } from '../collect/frame-store';
import { TransportError, type CommandRunner, type Ended } from '../transports/transport';
import { followJob, followPlan } from './follow-job';
import { Questions } from './questions';

/* How following a log ends, and what is told of it. */

const store = new FrameStore();
afterAll(() => store.dispose());

const line = (text: string, word = 'LINE'): string =>
  `@@WB1 ${word} ${Buffer.from(text).toString('base64')}\r\n`;
const HELLO = '@@WB1 HELLO 1 FullLanguage\r\n';
const path = 'C:\\k\\kubelet.log';
const done: Ended = { exitCode: 0, stderr: '', lost: undefined };

/** Follows a log of a node that prints this and then ends so; without an end it waits to be stopped. */
async function follow(printed: string, ended?: Ended) {
  const stop = new AbortController();
  const told: FromLive[] = [];
  let closed = 0;
  const runner: CommandRunner = {
    run: async (_command, { signal, onOutput }) => {
      await onOutput(Buffer.from(printed));
      if (ended !== undefined) return ended;
      const stopped = new Promise((resolve) => signal.addEventListener('abort', resolve));
      stop.abort(new Error('cancelled'));
      await stopped;
      throw signal.reason as Error;
    },
  };
  const outcome = await followJob(
    {
      ...{ kind: 'follow', job: 'job', key: 'key', path },
      target: { kind: 'this-computer', cluster: null },
    },
    store,
    new Questions('job', () => undefined),
    stop.signal,
    (message) => told.push(message),
    () => Promise.resolve({ runner, close: () => void (closed += 1) }),
  );
  const lines = told.flatMap((message) => (message.kind === 'followed-lines' ? message.lines : []));
  const kept = outcome.kind === 'followed' ? readFileSync(outcome.location, 'utf8') : '';
  return { outcome, lines, kept, closed };
}

describe('a log that is followed', () => {
  const error = 'E0507 09:30:11.123456    4242 kubelet.go:1] failed';
  it('is told line by line with levels; what goes on has that of its entry', async () => {
    const { lines, kept, outcome, closed } = await follow(
      `${HELLO}${line(error)}${line('  at line 2')}${line('I0507 09:30:12.123456    4242 x.go:1] ok')}`,
    );
    expect(lines.map(({ n, level }) => `${n} ${level}`)).toEqual(['1 error', '2 error', '3 info']);
    expect(kept.split('\n').slice(0, 2)).toEqual([error, '  at line 2']);
    expect(outcome).toMatchObject({
      kind: 'followed',
      lines: 3,
      why: 'It was stopped.',
      fine: true,
    });
    expect(closed).toBe(1);
  });

  it('is over after its time, which is no trouble', async () => {
    const { outcome } = await follow(`${HELLO}${line('x')}@@WB1 DONE time\r\n`, done);
    expect(outcome).toMatchObject({ why: '30 minutes are over.', fine: true, lines: 1 });
  });

  it('says why it ended on the node, or where PowerShell cannot do it', async () => {
    const gone = `${HELLO}${line('Cannot find path', 'NOTE')}@@WB1 DONE ended\r\n`;
    expect((await follow(gone, done)).outcome).toMatchObject({
      why: 'It ended on the node: Cannot find path',
      fine: false,
    });
    const constrained = '@@WB1 HELLO 1 ConstrainedLanguage\r\n';
    expect((await follow(constrained, { ...done, exitCode: 3 })).outcome).toMatchObject({
      why: 'PowerShell runs in ConstrainedLanguage, and this needs the full language.',
      fine: false,
      lines: 0,
    });
  });

  it('keeps what came of a lost connection', async () => {
    const { outcome, kept } = await follow(`${HELLO}${line('the last word')}`, {
      ...{ exitCode: undefined, stderr: '' },
      lost: 'it broke off',
    });
    expect(outcome).toMatchObject({ why: 'The connection was lost: it broke off.', fine: false });
    expect(kept).toBe('the last word\n');
  });

  it('of which a burst comes is shown by its last lines, and kept whole', async () => {
    const all = Array.from({ length: 1000 }, (_, at) => `line ${at}`);
    const { lines, kept } = await follow(`${HELLO}${all.map((text) => line(text)).join('')}`);
    expect(lines.at(-1)).toMatchObject({ n: 1000, text: 'line 999' });
    expect(lines.length).toBeLessThanOrEqual(400);
    expect(kept).toBe(`${all.join('\n')}\n`);
  });

  it('has failed where nobody could sign in', async () => {
    const outcome = await followJob(
      {
        ...{ kind: 'follow', job: 'job', key: 'key', path },
        target: { kind: 'this-computer', cluster: null },
      },
      store,
      new Questions('job', () => undefined),
      new AbortController().signal,
      () => undefined,
      () => Promise.reject(new TransportError('authentication', 'The password is wrong.')),
    );
    expect(outcome).toEqual({
      ...{ kind: 'failed', stage: 'authentication' },
      message: 'The password is wrong.',
    });
  });
});

describe('what following a log runs', () => {
  it('has the path in its parameters and nowhere else', () => {
    const plan = followPlan("C:\\k\\$(calc)'.log");
    expect(JSON.parse(plan.parameters)).toMatchObject({ path: "C:\\k\\$(calc)'.log" });
    expect(`${plan.script}${plan.bootstrap}`).not.toContain('calc');
    expect(plan.seconds).toBe(1800);
  });
});
