import { request, type RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster, User } from '@kubernetes/client-node';
import { TransportError } from '../transport';
import { ApiFailure, apiFailure, jsonOf } from './api-failure';
import { Credential, pem } from './credential';
import type { ClusterAccess } from './kubeconfig';

export type Query = Readonly<Record<string, string | number | undefined>>;

export interface ApiServerOptions {
  /** Ends everything that goes on. */
  readonly signal: AbortSignal;
  /** Silence after which the server counts as gone. */
  readonly timeoutMilliseconds: number;
}

const ATTEMPTS = 5;
const LONGEST_WAIT_SECONDS = 30;
/** A page of objects, each at most 1.5 MB in etcd, is far below this. */
const BODY_BYTES = 256 * 1024 ** 2;
const ERROR_BYTES = 64 * 1024;

/**
 * An API server, read with GET alone. How it is reached (authority, client certificate, token,
 * proxy) is the Kubernetes client's matter; certificates are always checked.
 */
export class ApiServer {
  readonly #credential: Credential;

  constructor(
    readonly access: ClusterAccess,
    readonly options: ApiServerOptions,
  ) {
    this.#credential = new Credential(access, options.signal);
  }

  /**
   * Gets JSON. Waits and tries again where the server asks for it (429, 503 with Retry-After).
   * @throws ApiFailure when the server refuses; TransportError when it cannot be reached; the
   *   signal's reason when cancelled
   */
  async json(path: string, query: Query, signal: AbortSignal): Promise<unknown> {
    const response = await this.open(path, query, signal);
    const body = await bodyOf(response, BODY_BYTES, signal);
    const value = body === undefined ? undefined : jsonOf(body);
    if (value === undefined)
      throw new ApiFailure(
        0,
        `${path}: the answer is ${body === undefined ? 'too large' : 'no JSON'}`,
        false,
      );
    return value;
  }

  /**
   * The same as a stream, for a watch.
   * @param silence milliseconds after which the server counts as gone
   */
  async open(
    path: string,
    query: Query,
    signal: AbortSignal,
    silence = this.options.timeoutMilliseconds,
  ): Promise<IncomingMessage> {
    let renewed = false;
    for (let attempt = 1; ; attempt += 1) {
      const response = await this.#send(this.url(path, query), signal, silence);
      const status = response.statusCode ?? 0;
      if (status >= 200 && status < 300) return response;
      const body = (await bodyOf(response, ERROR_BYTES, signal)) ?? '';
      if (status === 401 && !renewed && this.#credential.renew()) {
        renewed = true;
        continue;
      }
      const seconds = waitOf(response, attempt);
      if (attempt >= ATTEMPTS || seconds === undefined) throw apiFailure(status, body);
      await sleep(seconds * 1000, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }

  /**
   * What a connection to this server needs: agent (with its proxy), authority, certificates and
   * headers. Never to be logged.
   */
  async connection(): Promise<RequestOptions> {
    const { KubeConfig } = await import('@kubernetes/client-node');
    const { cluster, user, context } = this.access;
    const shown = await this.#credential.show();
    const authority = await pem(
      cluster['certificate-authority'],
      cluster['certificate-authority-data'],
    );
    const config = new KubeConfig();
    const server: Cluster = {
      name: 'cluster',
      server: cluster.server.replace(/\/$/, ''),
      skipTLSVerify: false,
      ...optional('caData', authority?.toString('base64')),
      ...optional('tlsServerName', cluster['tls-server-name']),
      ...optional('proxyUrl', cluster['proxy-url']),
    };
    const signsIn: User = {
      name: 'user',
      ...optional('token', shown.token),
      ...optional('certData', shown.certificate?.toString('base64')),
      ...optional('keyData', shown.key?.toString('base64')),
      ...optional('impersonateUser', user.as),
    };
    config.loadFromOptions({
      clusters: [server],
      users: [signsIn],
      contexts: [{ name: context.name, cluster: 'cluster', user: 'user' }],
      currentContext: context.name,
    });
    // Said outright, since otherwise NODE_TLS_REJECT_UNAUTHORIZED would count.
    const options: RequestOptions = { rejectUnauthorized: true };
    await config.applyToHTTPSOptions(options);
    const groups = user['as-groups'];
    if (groups !== undefined)
      options.headers = { ...(options.headers as object), 'Impersonate-Group': groups };
    return options;
  }

  /** Address of a path of the API; the server may stand below a path itself (Rancher). */
  url(path: string, query: Query | URLSearchParams = {}): URL {
    const url = new URL(this.access.cluster.server);
    url.pathname = `${url.pathname.replace(/\/$/, '')}${path}`;
    if (query instanceof URLSearchParams) url.search = query.toString();
    else
      for (const [key, value] of Object.entries(query))
        if (value !== undefined) url.searchParams.set(key, String(value));
    return url;
  }

  async #send(url: URL, signal: AbortSignal, silence: number): Promise<IncomingMessage> {
    signal.throwIfAborted();
    const connection = await this.connection().catch((error: unknown) => {
      throw unreachable(error, url);
    });
    const headers = { ...(connection.headers as object), Accept: 'application/json' };
    try {
      return await new Promise<IncomingMessage>((resolve, reject) => {
        const sent = request(url, { ...connection, headers, method: 'GET', signal });
        let response: IncomingMessage | undefined;
        // An answer may break right behind its head, before anybody reads it.
        sent.on('error', (error) => {
          response?.destroy(error);
          reject(error);
        });
        sent.once('response', (answer) => {
          response = answer.on('error', () => undefined);
          resolve(answer);
        });
        sent.setTimeout(silence, () =>
          sent.destroy(Object.assign(new Error('it does not answer'), { code: 'ETIMEDOUT' })),
        );
        sent.end();
      });
    } catch (error) {
      signal.throwIfAborted();
      throw unreachable(error, url);
    }
  }
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V });
}

