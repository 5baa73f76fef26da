import { expect, test } from 'vitest';
import { answerCall, CallFailure, type MainHandlers } from './ipc';

const called: unknown[] = [];
// Only the channels that a test calls are answered.
const handlers = {
  'case:answer': (args: unknown) => {
    called.push(args);
    return null;
  },
  'app:open-external': () => ({ opened: 'perhaps' }),
  'case:close': () => {
    throw new CallFailure('not-open', 'Nothing is open.');
  },
  'case:cancel': () => {
    throw new TypeError('a defect');
  },
} as unknown as MainHandlers;
const server = {
  handlers,
  forward: (channel: string, args: unknown) => Promise.resolve({ channel, args }),
};

test('arguments that do not fit the contract never reach the handler', async () => {
  const reply = await answerCall(server, 'case:answer', { id: 7, goOn: 'yes' });
  expect(reply).toMatchObject({ ok: false, error: { code: 'invalid-arguments' } });
  expect(called).toEqual([]);
});

test('what the contract does not name is dropped from the arguments', async () => {
  await answerCall(server, 'case:answer', { id: 'a', goOn: true, path: '/etc/passwd' });
  expect(called).toEqual([{ id: 'a', goOn: true }]);
});

test.each(['constructor', '__proto__', 'no:such', 5, null])(
  'there is no channel %s',
  async (channel) => {
    const reply = await answerCall(server, channel, {});
    expect(reply).toMatchObject({ ok: false, error: { code: 'invalid-arguments' } });
  },
);

test('an answer that does not fit the contract is not passed on', async () => {
  const ofMain = await answerCall(server, 'app:open-external', { url: 'https://x' });
  expect(ofMain).toMatchObject({ ok: false, error: { code: 'internal' } });
  const ofAnalysis = await answerCall(server, 'finding:get', { index: 1 });
  expect(ofAnalysis).toMatchObject({ ok: false, error: { code: 'internal' } });
});

test('a failure crosses as its code and sentence', async () => {
  expect(await answerCall(server, 'case:close', {})).toEqual({
    ok: false,
    error: { code: 'not-open', message: 'Nothing is open.' },
  });
});
