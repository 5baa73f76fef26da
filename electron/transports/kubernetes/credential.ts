import { readFile } from 'node:fs/promises';
import { TransportError } from '../transport';
import { runCredentialPlugin, type PluginCredential } from './credential-plugin';
import type { ClusterAccess } from './kubeconfig';

/** What is shown to the API server. Certificate and key are PEM. */
export interface ShownCredential {
  readonly token: string | undefined;
  readonly certificate: Buffer | undefined;
  readonly key: Buffer | undefined;
}

/** A plugin's credential is asked for anew this long before it ends. */
const EARLY_MILLISECONDS = 30_000;

/**
 * The credentials of a context: certificate, token, token file (read each time, since it is renewed
 * while programs run) or a credential plugin, which was agreed to before.
 */
export class Credential {
  #plugin: PluginCredential | undefined;
  /** One run serves all that wait for it. */
  #running: Promise<PluginCredential> | undefined;

  constructor(
    private readonly access: ClusterAccess,
    private readonly signal: AbortSignal,
  ) {}

  /** @throws TransportError when a file or the plugin gives none */
  async show(): Promise<ShownCredential> {
    const { user } = this.access;
    const certificate = await pem(user['client-certificate'], user['client-certificate-data']);
    const key = await pem(user['client-key'], user['client-key-data']);
    const plugin = await this.#fromPlugin();
    return {
      token: (await tokenFile(user.tokenFile)) ?? user.token ?? plugin?.token ?? this.#oidc(),
      certificate:
        plugin?.certificate === undefined ? certificate : Buffer.from(plugin.certificate),
      key: plugin?.key === undefined ? key : Buffer.from(plugin.key),
    };
  }

  /** The server did not take it: is there another to try? */
  renew(): boolean {
    const had = this.#plugin !== undefined;
    this.#plugin = undefined;
    return had;
  }

  async #fromPlugin(): Promise<PluginCredential | undefined> {
    const { exec } = this.access.user;
    if (exec === undefined) return undefined;
    const ends = this.#plugin?.expiresAt ?? Infinity;
    if (this.#plugin !== undefined && ends - EARLY_MILLISECONDS >= Date.now()) return this.#plugin;
    this.#running ??= runCredentialPlugin(this.access, exec, this.signal).finally(() => {
      this.#running = undefined;
    });
    this.#plugin = await this.#running;
    return this.#plugin;
  }

  /** The token as it stands there; only its issuer could renew it. */
  #oidc(): string | undefined {
    const token = this.access.user['auth-provider']?.config?.['id-token'];
    return typeof token === 'string' && token !== '' ? token : undefined;
  }
}

async function tokenFile(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const token = (await contentOf(file)).toString('utf8').trim();
  if (token === '') throw new TransportError('authentication', `The token file ${file} is empty`);
  return token;
}

/** PEM of an entry: data counts before a file, as client-go has it. */
export async function pem(
  file: string | undefined,
  data: string | undefined,
): Promise<Buffer | undefined> {
  if (data !== undefined) return Buffer.from(data, 'base64');
  return file === undefined ? undefined : contentOf(file);
}

async function contentOf(file: string): Promise<Buffer> {
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new TransportError('configuration', `${file} cannot be read (${error.code ?? '?'})`);
  });
}
