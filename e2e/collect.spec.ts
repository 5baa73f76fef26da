import { spawn } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SshLab, type FakeNode } from '../electron/transports/testing/openssh';

const file = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

const lab = new SshLab();
let node: FakeNode;
let key = '';
beforeAll(async () => {
  mkdirSync(lab.path('home'));
  key = lab.key('key', 'ed25519');
  node = await lab.node({ folder: file('assets/samples/broken-dns-overlay') });
});
afterAll(() => lab.close());

/** Runs the built command line. */
function cli(
  runtime: string,
  env: NodeJS.ProcessEnv,
  args: readonly string[],
): Promise<{ code: number | null; err: string }> {
  const child = spawn(runtime, [file('dist/cli/cli.js'), ...args], {
    env: { ...process.env, ...env, HOME: lab.path('home'), XDG_CONFIG_HOME: lab.path('home') },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let err = '';
  child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, err }));
  });
}

describe('the built command line collects over SSH', () => {
  // Their crypto differs: OpenSSL in one, BoringSSL in the other.
  it.each([
    ['Node', process.execPath, {}],
    ["Electron's Node", process.env['ELECTRON_EXECUTABLE'] ?? '', { ELECTRON_RUN_AS_NODE: '1' }],
  ])('under %s', async (name, runtime, env) => {
    const output = lab.path(`${name.length}.zip`);
    const address = `ssh://${node.user}@127.0.0.1:${node.port}`;
    const trust = ['--ssh-config', 'none', '--accept-new-host-key', node.fingerprint];
    const ran = await cli(runtime, env, ['collect', address, '-i', key, '-o', output, ...trust]);
    expect(ran).toEqual({ code: 0, err: '' });
    expect(statSync(output).size).toBeGreaterThan(10_000);
    const checked = await cli(runtime, env, ['analyze', output]);
    expect(checked.code).toBe(1);
  });
});
