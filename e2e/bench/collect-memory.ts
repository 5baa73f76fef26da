import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { FAKE_ACCOUNT, FakeWinrm } from '../../electron/transports/winrm/testing/fake-winrm';
import { SshLab } from '../../electron/transports/testing/openssh';

/*
 * Peak memory of the command line while it takes in 200 MB of one node in four sections, over SSH
 * (OpenSSH server) and WinRM (sealed, fake node). Argument: dist/cli/cli.js. Linux only.
 */
const [, , cli = ''] = process.argv;
const SECTIONS = 4;
const MEGABYTES = 50;

const lab = new SshLab();
mkdirSync(lab.path('home'));
mkdirSync(lab.path('node'));
writeFileSync(lab.path('node/ip.txt'), 'Windows IP Configuration\r\n');
writeFileSync(lab.path('password'), FAKE_ACCOUNT.password);
const replay = { folder: lab.path('node'), hugeMegabytes: MEGABYTES, hugeSections: SECTIONS };

interface Ran {
  readonly seconds: number;
  readonly peak: number;
}

/** Runs the command line; gives the peak of its memory in bytes. */
async function measured(args: readonly string[]): Promise<Ran> {
  const secret = openSync(lab.path('password'), 'r');
  const started = Date.now();
  const child = spawn(process.execPath, [cli, ...args], {
    env: { ...process.env, HOME: lab.path('home'), XDG_CONFIG_HOME: lab.path('home') },
    stdio: ['ignore', 'ignore', 'inherit', secret],
  });
  let peak = 0;
  const timer = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024);
    } catch {
      // It has ended.
    }
  }, 50);
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(timer);
  closeSync(secret);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${String(code)}`);
  return { seconds: (Date.now() - started) / 1000, peak };
}

const idle = await measured(['rules']);
const say = (way: string, { seconds, peak }: Ran, file: string): void =>
  console.log(JSON.stringify({ way, seconds, peak, idle: idle.peak, zip: statSync(file).size }));

try {
  const key = lab.key('key', 'ed25519');
  const node = await lab.node(replay);
  const overSsh = await measured([
    ...['collect', `ssh://${node.user}@127.0.0.1:${node.port}`, '-o', lab.path('ssh.zip')],
    ...['-i', key, '--ssh-config', 'none', '--accept-new-host-key', node.fingerprint],
  ]);
  say('SSH', overSsh, lab.path('ssh.zip'));
  const winrm = await FakeWinrm.start({ replay, settings: lab.path('winrm.json') });
  const overWinrm = await measured([
    ...['collect', `winrm://${FAKE_ACCOUNT.user}@127.0.0.1:${winrm.port}`],
    ...['-o', lab.path('winrm.zip'), '--password-fd', '3'],
  ]);
  say('WinRM', overWinrm, lab.path('winrm.zip'));
  await winrm.stop();
} finally {
  await lab.close();
}
