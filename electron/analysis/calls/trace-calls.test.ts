import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { Result } from '../../../shared/ipc/contract';
import type { FlowQuestionView } from '../../../shared/ipc/flow-question';
import { ask, openedCase, samples } from '../testing/opened-case';
import type { CallAbout } from './handler';

const open = async (...paths: string[]): Promise<CallAbout> => (await openedCase(paths)).about;

const run = (
  about: CallAbout,
  snapshotId: string,
  question: FlowQuestionView,
): Promise<Result<'trace:run'>> =>
  ask(about, 'trace:run', { snapshotId, question, depth: 'full', way: null, reply: true });

describe.each(readdirSync(samples).filter((name) => !name.includes('.')))('%s', (sample) => {
  test('everything that is offered, and every symptom path, has a trace', async () => {
    const about = await open(path.join(samples, sample));
    const snapshotId = about.case.snapshots()[0]?.id ?? '';
    const from = await ask(about, 'trace:about', { snapshotId, about: { kind: 'snapshot' } });
    const sender = from?.from ?? '';
    const { items } = await ask(about, 'trace:choices', {
      snapshotId,
      end: 'to',
      sender,
      text: '',
      limit: 200,
    });
    expect(items.length).toBeGreaterThan(5);
    // What a pod sends to its own address meets no rule: nobody is offered as a receiver of itself.
    expect(items.filter(({ value }) => value.startsWith(sender))).toEqual([]);
    for (const { value, protocol } of items) {
      const answer = await run(about, snapshotId, { from: sender, to: value, protocol });
      expect(answer.kind === 'trace' ? 'trace' : answer.text, `${sender} to ${value}`).toBe(
        'trace',
      );
    }
    for (const symptom of ['inter-node', 'outbound', 'services', 'dns'] as const) {
      const { chains } = await ask(about, 'chains:get', { snapshotId, symptom });
      for (const { flow, title } of chains) {
        if (flow === undefined) continue;
        const answer = await run(about, snapshotId, flow);
        expect(answer.kind === 'trace' ? 'trace' : answer.text, title).toBe('trace');
      }
    }
  });
});

describe('a service that loses a backend on one pod', async () => {
  const about = await open(path.join(samples, 'broken-services-l2bridge'));
  const snapshotId = about.case.snapshots()[0]?.id ?? '';

  test('the first question is the one of the broken path, and says what HNS wants otherwise', async () => {
    const question = await ask(about, 'trace:about', { snapshotId, about: { kind: 'snapshot' } });
    expect(question).toMatchObject({ to: '10.102.220.146:80', protocol: 'tcp' });
    const answer = await run(about, snapshotId, question ?? { from: '', to: '' });
    expect(answer).toMatchObject({
      kind: 'trace',
      trace: { doubts: [expect.stringMatching(/to 10\.244\.19\.30 as well/)] },
    });
  });

  test('a flow for each kind of object, and for the addresses of a line', async () => {
    const object = (kind: 'pod' | 'service' | 'node', id: string) =>
      ask(about, 'trace:about', { snapshotId, about: { kind: 'object', object: kind, id } });
    expect(await object('service', 'default/win-webserver')).toMatchObject({
      to: 'default/win-webserver:80',
    });
    expect(await object('node', 'win-7k2fq0dm3vs')).toMatchObject({ to: '10.127.130.35' });
    expect(
      await ask(about, 'trace:about', {
        snapshotId,
        about: { kind: 'text', text: 'dial tcp 10.244.19.31:49152->10.96.0.10:53: i/o timeout' },
      }),
    ).toEqual({ from: '10.244.19.31', to: '10.96.0.10:53' });
    expect(
      await ask(about, 'trace:about', { snapshotId, about: { kind: 'text', text: 'at 12:30:01' } }),
    ).toBeNull();
  });

  test('what cannot be asked is said at its field', async () => {
    const end = async (from: string, to: string): Promise<string> => {
      const answer = await run(about, snapshotId, { from, to });
      return answer.kind === 'problem' ? answer.end : 'none';
    };
    expect(await end('', '10.96.0.10:53')).toBe('from');
    expect(await end('no-such-pod', '10.96.0.10:53')).toBe('from');
    expect(await end('10.244.19.29', 'no-such-service:80')).toBe('to');
    expect(await end('10.244.19.29', 'fd00::1')).toBe('both');
  });
});

