import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import type { LiveTarget } from '../../shared/ipc/live';
import { Questions } from './questions';
import { openWay } from './way-to';

const home = mkdtempSync(join(tmpdir(), 'way-to-'));
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

test('a way that fails says what of ~/.ssh/config was ignored for it: that may be why', async () => {
  mkdirSync(join(home, '.ssh'));
  writeFileSync(join(home, '.ssh/config'), 'Host 127.0.0.1\n  ProxyCommand nc %h %p\n');
  for (const name of ['HOME', 'USERPROFILE']) vi.stubEnv(name, home);
  const questions = new Questions('job', () => undefined);
  const target: LiveTarget = {
    kind: 'ssh',
    host: '127.0.0.1',
    port: 1,
    user: 'op',
    authentication: 'agent',
    keyFile: null,
    jumps: [],
    cluster: null,
  };
  await expect(openWay(target, questions, new AbortController().signal)).rejects.toThrow(
    /refuses the connection.*on this port\? Ignored in ~\/\.ssh\/config: ProxyCommand \(line 2\)\.$/,
  );
});
