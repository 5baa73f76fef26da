import { afterEach, expect, test, vi } from 'vitest';
import { call, callsUnderWay } from './call';

afterEach(() => vi.unstubAllGlobals());

test.each([
  ['answered', { ok: true, value: null }],
  ['refused', { ok: false, error: { code: 'not-open', message: 'Nothing is open.' } }],
])('a call is under way until it is %s', async (_how, reply) => {
  let give = (_reply: unknown): void => undefined;
  const replied = new Promise<unknown>((resolve) => (give = resolve));
  vi.stubGlobal('window', { workbench: { call: () => replied } });
  const answer = call('case:close', {}).catch(() => undefined);
  expect(callsUnderWay()).toBe(1);
  give(reply);
  await answer;
  expect(callsUnderWay()).toBe(0);
});