/** Seconds until the next attempt; undefined where another makes no sense. */
function waitOf(response: IncomingMessage, attempt: number): number | undefined {
  const status = response.statusCode ?? 0;
  const told = Number(response.headers['retry-after']);
  const known = Number.isFinite(told) && told >= 0;
  if (status === 429 || (known && status >= 500))
    return Math.min(known ? told : 2 ** attempt, LONGEST_WAIT_SECONDS);
  return status === 502 || status === 503 || status === 504
    ? Math.min(2 ** attempt / 4, 5)
    : undefined;
}

async function bodyOf(
  response: IncomingMessage,
  limit: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const piece of response) {
      bytes += (piece as Buffer).length;
      if (bytes > limit) {
        response.destroy();
        return undefined;
      }
      pieces.push(piece as Buffer);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw new ApiFailure(
      0,
      `the answer broke off (${error instanceof Error ? error.message : 'lost'})`,
      false,
    );
  }
  return Buffer.concat(pieces).toString('utf8');
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

const TLS_ADVICE =
  'Somebody may be in between, or the kubeconfig names another authority (certificate-authority-data). Nothing was sent.';

/** What kept the API server from being reached, in words. */
export function unreachable(error: unknown, url: URL): TransportError {
  if (error instanceof TransportError) return error;
  const where = `The API server ${url.host}`;
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new TransportError('name', `${url.hostname} is not known to DNS`, { cause: error });
    case 'ECONNREFUSED':
      return new TransportError('port', `${where} refuses the connection`, { cause: error });
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return new TransportError('port', `${where} does not answer`, { cause: error });
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return new TransportError(
        'host-key',
        `${where} shows a certificate for another name. ${TLS_ADVICE}`,
      );
  }
  if (/^ERR_OSSL_.*(PEM|ASN1|X509|EVP)/.test(code))
    return new TransportError(
      'configuration',
      `A certificate or key of the kubeconfig cannot be used (${code})`,
      { cause: error },
    );
  if (code === 'ERR_INVALID_CHAR')
    return new TransportError(
      'configuration',
      'The kubeconfig has a token or a name to act as with letters that neither has',
    );
  if (/CERT|SELF_SIGNED|UNABLE_TO|VERIFY/.test(code))
    return new TransportError(
      'host-key',
      `${where} shows a certificate that is not trusted (${message}). ${TLS_ADVICE}`,
    );
  if (/^ERR_(SSL|OSSL|TLS)|EPROTO/.test(code))
    return new TransportError('channel', `TLS with ${url.host} failed (${code})`, { cause: error });
  return new TransportError('port', `${where} cannot be reached (${code || message})`, {
    cause: error,
  });
}
