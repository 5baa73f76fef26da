import type { Duplex } from 'node:stream';
import { Client, type AnyAuthMethod, type AuthenticationType, type ConnectConfig } from 'ssh2';
import { TransportError, type StagePassed } from '../transport';
import { readIdentity } from './identities';
import { fingerprint, keyType, type KnownHosts } from './known-hosts';

/** One machine on the way: the node, or a jump host before it. */
export interface SshHop {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Files of private keys, tried in this order. */
  readonly identityFiles: readonly string[];
}

/** A host whose key was never seen. */
export interface NewHost {
  readonly host: string;
  readonly port: number;
  readonly keyType: string;
  readonly fingerprint: string;
}

/** What only the operator can answer. Undefined means: no answer, try something else. */
export interface SshQuestions {
  /** First contact: is this fingerprint the host's? */
  trustHost(host: NewHost): Promise<boolean>;
  password(hop: SshHop): Promise<string | undefined>;
  passphrase(file: string): Promise<string | undefined>;
  /** A question of the server itself (keyboard-interactive). */
  answer(hop: SshHop, prompt: string, echo: boolean): Promise<string | undefined>;
}

export interface ConnectOptions {
  readonly knownHosts: KnownHosts;
  readonly questions: SshQuestions;
  /** Socket or pipe of an agent. Never forwarded. */
  readonly agent: string | undefined;
  readonly signal: AbortSignal;
  readonly onStage?: ((text: string) => void) | undefined;
  /** Told after each stage of each hop what was found there. */
  readonly onPassed?: StagePassed | undefined;
  /** For the handshake and everything the machine does up to the login; not for the operator's answers. */
  readonly timeoutMilliseconds?: number | undefined;
  /** A connection that is silent for three times as long is lost. */
  readonly keepAliveMilliseconds?: number | undefined;
}

/** A login on the node, over all its hops. */
export interface SshConnection {
  readonly client: Client;
  /** Why the connection broke, once it has. */
  lost(): string | undefined;
  close(): void;
}

const KEEP_ALIVE_MILLISECONDS = 10_000;
const KEEP_ALIVE_MISSES = 3;
/** No ssh-rsa: its signatures are SHA-1. */
const HOST_KEYS = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
] as const;

/**
 * Logs in on the last hop, through the others. Every hop's key is checked before a credential
 * leaves; what is not known is asked.
 * @throws TransportError naming the stage that failed; the signal's reason when cancelled
 */
export async function connectSsh(
  hops: readonly SshHop[],
  options: ConnectOptions,
): Promise<SshConnection> {
  const clients: Client[] = [];
  const close = (): void => {
    for (const client of clients.toReversed()) client.destroy();
    options.signal.removeEventListener('abort', close);
  };
  options.signal.throwIfAborted();
  options.signal.addEventListener('abort', close);
  try {
    let last: { readonly client: Client; lost(): string | undefined } | undefined;
    for (const hop of hops) {
      const through = last === undefined ? undefined : await forward(last.client, hop);
      const client = new Client();
      clients.push(client);
      last = await login(client, hop, through, options);
    }
    if (last === undefined) throw new TransportError('configuration', 'There is no host to go to');
    return { ...last, close };
  } catch (error) {
    close();
    options.signal.throwIfAborted();
    throw error;
  }
}

/** A channel through a hop to the next. */
function forward(client: Client, to: SshHop): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    client.forwardOut('127.0.0.1', 0, to.host, to.port, (error, channel) => {
      if (error === undefined) resolve(channel);
      else
        reject(
          new TransportError(
            'port',
            `The jump host does not reach ${to.host} port ${to.port}: ${error.message}`,
          ),
        );
    });
  });
}

