import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { calls, type AnalysisChannel, type Args, type Result } from '../../../shared/ipc/contract';
import type { FlowQuestionView } from '../../../shared/ipc/flow-question';
import { EvidenceBasket } from '../evidence-basket';
import { loadCase } from '../load-case';
import { analyseInputs, OpenCase } from '../open-case';
import { analysisCalls } from '.';
import type { CallAbout } from './handler';

const samples = path.join(import.meta.dirname, '..', '..', '..', 'assets', 'samples');
const LARGEST_PAGE = 64 * 1024;

async function open(...paths: string[]): Promise<CallAbout> {
  const signal = new AbortController().signal;
  const loaded = await loadCase(paths, { signal });
  const state = await analyseInputs(loaded.inputs, signal);
  return {
    case: new OpenCase('case', 'sample', undefined, state, [], loaded),
    paths: [],
    basket: new EvidenceBasket(),
    signal: () => signal,
    progress: () => undefined,
    changed: () => undefined,
  };
}

async function ask<C extends AnalysisChannel>(
  about: CallAbout,
  channel: C,
  args: Args<C>,
): Promise<Result<C>> {
  const answer = structuredClone(await analysisCalls(channel, args, about));
  expect(JSON.stringify(answer).length).toBeLessThan(LARGEST_PAGE);
  return calls[channel].result.parse(answer) as Result<C>;
}

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
      text: '',
      limit: 200,
    });
    expect(items.length).toBeGreaterThan(5);
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
