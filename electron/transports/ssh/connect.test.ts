import { readFileSync, writeFileSync } from 'node:fs';
import { connect as connectTcp, createServer, type AddressInfo, type Socket } from 'node:net';
import { Server } from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectorCommand } from '../../collect/collector-command';
import { hasAccounts, SshLab, type FakeNode } from '../testing/openssh';
import { TransportError } from '../transport';
import { connectSsh, type ConnectOptions, type SshHop, type SshQuestions } from './connect';
import { sshRunner } from './exec';
import { KnownHosts } from './known-hosts';
import { agentSocket } from './operator-files';

const lab = new SshLab();
const keys = new Map<string, string>();
let node: FakeNode;
beforeAll(async () => {
  keys.set('ed25519', lab.key('ed', 'ed25519', 'päss'));
  keys.set('ecdsa', lab.key('ec', 'ecdsa', 'päss'));
  keys.set('rsa', lab.key('rsa', 'rsa', 'päss'));
  keys.set('plain', lab.key('plain', 'ed25519'));
  node = await lab.node({ folder: lab.folder, delay: 60_000 });
});
afterAll(() => lab.close());

const nobody: SshQuestions = {
  trustHost: () => Promise.resolve(true),
  password: () => Promise.resolve(undefined),
  passphrase: () => Promise.resolve(undefined),
  answer: () => Promise.resolve(undefined),
};

const hopTo = (port: number, ...identityFiles: string[]): SshHop => ({
  host: '127.0.0.1',
  port,
  user: node.user,
  identityFiles,
});

async function options(more: Partial<ConnectOptions> = {}): Promise<ConnectOptions> {
  const knownHosts = await KnownHosts.read([], undefined);
  const signal = new AbortController().signal;
  return { knownHosts, questions: nobody, agent: undefined, signal, ...more };
}

describe('signing in at an OpenSSH server', () => {
  it.each(['ed25519', 'ecdsa', 'rsa'])('works with an %s key and its passphrase', async (type) => {
    const questions = { ...nobody, passphrase: () => Promise.resolve('päss') };
    const connection = await connectSsh(
      [hopTo(node.port, keys.get(type) ?? '')],
      await options({ questions }),
    );
    expect(connection.lost()).toBeUndefined();
    connection.close();
  });

  it('works with an agent', async () => {
    const agent = await lab.agent(keys.get('plain') ?? '');
    const connection = await connectSsh([hopTo(node.port)], await options({ agent }));
    expect(connection.lost()).toBeUndefined();
    connection.close();
  });

  it('goes on to the next key when a passphrase is not known', async () => {
    const files = [keys.get('ed25519') ?? '', keys.get('plain') ?? ''];
    const connection = await connectSsh([hopTo(node.port, ...files)], await options());
    connection.close();
  });

  it('says what was tried when nothing fits', async () => {
    const failed = connectSsh([hopTo(node.port)], await options());
    await expect(failed).rejects.toMatchObject({
      stage: 'authentication',
      message: expect.stringMatching(/did not accept .*administrators_authorized_keys/),
    });
  });

  it('sends nothing to a host that is not trusted', async () => {
    let asked = 0;
    const questions: SshQuestions = {
      ...nobody,
      trustHost: ({ fingerprint }) => Promise.resolve(fingerprint !== node.fingerprint),
      passphrase: () => Promise.resolve(String((asked += 1))),
    };
    const hop = hopTo(node.port, keys.get('rsa') ?? '');
    await expect(connectSsh([hop], await options({ questions }))).rejects.toMatchObject({
      stage: 'host-key',
      message: expect.stringContaining(node.fingerprint),
    });
    expect(asked).toBe(0);
  });

  it('sends nothing to a host whose key was revoked', async () => {
    const file = lab.path('revoked');
    const [, type = '', code = ''] = node.knownHostsLine.split(' ');
    writeFileSync(file, `@revoked * ${type} ${code}\n${node.knownHostsLine}\n`);
    const knownHosts = await KnownHosts.read([file], undefined);
    const hop = hopTo(node.port, keys.get('plain') ?? '');
    await expect(connectSsh([hop], await options({ knownHosts }))).rejects.toMatchObject({
      stage: 'host-key',
      message: expect.stringContaining('lists as revoked'),
    });
  });

  it('notices that the other side has gone silent', async () => {
    const through: Socket[] = [];
    const relay = createServer((socket) => {
      const on = connectTcp(node.port, '127.0.0.1');
      through.push(socket, on);
      for (const each of [socket, on]) each.on('error', () => undefined);
      socket.pipe(on).pipe(socket);
    });
    const port = await new Promise<number>((resolve) => {
      relay.listen(0, '127.0.0.1', () => resolve((relay.address() as AddressInfo).port));
    });
    const connection = await connectSsh(
      [hopTo(port, keys.get('plain') ?? '')],
      await options({ keepAliveMilliseconds: 50 }),
    );
    const { command, input } = collectorCommand({});
    const ended = await sshRunner(connection).run(command, {
      input,
      signal: new AbortController().signal,
      onOutput: () => {
        // As when a cable is pulled: nothing comes, and nothing says so.
        for (const each of through) each.unpipe().pause();
        return Promise.resolve();
      },
    });
    expect(ended.lost).toMatch(/keepalive timeout/i);
    for (const each of through) each.destroy();
    relay.close();
  });

  it('can be cancelled while the command runs', async () => {
    const cancel = new AbortController();
    const connection = await connectSsh(
      [hopTo(node.port, keys.get('plain') ?? '')],
      await options({ signal: cancel.signal }),
    );
    const { command, input } = collectorCommand({});
    const run = sshRunner(connection).run(command, {
      input,
      signal: cancel.signal,
      onOutput: () => {
        cancel.abort(new Error('enough'));
        return Promise.resolve();
      },
    });
    await expect(run).rejects.toThrow('enough');
  });
});

