import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SSHD = '/usr/sbin/sshd';
const REPLAY = fileURLToPath(new URL('replay-node.mjs', import.meta.url));

/** How the fake node answers; replay-node.mjs says what each means. */
export interface Replay {
  readonly folder: string;
  readonly constrained?: boolean;
  readonly breakAfter?: number;
  readonly flip?: string;
  readonly hugeMegabytes?: number;
  readonly hugeSections?: number;
  readonly truncate?: string;
  readonly delay?: number;
  readonly record?: string;
  readonly rights?: readonly string[];
  readonly unreachable?: readonly string[];
  readonly nanoServer?: readonly string[];
  readonly switchSays?: readonly string[];
  readonly followed?: string;
  readonly blocked?: boolean;
  readonly capture?: ReplayCapture;
}

/** How it captures packets; replay-capture.mjs says what each means. */
export interface ReplayCapture {
  readonly tool?: 'pktmon' | 'netsh';
  readonly packets?: string;
  readonly text?: string;
  readonly busy?: 'pktmon' | 'netsh' | 'filter';
  readonly noTask?: boolean;
  readonly breakIn?: string;
  readonly breaks?: number;
  readonly later?: number;
}

/** Whether a server can have accounts of its own, with passwords and PAM (Debian's nss- and pam-wrapper). */
export const hasAccounts = (): boolean =>
  ['libnss-wrapper', 'libpam-wrapper'].every((name) => existsSync(`/usr/share/doc/${name}`));

/** An account that exists in one server only: how it signs in, and with what. */
export interface LabAccount {
  readonly user: string;
  readonly password: string;
  readonly how: 'password' | 'keyboard-interactive';
}

/** An OpenSSH server on loopback whose every command is answered as a Windows node would. */
export interface FakeNode {
  readonly port: number;
  readonly user: string;
  /** As `ssh-keygen -lf` prints it. */
  readonly fingerprint: string;
  /** Line for a known_hosts file, by ssh-keyscan's grammar. */
  readonly knownHostsLine: string;
  stop(): Promise<void>;
}

/** Keys, files and servers of one test file. */
export class SshLab {
  readonly folder = mkdtempSync(join(tmpdir(), 'ssh-lab-'));
  readonly #running: ChildProcess[] = [];
  #count = 0;

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Makes a key pair with ssh-keygen and lets it in. */
  key(name: string, type: 'ed25519' | 'ecdsa' | 'rsa', passphrase = ''): string {
    const file = this.path(name);
    tool('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-f', file]);
    writeFileSync(this.path('authorized_keys'), readFileSync(`${file}.pub`), { flag: 'a' });
    return file;
  }

  /** Starts a server; `hostKey` keeps the same identity over several. */
  async node(replay: Replay, hostKey?: string, account?: LabAccount): Promise<FakeNode> {
    this.#count += 1;
    const own = (name: string): string => this.path(`${name}-${this.#count}`);
    const key = hostKey ?? own('host');
    if (hostKey === undefined) tool('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    const settings = own('replay.json');
    writeFileSync(settings, JSON.stringify(replay));
    const port = await freePort();
    // Run by root, sshd wants the folder it locks itself into.
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
    writeFileSync(
      own('sshd_config'),
      [
        `Port ${port}`,
        'ListenAddress 127.0.0.1',
        `HostKey ${key}`,
        'PidFile none',
        `AuthorizedKeysFile ${this.path('authorized_keys')}`,
        'StrictModes no',
        `UsePAM ${account?.how === 'keyboard-interactive' ? 'yes' : 'no'}`,
        'PermitRootLogin yes',
        `PasswordAuthentication ${account?.how === 'password' ? 'yes' : 'no'}`,
        `KbdInteractiveAuthentication ${account?.how === 'keyboard-interactive' ? 'yes' : 'no'}`,
        'AllowTcpForwarding yes',
        // A server hands on no environment, without which Electron would not be Node.
        `ForceCommand ELECTRON_RUN_AS_NODE=1 "${process.execPath}" "${REPLAY}" "${settings}"`,
        '',
      ].join('\n'),
    );
    const server = spawn(SSHD, ['-D', '-e', '-f', own('sshd_config')], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...(account === undefined ? {} : this.#accounts(account)) },
    });
    this.#running.push(server);
    let log = '';
    server.stderr.on('data', (bytes: Buffer) => (log += bytes.toString()));
    await listening(port, server, () => log);
    const [type = '', code = ''] = readFileSync(`${key}.pub`, 'utf8').split(' ');
    return {
      port,
      user: account?.user ?? userInfo().username,
      fingerprint: /SHA256:\S+/.exec(tool('ssh-keygen', ['-lf', `${key}.pub`]))?.[0] ?? '',
      knownHostsLine: `[127.0.0.1]:${port} ${type} ${code}`,
      stop: () => ended(server),
    };
  }

  /** What makes a server know an account that this computer does not have. */
  #accounts({ user, password }: LabAccount): NodeJS.ProcessEnv {
    const own = (name: string, ...lines: readonly string[]): string => {
      writeFileSync(this.path(name), lines.map((line) => `${line}\n`).join(''));
      return this.path(name);
    };
    const { uid, gid, homedir } = userInfo();
    const hash = tool('openssl', ['passwd', '-6', '-stdin'], process.env, `${password}\n`).trim();
    const modules = own('passdb', `${user}:${password}:sshd`);
    mkdirSync(this.path('pam.d'), { recursive: true });
    own(
      'pam.d/sshd',
      ...['auth', 'account', 'password', 'session'].map(
        (type) => `${type} required ${pamMatrix()} passdb=${modules}`,
      ),
    );
    return {
      LD_PRELOAD: 'libpam_wrapper.so:libnss_wrapper.so',
      NSS_WRAPPER_PASSWD: own(
        'passwd',
        `${user}:x:${uid}:${gid}::${homedir}:/bin/sh`,
        'sshd:x:65533:65534::/run/sshd:/usr/sbin/nologin',
      ),
      NSS_WRAPPER_GROUP: own('group', `lab:x:${gid}:`, 'nogroup:x:65534:'),
      NSS_WRAPPER_SHADOW: own('shadow', `${user}:${hash}:19000:0:99999:7:::`),
      PAM_WRAPPER: '1',
      PAM_WRAPPER_SERVICE_DIR: this.path('pam.d'),
    };
  }

  /** Starts an agent that holds a key without passphrase. Gives its socket. */
  async agent(key: string): Promise<string> {
    const socket = this.path('agent.sock');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
    this.#running.push(agent);
    // It prints its variables once it listens.
    await new Promise((resolve) => agent.stdout.once('data', resolve));
    tool('ssh-add', ['-q', key], { ...process.env, SSH_AUTH_SOCK: socket });
    return socket;
  }

  async close(): Promise<void> {
    await Promise.all(this.#running.map((each) => ended(each)));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The module of pam-wrapper that takes names and passwords from a file. */
function pamMatrix(): string {
  const folders = readdirSync('/usr/lib').map((each) => `/usr/lib/${each}/pam_wrapper`);
  return `${folders.find((each) => existsSync(each)) ?? ''}/pam_matrix.so`;
}

function tool(
  command: string,
  args: readonly string[],
  env = process.env,
  input: string | undefined = undefined,
): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', env, input });
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`);
  return stdout;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Waits until something answers on the port. */
async function listening(port: number, server: ChildProcess, log: () => string): Promise<void> {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`sshd ended: ${log()}`);
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => setTimeout(() => resolve(false), 20));
    });
    if (open) return;
  }
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
