import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clusterNodes } from './cluster-nodes';
import { connectKubernetes, type KubernetesConnection } from './connect';
import { Kubeconfig } from './kubeconfig';
import { readList, type ApiObject } from './list';
import { PluginConsents, type PluginQuestion } from './plugin-consents';
import type { FakeApiServer } from './testing/fake-api-server';
import { TestAuthority } from './testing/certificates';
import { KubeLab, TOKEN_CANARY } from './testing/kube-lab';

const lab = new KubeLab();
const never = new AbortController().signal;
const node = (name: string): ApiObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
  status: {
    addresses: [
      { type: 'Hostname', address: name },
      { type: 'InternalIP', address: '192.0.2.7' },
    ],
    conditions: [{ type: 'Ready', status: 'True' }],
    nodeInfo: {
      operatingSystem: 'windows',
      kernelVersion: '10.0.20348.2461',
      kubeletVersion: 'v1.29.4',
    },
  },
});
const NODES = Array.from({ length: 25 }, (_, i) => node(`win-${String(i).padStart(2, '0')}`));
let api: FakeApiServer;
beforeAll(async () => {
  api = await lab.api({ objects: { nodes: NODES } });
});
afterAll(() => lab.close());

interface Way {
  readonly consents?: string;
  readonly allow?: boolean;
  readonly asked?: PluginQuestion[];
  readonly timeoutMilliseconds?: number;
}

async function connected(config: string, way: Way = {}): Promise<KubernetesConnection> {
  return connectKubernetes(await Kubeconfig.read([config]), undefined, {
    consents: await PluginConsents.read(way.consents),
    questions: {
      allowPlugin: (question) => {
        way.asked?.push(question);
        return Promise.resolve(way.allow === true);
      },
    },
    signal: never,
    timeoutMilliseconds: way.timeoutMilliseconds,
  });
}
const names = async (config: string, way?: Way): Promise<number> =>
  (await clusterNodes((await connected(config, way)).api, never)).length;
/** What a failure says; nothing of it may be secret. */
async function refusal(run: Promise<unknown>): Promise<string> {
  const error = await run.then(
    () => 'no failure',
    (failure: unknown) =>
      `${String(failure)} ${failure instanceof Error ? String(failure.cause) : ''}`,
  );
  expect(error).not.toContain('canary');
  return error;
}