/** Accounts with passwords need Debian's wrappers, which system-libraries.mjs sees to. */
describe.runIf(hasAccounts())('an OpenSSH server with accounts', () => {
  const PASSWORD = 'S3cret!päss';

  it.each([
    ['password', { password: () => Promise.resolve(PASSWORD) }],
    ['keyboard-interactive', { answer: () => Promise.resolve(PASSWORD) }],
  ] as const)(
    'takes a %s with letters beyond ASCII, and refuses a wrong one',
    async (how, right) => {
      const account = { user: 'lab-operator', password: PASSWORD, how };
      const server = await lab.node({ folder: lab.folder }, undefined, account);
      const hop: SshHop = {
        host: '127.0.0.1',
        port: server.port,
        user: server.user,
        identityFiles: [],
      };
      const connection = await connectSsh(
        [hop],
        await options({ questions: { ...nobody, ...right } }),
      );
      expect(connection.lost()).toBeUndefined();
      connection.close();
      const wrong = {
        ...nobody,
        password: () => Promise.resolve('canary'),
        answer: () => Promise.resolve('canary'),
      };
      const refused = connectSsh([hop], await options({ questions: wrong }));
      await expect(refused).rejects.toMatchObject({
        stage: 'authentication',
        message: expect.stringMatching(/^(?!.*canary).*did not accept lab-operator/),
      });
    },
  );
});

describe('a server that', () => {
  const listen = (server: ReturnType<typeof createServer> | Server): Promise<number> =>
    new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
    });

  it('never speaks is given up after a time, and at once when cancelled', async () => {
    const silent = createServer();
    const port = await listen(silent);
    const late = connectSsh([hopTo(port)], await options({ timeoutMilliseconds: 100 }));
    await expect(late).rejects.toThrow(/does not answer/);
    const cancel = new AbortController();
    const cancelled = connectSsh([hopTo(port)], await options({ signal: cancel.signal }));
    cancel.abort(new Error('enough'));
    await expect(cancelled).rejects.toThrow('enough');
    silent.close();
  });

  it('is no SSH server is told as such', async () => {
    const other = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const port = await listen(other);
    await expect(connectSsh([hopTo(port)], await options())).rejects.toBeInstanceOf(TransportError);
    other.close();
  });

  it('asks questions gets answers, and the password when it wants that', async () => {
    lab.key('served', 'ed25519');
    const seen: string[] = [];
    const server = new Server({ hostKeys: [readFileSync(lab.path('served'))] }, (client) => {
      client.on('error', () => undefined);
      client.on('authentication', (context) => {
        seen.push(context.method);
        if (context.method === 'keyboard-interactive')
          context.prompt([{ prompt: 'Code: ', echo: false }], (answers) => {
            seen.push(answers.join());
            context.reject(['password']);
          });
        else if (context.method === 'password' && context.password === 'S3cret!päss')
          context.accept();
        else context.reject(['keyboard-interactive', 'password']);
      });
    });
    const port = await listen(server);
    const questions: SshQuestions = {
      ...nobody,
      answer: (_hop, prompt) => Promise.resolve(`${prompt}123`),
      password: () => Promise.resolve('S3cret!päss'),
    };
    const connection = await connectSsh([hopTo(port)], await options({ questions }));
    expect(seen).toEqual(['none', 'keyboard-interactive', 'Code: 123', 'password']);
    connection.close();
    server.close();
  });
});

describe('the agent', () => {
  const pageant = 'pageant.operator.9a3f';
  it.each([
    ['/tmp/agent.sock', ['openssh-ssh-agent'], '/tmp/agent.sock'],
    ['', ['lsass', pageant, 'openssh-ssh-agent'], '\\\\.\\pipe\\openssh-ssh-agent'],
    [undefined, ['lsass', pageant], `\\\\.\\pipe\\${pageant}`],
    [undefined, ['lsass'], undefined],
  ] as const)('with %j among %j is %j', (told, pipes, expected) => {
    expect(agentSocket(told ?? '', pipes)).toBe(expected);
  });
});
