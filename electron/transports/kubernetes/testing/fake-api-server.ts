import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ApiObject } from '../list';
import { collectionOf, DISCOVERY, status, VERSION, type Collection } from './api-discovery';
import { serveExec, type ExecSettings } from './fake-exec';

export interface FakeApiOptions {
  readonly key: string;
  readonly cert: string;
  /** Authority of client certificates. */
  readonly clientAuthority: string;
  /** Tokens that are taken, by user. */
  readonly tokens: Readonly<Record<string, string>>;
  /** Objects by resource: `pods`. */
  readonly objects: Readonly<Record<string, readonly ApiObject[]>>;
  readonly exec?: ExecSettings;
}

interface Stored {
  readonly object: ApiObject;
  readonly version: number;
}
interface Change {
  readonly version: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly collection: string;
  readonly object: ApiObject;
}

/**
 * An API server on loopback, over TLS: discovery, lists with limit and continue, single objects,
 * watches with bookmarks, Status bodies, exec over websockets. It is checked by kubectl.
 */
export class FakeApiServer {
  /** `GET /path?query as USER`, in the order they came. */
  readonly log: string[] = [];
  /** Resources (or `namespace/resource`) that nobody may read. */
  readonly forbidden = new Set<string>();
  /** Answers that come before the real ones, once each, for paths that hold the text. */
  readonly #once: {
    readonly path: string;
    readonly status: number;
    readonly retryAfter?: number;
  }[] = [];
  tokens: Record<string, string>;
  bookmarkMilliseconds = 50;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #objects = new Map<string, Map<string, Stored>>();
  readonly #watchers = new Set<{
    readonly collection: string;
    send(change: Change): void;
    end(): void;
  }>();
  #version = 1000;
  /** Watches from before this version are too old. */
  #oldest = 0;
  /** Continue tokens of before are no longer known. */
  #epoch = 1;

  private constructor(private readonly options: FakeApiOptions) {
    this.tokens = { ...options.tokens };
    for (const [resource, items] of Object.entries(options.objects))
      for (const item of items) this.#store(resource, item);
    this.#server = createServer(
      {
        key: options.key,
        cert: options.cert,
        ca: options.clientAuthority,
        requestCert: true,
        rejectUnauthorized: false,
      },
      (request, response) => this.#answer(request, response),
    );
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    this.#server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      const user = this.#userOf(request);
      this.log.push(`EXEC ${request.url ?? ''} as ${user ?? 'nobody'}`);
      const refused = user === undefined ? 401 : this.forbidden.has('pods/exec') ? 403 : undefined;
      const body = status(
        refused ?? 500,
        `pods "x" is forbidden: User "${user ?? ''}" cannot create resource "pods/exec" in API group "" in the namespace "kube-system"`,
      );
      serveExec(
        request,
        socket,
        head,
        this.options.exec,
        refused === undefined ? undefined : { code: refused, body },
      );
    });
  }

  static async start(options: FakeApiOptions): Promise<FakeApiServer> {
    const fake = new FakeApiServer(options);
    await new Promise<void>((resolve) => fake.#server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  /** What it holds, as clients are shown it. */
  get objects(): Readonly<Record<string, readonly ApiObject[]>> {
    return Object.fromEntries(
      [...this.#objects].map(([resource, all]) => [resource, [...all.values()].map(numbered)]),
    );
  }

  /** Watches that are open. */
  get watches(): number {
    return this.#watchers.size;
  }

  /** Adds or changes an object; watches hear of it. */
  put(resource: string, object: ApiObject): void {
    const known = this.#objects.get(resource)?.has(keyOf(object)) === true;
    const stored = this.#store(resource, object);
    this.#tell({ type: known ? 'MODIFIED' : 'ADDED', collection: resource, ...stored });
  }

  remove(resource: string, object: ApiObject): void {
    this.#objects.get(resource)?.delete(keyOf(object));
    this.#version += 1;
    this.#tell({ type: 'DELETED', collection: resource, object, version: this.#version });
  }

  /** Forgets the past: open watches break, and older versions and continue tokens are gone. */
  compact(): void {
    this.#version += 1;
    this.#oldest = this.#version;
    this.#epoch += 1;
    for (const watcher of [...this.#watchers]) watcher.end();
  }

  /** Ends open watches as a server does after a while. */
  endWatches(): void {
    for (const watcher of [...this.#watchers]) watcher.end();
  }

  /** As a network does that is gone. */
  breakConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  refuseOnce(path: string, code: number, retryAfter?: number): void {
    this.#once.push({ path, status: code, ...(retryAfter === undefined ? {} : { retryAfter }) });
  }

  async stop(): Promise<void> {
    for (const watcher of [...this.#watchers]) watcher.end();
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #store(resource: string, object: ApiObject): Stored {
    this.#version += 1;
    const stored = { object, version: this.#version };
    const all = this.#objects.get(resource) ?? new Map<string, Stored>();
    this.#objects.set(resource, all.set(keyOf(object), stored));
    return stored;
  }

  #tell(change: Change): void {
    for (const watcher of [...this.#watchers])
      if (watcher.collection === change.collection) watcher.send(change);
  }

  /** Undefined: credentials that are not taken. Without any, the user is anonymous. */
  #userOf(request: IncomingMessage): string | undefined {
    const socket = request.socket as TLSSocket;
    if (socket.authorized) return String(socket.getPeerCertificate().subject.CN);
    const { authorization } = request.headers;
    if (authorization === undefined) return 'system:anonymous';
    const token = authorization.replace(/^Bearer /, '');
    return Object.entries(this.tokens).find(([, each]) => each === token)?.[0];
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.url);
    const user = this.#userOf(request);
    this.log.push(`${request.method ?? ''} ${url.pathname}${url.search} as ${user ?? 'nobody'}`);
    const planned = this.#once.findIndex(({ path }) => url.pathname.includes(path));
    const [first] = planned === -1 ? [] : this.#once.splice(planned, 1);
    if (first !== undefined) {
      if (first.retryAfter !== undefined) response.setHeader('Retry-After', first.retryAfter);
      return send(response, first.status, status(first.status, 'not now'));
    }
    if (user === undefined) return send(response, 401, status(401, 'Unauthorized'));
    if (request.method !== 'GET')
      return send(response, 405, status(405, 'reading is all that is allowed'));
    if (url.pathname === '/version') return send(response, 200, VERSION);
    const known = DISCOVERY.get(url.pathname);
    if (known !== undefined) return send(response, 200, known);
    const asked = collectionOf(url.pathname);
    if (asked === undefined)
      return send(response, 404, status(404, 'the server could not find the requested resource'));
    const { resource, namespace, group } = asked;
    if (
      user === 'system:anonymous' ||
      this.forbidden.has(resource) ||
      this.forbidden.has(`${namespace ?? '*'}/${resource}`)
    ) {
      const where =
        namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
      return send(
        response,
        403,
        status(
          403,
          `${resource} is forbidden: User "${user}" cannot list resource "${resource}" in API group "${group}" ${where}`,
        ),
      );
    }
    if (asked.name !== undefined) return this.#single(asked, response);
    if (url.searchParams.get('watch') === 'true' || url.searchParams.get('watch') === '1')
      return this.#watch(asked, url, response);
    this.#list(asked, url, response);
  }

  #single({ resource, namespace, name }: Collection, response: ServerResponse): void {
    const found = this.#objects.get(resource)?.get(`${namespace ?? ''}/${name ?? ''}`);
    if (found === undefined)
      return send(response, 404, status(404, `${resource} "${name ?? ''}" not found`));
    send(response, 200, versioned(found));
  }

  #list(asked: Collection, url: URL, response: ServerResponse): void {
    const all = [...(this.#objects.get(asked.resource)?.values() ?? [])].filter(({ object }) =>
      matches(object, asked, url),
    );
    const [epoch, at] = (url.searchParams.get('continue') ?? `${this.#epoch}:0`)
      .split(':')
      .map(Number);
    if (epoch !== this.#epoch)
      return send(
        response,
        410,
        status(410, 'The provided continue parameter is too old', 'Expired'),
      );
    const start = at ?? 0;
    const limit = Number(url.searchParams.get('limit') ?? 0) || all.length;
    const more = start + limit < all.length;
    send(response, 200, {
      kind: `${asked.kind}List`,
      apiVersion: asked.apiVersion,
      metadata: {
        resourceVersion: String(this.#version),
        ...(more
          ? {
              continue: `${this.#epoch}:${start + limit}`,
              remainingItemCount: all.length - start - limit,
            }
          : {}),
      },
      // Items of a typed list have neither kind nor apiVersion.
      items: all.slice(start, start + limit).map((each) => bare(versioned(each))),
    });
  }

  #watch(asked: Collection, url: URL, response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    const line = (type: string, object: unknown): void =>
      void response.write(`${JSON.stringify({ type, object })}\n`);
    const from = Number(url.searchParams.get('resourceVersion') ?? 0);
    if (from !== 0 && from < this.#oldest) {
      line('ERROR', status(410, `too old resource version: ${from} (${this.#oldest})`, 'Expired'));
      response.end();
      return;
    }
    const { resource } = asked;
    for (const stored of this.#objects.get(resource)?.values() ?? [])
      if (stored.version > from && matches(stored.object, asked, url))
        line('ADDED', versioned(stored));
    const bookmarks = url.searchParams.get('allowWatchBookmarks') === 'true';
    const timer = setInterval(() => {
      if (bookmarks)
        line('BOOKMARK', {
          kind: asked.kind,
          apiVersion: asked.apiVersion,
          metadata: { resourceVersion: String(this.#version) },
        });
    }, this.bookmarkMilliseconds);
    const watcher = {
      collection: resource,
      send: (change: Change) => {
        if (matches(change.object, asked, url)) line(change.type, versioned(change));
      },
      end: () => {
        clearInterval(timer);
        this.#watchers.delete(watcher);
        response.end();
      },
    };
    this.#watchers.add(watcher);
    response.once('close', () => watcher.end());
    response.flushHeaders();
  }
}

function keyOf(object: ApiObject): string {
  const { namespace, name } = object['metadata'] as { namespace?: string; name?: string };
  return `${namespace ?? ''}/${name ?? ''}`;
}

function matches(object: ApiObject, { namespace }: Collection, url: URL): boolean {
  const metadata = object['metadata'] as { namespace?: string; name?: string };
  const spec = object['spec'] as { nodeName?: string } | undefined;
  if (namespace !== undefined && metadata.namespace !== namespace) return false;
  const selector = url.searchParams.get('fieldSelector') ?? '';
  return selector.split(',').every((each) => {
    const [field, value] = each.split('=');
    if (field === 'spec.nodeName') return spec?.nodeName === value;
    if (field === 'metadata.name') return metadata.name === value;
    return true;
  });
}

/** An object with the version it has now. */
function numbered({ object, version }: Stored): ApiObject {
  return {
    ...object,
    metadata: { ...(object['metadata'] as object), resourceVersion: String(version) },
  };
}

/** The same with what the server itself notes down, which kubectl hides. */
function versioned(stored: Stored): ApiObject {
  const object = numbered(stored);
  const managedFields = [{ manager: 'kubelet', operation: 'Update', fieldsType: 'FieldsV1' }];
  return { ...object, metadata: { ...(object['metadata'] as object), managedFields } };
}

function bare({ kind: _kind, apiVersion: _version, ...rest }: ApiObject): ApiObject {
  return rest;
}

function send(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { 'Content-Type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}