describe('who reaches what', async () => {
  const about = await open(path.join(samples, 'broken-outbound-overlay'));
  const snapshotId = about.case.snapshots()[0]?.id ?? '';
  const state = (begin: boolean): Promise<Result<'reachability:state'>> =>
    ask(about, 'reachability:state', { snapshotId, begin });

  test('is cancelled before it is whole, and begun again', async () => {
    expect(await state(false)).toBeNull();
    expect(await state(true)).toMatchObject({ state: 'running' });
    await ask(about, 'reachability:cancel', { snapshotId });
    expect(await state(false)).toMatchObject({ state: 'cancelled' });
    await state(true);
    await vi.waitFor(async () => expect(await state(false)).toMatchObject({ state: 'done' }));
  });

  test('cells, counts and list say the same', async () => {
    const whole = await state(false);
    const { lines } = await ask(about, 'reachability:cells', {
      snapshotId,
      problems: false,
      row: 0,
      rows: 200,
      column: 0,
      columns: 250,
    });
    expect(lines).toHaveLength(whole?.rows ?? -1);
    const letters = lines.join('');
    expect(letters.split('x').length - 1).toBe(whole?.counts.error);
    expect(letters.split('o').length - 1).toBe(whole?.counts.ok);
    const list = await ask(about, 'reachability:problems', { snapshotId, offset: 0, limit: 50 });
    expect(list.matching).toBe((whole?.counts.error ?? 0) + (whole?.counts['not-checked'] ?? 0));
    // The trace of a cell ends as the cell does.
    const [first] = list.items;
    const answer = await ask(about, 'trace:run', {
      snapshotId,
      question: first?.question ?? { from: '', to: '' },
      depth: 'summary',
      way: first?.way ?? 0,
      reply: false,
    });
    expect(answer).toMatchObject({ trace: { end: { title: first?.title, text: first?.text } } });
  });

  test('only what has a problem, heads and cells alike', async () => {
    const whole = await state(false);
    const rows = await ask(about, 'reachability:heads', {
      snapshotId,
      axis: 'rows',
      problems: true,
      offset: 0,
      limit: 200,
    });
    expect(rows.matching).toBe(whole?.problemRows);
    expect(
      await ask(about, 'reachability:cell', { snapshotId, problems: true, row: 0, column: 0 }),
    ).toMatchObject({ from: expect.stringContaining(rows.items[0]?.name ?? '-') });
  });
});

test('walk-throughs: of each kind one that works or says why not, the broken one stops where it breaks', async () => {
  const about = await open(path.join(samples, 'broken-inter-node-overlay'));
  const snapshotId = about.case.snapshots()[0]?.id ?? '';
  const { items } = await ask(about, 'walk-throughs:list', { snapshotId });
  expect(items).toHaveLength(7);
  for (const { flows, none } of items) expect(flows.length === 0).toBe(none !== undefined);
  const lost = items.flatMap(({ flows }) => flows).find(({ tone }) => tone === 'error');
  const told = await ask(about, 'walk-throughs:story', {
    snapshotId,
    question: lost?.question ?? { from: '', to: '' },
    way: lost?.way ?? 0,
  });
  expect(told?.moments.at(-1)).toMatchObject({ isBreak: true });
  expect(told?.end.tone).toBe('error');
});

test('a chosen trace is kept until it is left out', async () => {
  const about = await open(path.join(samples, 'healthy-l2bridge'));
  const snapshotId = about.case.snapshots()[0]?.id ?? '';
  const question = { from: '10.244.19.29', to: '203.0.113.10:443' };
  const pinned = async (): Promise<boolean> => {
    const answer = await run(about, snapshotId, question);
    return answer.kind === 'trace' && answer.trace.pinned;
  };
  expect(await pinned()).toBe(false);
  await ask(about, 'trace:pin', { snapshotId, question, pinned: true });
  expect(await pinned()).toBe(true);
  await ask(about, 'trace:pin', { snapshotId, question, pinned: false });
  expect(await pinned()).toBe(false);
});