async function login(
  client: Client,
  hop: SshHop,
  through: Duplex | undefined,
  options: ConnectOptions,
): Promise<{ readonly client: Client; lost(): string | undefined }> {
  const { knownHosts, onStage, onPassed, signal } = options;
  const where = `${hop.host} port ${hop.port}`;
  let refusal: TransportError | undefined;
  let lost: string | undefined;
  const login = new Login(hop, options);
  onStage?.(`connecting to ${where}`);
  const known = knownHosts.keyTypes(hop.host, hop.port);
  const wanted = (type: string): boolean =>
    known.includes(type) || (type.startsWith('rsa-') && known.includes('ssh-rsa'));
  const config: ConnectConfig = {
    host: hop.host,
    port: hop.port,
    username: hop.user,
    ...(through === undefined ? {} : { sock: through }),
    // Our own clock below: ssh2's would run while the operator thinks.
    readyTimeout: 0,
    keepaliveInterval: options.keepAliveMilliseconds ?? KEEP_ALIVE_MILLISECONDS,
    keepaliveCountMax: KEEP_ALIVE_MISSES,
    algorithms: {
      serverHostKey: [...HOST_KEYS.filter(wanted), ...HOST_KEYS.filter((type) => !wanted(type))],
    },
    hostVerifier: (key: Buffer, verify: (accepted: boolean) => void) => {
      clock.pause();
      onPassed?.('port', `An SSH server answers at ${where}.`);
      judgeHost(hop, key, options).then(
        () => {
          clock.resume();
          onPassed?.('host-key', `${hop.host} has the key ${fingerprint(key)}, which is trusted.`);
          onStage?.(`signing in to ${where} as ${hop.user}`);
          verify(true);
        },
        (error: unknown) => {
          refusal = asTransportError(error, 'host-key');
          verify(false);
        },
      );
    },
    authHandler: (left, _partial, next) => {
      clock.pause();
      login.next(left).then(
        (method) => {
          clock.resume();
          // `false` says that there is nothing left to try; the types lack it.
          next(method ?? (false as unknown as AuthenticationType));
        },
        (error: unknown) => {
          refusal = asTransportError(error, 'authentication');
          next(false as unknown as AuthenticationType);
        },
      );
    },
  };
  let give: (error: unknown) => void = () => undefined;
  const clock = new Clock(options.timeoutMilliseconds ?? 20_000, () => {
    give(
      new TransportError(
        'port',
        `${where} does not answer: check that the address is right, that the node runs, and that no firewall drops TCP ${hop.port}`,
      ),
    );
  });
  const aborted = (): void => give(signal.reason);
  signal.addEventListener('abort', aborted);
  try {
    await new Promise<void>((resolve, reject) => {
      give = reject;
      client.once('ready', resolve);
      client.on('error', (error) => {
        lost ??= error.message;
        reject(refusal ?? translated(error, hop, login.tried));
      });
      client.once('close', () => {
        lost ??= 'the other side closed it';
        reject(
          refusal ?? new TransportError('port', `${where} closed the connection before the login`),
        );
      });
      client.connect(config);
    });
  } finally {
    clock.stop();
    signal.removeEventListener('abort', aborted);
  }
  signal.throwIfAborted();
  onPassed?.(
    'authentication',
    `${hop.host} accepted ${hop.user} (${login.tried.at(-1) ?? 'nothing was asked'}).`,
  );
  return { client, lost: () => lost };
}

/** @throws TransportError when the key is not to be trusted */
async function judgeHost(
  hop: SshHop,
  key: Buffer,
  { knownHosts, questions }: ConnectOptions,
): Promise<void> {
  const shown = fingerprint(key);
  const verdict = knownHosts.judge(hop.host, hop.port, key);
  switch (verdict.kind) {
    case 'known':
      return;
    case 'revoked':
      throw new TransportError(
        'host-key',
        `${hop.host} shows the key ${shown}, which known_hosts lists as revoked. Nothing was sent.`,
      );
    case 'changed':
      throw new TransportError(
        'host-key',
        `The key of ${hop.host} port ${hop.port} has changed: it shows ${shown} (${keyType(key)}), known is ${verdict.known.join(', ')}. ` +
          `Somebody may be in between, or the node was set up anew. Nothing was sent. Where the change is right, remove the old line from known_hosts.`,
      );
    case 'unknown': {
      const host = { host: hop.host, port: hop.port, keyType: keyType(key), fingerprint: shown };
      if (!(await questions.trustHost(host)))
        throw new TransportError(
          'host-key',
          `The key of ${hop.host} port ${hop.port} is not known and was not accepted: ${shown} (${keyType(key)})`,
        );
      await knownHosts.add(hop.host, hop.port, key);
    }
  }
}

/** Which way to sign in comes next: agent, keys, the server's questions, password. */
class Login {
  readonly tried: string[] = [];
  readonly #ways: (() => Promise<AnyAuthMethod | 'none' | undefined>)[];