describe('signing in to an API server', () => {
  it('with a token', async () => {
    const { version, context } = await connected(lab.kubeconfig(api.url));
    expect({ version, context }).toEqual({ version: 'v1.29.4', context: 'lab' });
    expect(await names(lab.kubeconfig(api.url))).toBe(25);
  });

  it('with a client certificate, as data or in files', async () => {
    const { key, cert, keyFile, certFile } = lab.client;
    const data = (text: string): string => Buffer.from(text).toString('base64');
    const inside = { 'client-certificate-data': data(cert), 'client-key-data': data(key) };
    const beside = { 'client-certificate': certFile, 'client-key': keyFile };
    for (const user of [inside, beside])
      expect(await names(lab.kubeconfig(api.url, { user }))).toBe(25);
    expect(api.log.at(-1)).toMatch(/as operator$/);
  });

  it('with a token file, read anew when it has changed', async () => {
    const tokenFile = lab.path('token');
    writeFileSync(tokenFile, `${TOKEN_CANARY}\n`);
    const connection = await connected(lab.kubeconfig(api.url, { user: { tokenFile } }));
    api.tokens['operator'] = 'canary-renewed';
    writeFileSync(tokenFile, 'canary-renewed');
    const found = await clusterNodes(connection.api, never);
    api.tokens['operator'] = TOKEN_CANARY;
    expect(found).toHaveLength(25);
    writeFileSync(tokenFile, ' ');
    expect(await refusal(clusterNodes(connection.api, never))).toMatch(/token file .* is empty/);
  });

  it('says so when the credentials are not taken', async () => {
    const wrong = lab.kubeconfig(api.url, { user: { token: 'canary-wrong' } });
    expect(await refusal(connected(wrong))).toMatch(/does not take the credentials.*Unauthorized/);
  });

  it('sends nothing to a server of another authority or name, whatever the environment says', async () => {
    const other = new TestAuthority(lab.folder, 'other');
    const stranger = await lab.api({ objects: {}, ...other.server('api', 'IP:127.0.0.1') });
    const named = await lab.api({
      objects: {},
      ...lab.authority.server('else', 'DNS:else.example'),
    });
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    const said = [
      await refusal(connected(lab.kubeconfig(stranger.url))),
      await refusal(connected(lab.kubeconfig(named.url))),
    ];
    delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    expect(said[0]).toMatch(/certificate that is not trusted.*Nothing was sent/);
    expect(said[1]).toMatch(/certificate for another name/);
    expect([...stranger.log, ...named.log]).toEqual([]);
    const cluster = { 'tls-server-name': 'else.example' };
    await expect(connected(lab.kubeconfig(named.url, { cluster }))).resolves.toBeDefined();
  });

  it('goes through the proxy of the kubeconfig', async () => {
    const asked: string[] = [];
    const proxy = createServer().on('connect', (request, socket) => {
      asked.push(request.url ?? '');
      const { port, hostname } = new URL(`http://${request.url ?? ''}`);
      const out = connect(Number(port), hostname, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        out.pipe(socket).pipe(out);
      });
      for (const each of [out, socket]) each.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const cluster = { 'proxy-url': `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` };
    expect(await names(lab.kubeconfig(api.url, { cluster }))).toBe(25);
    expect(new Set(asked)).toEqual(new Set([`127.0.0.1:${api.port}`]));
    proxy.close();
  });

  it('says what kept it from the server', async () => {
    const said = (url: string): Promise<string> => refusal(connected(lab.kubeconfig(url)));
    expect(await said('https://127.0.0.1:1')).toMatch(/refuses the connection/);
    expect(await said('https://nowhere.invalid')).toMatch(/not known to DNS/);
    const plain = createServer((_, response) => response.end('hello'));
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const { port } = plain.address() as AddressInfo;
    expect(await said(`https://127.0.0.1:${port}`)).toMatch(/TLS with 127.0.0.1:\d+ failed/);
    plain.close();
  });

  it('does not wait for a server that says nothing, and survives one that says nonsense', async () => {
    const answer = async (text: string): Promise<string> => {
      const { key, cert } = lab.authority.server('hostile', 'IP:127.0.0.1');
      const hostile = createTlsServer({ key, cert }, (socket) => {
        socket.on('error', () => undefined).once('data', () => socket.write(text));
      });
      await new Promise<void>((resolve) => hostile.listen(0, '127.0.0.1', resolve));
      const { port } = hostile.address() as AddressInfo;
      const config = lab.kubeconfig(`https://127.0.0.1:${port}`);
      const said = await refusal(connected(config, { timeoutMilliseconds: 200 }));
      hostile.close();
      return said;
    };
    const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';
    expect(await answer('')).toMatch(/does not answer/);
    expect(await answer(`${head}Transfer-Encoding: chunked\r\n\r\nzzz\r\n`)).toMatch(/broke off/);
    expect(await answer(`${head}Content-Length: 100\r\n\r\n{"half`)).toMatch(/broke off/);
    expect(await answer(`${head}Content-Length: 4\r\n\r\n<ok>`)).toMatch(/no JSON/);
    expect(await answer('HTTP/1.1 302 Found\r\nLocation: https://else.example/\r\n\r\n')).toMatch(
      /HTTP status 302|broke off/,
    );
    expect(await answer('SSH-2.0-OpenSSH_9.2\r\n')).toMatch(/cannot be reached/);
  });

  it('says what of the kubeconfig cannot be used', async () => {
    const said = (user: object): Promise<string> =>
      refusal(connected(lab.kubeconfig(api.url, { user })));
    const garbage = Buffer.from('canary garbage').toString('base64');
    expect(await said({ 'client-certificate-data': garbage, 'client-key-data': garbage })).toMatch(
      /certificate or key of the kubeconfig cannot be used/,
    );
    expect(await said({ token: 'canary\nInjected: header' })).toMatch(/letters that neither has/);
    expect(await said({ tokenFile: lab.path('absent') })).toMatch(
      /absent cannot be read \(ENOENT\)/,
    );
  });
});

describe('credential plugins', () => {
  /** A plugin that notes that it ran. */
  function plugin(name: string, status: object): { user: object; ran: string } {
    const ran = lab.path(`${name}-ran`);
    const file = lab.path(name);
    const answer = JSON.stringify({
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status,
    });
    writeFileSync(
      file,
      `#!/bin/sh\necho "$1 $PROFILE $KUBERNETES_EXEC_INFO" >> '${ran}'\necho 'canary on stderr' >&2\nprintf '%s' '${answer}'\n`,
    );
    chmodSync(file, 0o755);
    // A path is relative to the kubeconfig.
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: `./${name}`,
      args: ['get-token'],
      env: [{ name: 'PROFILE', value: 'canary-profile' }],
    };
    return { user: { exec }, ran };
  }
  const runs = (ran: string): number =>
    existsSync(ran) ? readFileSync(ran, 'utf8').trim().split('\n').length : 0;

  it('run only once the operator has agreed to the exact command, until the file changes', async () => {
    const { user, ran } = plugin('give-token', { token: TOKEN_CANARY });
    const config = lab.kubeconfig(api.url, { user });
    const consents = lab.path('consents');
    const asked: PluginQuestion[] = [];
    expect(await refusal(connected(config, { consents, asked }))).toMatch(
      /not agreed to: .\/give-token get-token. It was not run/,
    );
    expect(runs(ran)).toBe(0);
    expect(asked[0]).toMatchObject({
      command: ['./give-token', 'get-token'],
      variables: ['PROFILE'],
      file: config,
    });
    expect(JSON.stringify(asked)).not.toContain('canary-profile');
    expect(await names(config, { consents, asked, allow: true })).toBe(25);
    expect(await names(config, { consents, asked })).toBe(25);
    expect([asked.length, runs(ran)]).toEqual([2, 2]);
    expect(readFileSync(ran, 'utf8')).toMatch(/^get-token canary-profile .*"interactive":false/);
    writeFileSync(config, `${readFileSync(config, 'utf8')}# changed\n`);
    expect(await refusal(connected(config, { consents, asked }))).toMatch(/not agreed to/);
  });

  it('give a client certificate, and are asked anew when what they gave is no longer taken', async () => {
    const { key, cert } = lab.client;
    const pems = plugin('give-cert', { clientCertificateData: cert, clientKeyData: key });
    expect(await names(lab.kubeconfig(api.url, { user: pems.user }), { allow: true })).toBe(25);
    const { user, ran } = plugin('give-old', { token: TOKEN_CANARY });
    const connection = await connected(lab.kubeconfig(api.url, { user }), { allow: true });
    api.refuseOnce('/nodes', 401);
    expect(await clusterNodes(connection.api, never)).toHaveLength(25);
    expect(runs(ran)).toBe(2);
    const ended = plugin('give-ended', {
      token: TOKEN_CANARY,
      expirationTimestamp: '2020-01-01T00:00:00Z',
    });
    await names(lab.kubeconfig(api.url, { user: ended.user }), { allow: true });
    expect(runs(ended.ran)).toBe(2);
  });

  it('fail with words, and with nothing of what they printed', async () => {
    const { user } = plugin('give-nothing', { clientKeyData: 'canary' });
    expect(await refusal(connected(lab.kubeconfig(api.url, { user }), { allow: true }))).toMatch(
      /printed no ExecCredential/,
    );
    const exec = { command: 'no-such-plugin-anywhere' };
    expect(
      await refusal(connected(lab.kubeconfig(api.url, { user: { exec } }), { allow: true })),
    ).toMatch(/is not installed/);
    const fails = { command: '/bin/sh', args: ['-c', 'echo "log in first" >&2; exit 7'] };
    expect(
      await refusal(connected(lab.kubeconfig(api.url, { user: { exec: fails } }), { allow: true })),
    ).toMatch(/exit code 7: log in first/);
  });
});

