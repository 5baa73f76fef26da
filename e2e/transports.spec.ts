import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';
import { projectFolder } from './app';

/* Electron's Node has another OpenSSL (BoringSSL), other sockets and another text decoder than Node. */

it("the tests of SSH and WinRM pass under Electron's Node too", async () => {
  const own = Object.entries(process.env).filter(([name]) => !/^VITEST/.test(name));
  const child = spawn(
    process.env['ELECTRON_EXECUTABLE'] ?? '',
    [
      ...['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', '--reporter', 'dot'],
      ...['electron/transports/winrm', 'electron/transports/ssh'],
    ],
    {
      cwd: projectFolder,
      env: { ...Object.fromEntries(own), ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (output += bytes.toString()));
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  expect(code, output).toBe(0);
  expect(output).toMatch(/Tests .*\d+ passed/);
}, 240_000);