  constructor(
    private readonly hop: SshHop,
    private readonly options: ConnectOptions,
  ) {
    const { agent, questions } = options;
    const username = hop.user;
    this.#ways = [
      ...(agent === undefined
        ? []
        : [this.#way('publickey', 'agent', () => ({ type: 'agent', username, agent }))]),
      ...hop.identityFiles.map((file) =>
        this.#way('publickey', `key ${file}`, async () => {
          const identity = await readIdentity(file, (each) => questions.passphrase(each));
          if (identity === undefined) return undefined;
          const { key, passphrase } = identity;
          const opened = passphrase === undefined ? {} : { passphrase };
          return { type: 'publickey', username, key, ...opened };
        }),
      ),
      this.#way('keyboard-interactive', 'questions of the server', () => ({
        type: 'keyboard-interactive',
        username,
        prompt: (_name, _instructions, _language, prompts, finish) => {
          void this.#answers(prompts).then(finish, () => finish([]));
        },
      })),
      this.#way('password', 'password', async () => {
        const password = await questions.password(hop);
        return password === undefined ? undefined : { type: 'password', username, password };
      }),
    ];
  }

  /** Ways the server still takes; null before it has said. */
  async next(
    left: readonly AuthenticationType[] | null,
  ): Promise<AnyAuthMethod | 'none' | undefined> {
    if (left === null) return 'none';
    this.#left = left;
    for (let way = this.#ways.shift(); way !== undefined; way = this.#ways.shift()) {
      const method = await way();
      if (method !== undefined) return method;
    }
    return undefined;
  }

  #left: readonly AuthenticationType[] = [];

  #way(
    needs: AuthenticationType,
    title: string,
    make: () => Promise<AnyAuthMethod | undefined> | AnyAuthMethod,
  ): () => Promise<AnyAuthMethod | undefined> {
    return async () => {
      if (!this.#left.includes(needs)) return undefined;
      const method = await make();
      if (method !== undefined) this.tried.push(title);
      return method;
    };
  }

  async #answers(
    prompts: readonly { readonly prompt: string; readonly echo?: boolean | undefined }[],
  ): Promise<string[]> {
    const answers: string[] = [];
    for (const { prompt, echo } of prompts)
      answers.push((await this.options.questions.answer(this.hop, prompt, echo === true)) ?? '');
    return answers;
  }
}

/** A time limit that stands still while the operator is asked. */
class Clock {
  #left: number;
  #since = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    milliseconds: number,
    private readonly expired: () => void,
  ) {
    this.#left = milliseconds;
    this.resume();
  }

  resume(): void {
    this.#since = Date.now();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.expired, this.#left);
  }

  pause(): void {
    clearTimeout(this.#timer);
    this.#left = Math.max(1000, this.#left - (Date.now() - this.#since));
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

const asTransportError = (error: unknown, stage: 'host-key' | 'authentication'): TransportError =>
  error instanceof TransportError
    ? error
    : new TransportError(stage, error instanceof Error ? error.message : String(error));

/** What went wrong, and what to do about it. */
function translated(
  error: Error & { readonly level?: string; readonly code?: unknown },
  hop: SshHop,
  tried: readonly string[],
): TransportError {
  const where = `${hop.host} port ${hop.port}`;
  const cause = { cause: error };
  switch (error.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new TransportError('name', `The name ${hop.host} is not known to DNS here`, cause);
    case 'ECONNREFUSED':
      return new TransportError(
        'port',
        `${where} refuses the connection: is the OpenSSH server (service sshd) running there, and on this port?`,
        cause,
      );
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return new TransportError(
        'port',
        `${where} cannot be reached (${String(error.code)}): check the address, routes and firewalls`,
        cause,
      );
  }
  if (error.level === 'client-authentication')
    return new TransportError(
      'authentication',
      `${hop.host} did not accept ${hop.user}; tried: ${tried.length === 0 ? 'nothing, the server takes none of the ways there are' : tried.join(', ')}. ` +
        'For members of Administrators, Windows reads keys from C:\\ProgramData\\ssh\\administrators_authorized_keys.',
      cause,
    );
  return new TransportError('port', `${where}: ${error.message}`, cause);
}