describe('lists', () => {
  const list = async (pageSize: number, onPage?: (count: number) => void, signal = never) => {
    const { api: server } = await connected(lab.kubeconfig(api.url), { timeoutMilliseconds: 2000 });
    let items: readonly ApiObject[] = [];
    await readList(server, '/api/v1/nodes', {
      signal,
      pageSize,
      onPage: (page) => {
        items = [...items, ...page];
        onPage?.(items.length);
      },
      onRestart: () => (items = []),
    });
    return items.map(({ kind, apiVersion, metadata }) => [
      kind,
      apiVersion,
      (metadata as { name: string }).name,
    ]);
  };
  const all = NODES.map(({ metadata }) => ['Node', 'v1', (metadata as { name: string }).name]);

  it('come page by page', async () => {
    const pages: number[] = [];
    expect(await list(10, (count) => pages.push(count))).toEqual(all);
    expect(pages).toEqual([10, 20, 25]);
  });

  it('begin anew when they have expired', async () => {
    let once = true;
    expect(
      await list(10, () => {
        if (once) api.compact();
        once = false;
      }),
    ).toEqual(all);
    expect(await refusal(list(10, () => api.compact()))).toMatch(/too old/);
  });

  it('wait as long as the server asks for', async () => {
    api.refuseOnce('/nodes', 429, 1);
    api.refuseOnce('/nodes', 503, 0);
    const started = Date.now();
    expect(await list(100)).toEqual(all);
    expect(Date.now() - started).toBeGreaterThanOrEqual(1000);
  });

  it('end when cancelled, also while waiting', async () => {
    const cancel = new AbortController();
    api.refuseOnce('/nodes', 429, 20);
    api.log.length = 0;
    const running = list(100, undefined, cancel.signal);
    const waits = async (): Promise<void> => {
      while (!api.log.at(-1)?.includes('limit=100')) await new Promise(setImmediate);
    };
    await waits();
    cancel.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  });

  it('say what Windows nodes there are', async () => {
    const { api: server } = await connected(lab.kubeconfig(api.url));
    expect((await clusterNodes(server, never))[3]).toEqual({
      name: 'win-03',
      windows: true,
      address: '192.0.2.7',
      osBuild: '20348.2461',
      osImage: undefined,
      kubeletVersion: 'v1.29.4',
      ready: true,
    });
  });
});
