import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { TestAuthority } from './certificates';
import { FakeApiServer, type FakeApiOptions } from './fake-api-server';

/** A bearer token that must show up nowhere. */
export const TOKEN_CANARY = 'canary-token-4f8d21aa';

/** Certificates, kubeconfig files and API servers of one test file. */
export class KubeLab {
  readonly folder = mkdtempSync(join(tmpdir(), 'kube-lab-'));
  readonly authority = new TestAuthority(this.folder);
  readonly #server = this.authority.server('api', 'IP:127.0.0.1,DNS:localhost');
  readonly client = this.authority.client('operator');
  readonly #running: FakeApiServer[] = [];
  #count = 0;

  path(name: string): string {
    return join(this.folder, name);
  }

  async api(
    options: Pick<FakeApiOptions, 'objects'> &
      Partial<Pick<FakeApiOptions, 'exec' | 'key' | 'cert'>>,
  ): Promise<FakeApiServer> {
    const fake = await FakeApiServer.start({
      key: this.#server.key,
      cert: this.#server.cert,
      clientAuthority: this.authority.cert,
      tokens: { operator: TOKEN_CANARY },
      ...options,
    });
    this.#running.push(fake);
    return fake;
  }

  /** Writes a kubeconfig of one context. Gives the file. */
  kubeconfig(
    server: string,
    parts: { readonly context?: string; readonly cluster?: object; readonly user?: object } = {},
  ): string {
    this.#count += 1;
    const file = this.path(`config-${this.#count}`);
    const name = parts.context ?? 'lab';
    const authority = Buffer.from(this.authority.cert).toString('base64');
    writeFileSync(
      file,
      stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': name,
        clusters: [
          {
            name: 'cluster',
            cluster: { server, 'certificate-authority-data': authority, ...parts.cluster },
          },
        ],
        users: [{ name: 'operator', user: parts.user ?? { token: TOKEN_CANARY } }],
        contexts: [{ name, context: { cluster: 'cluster', user: 'operator' } }],
      }),
    );
    return file;
  }

  async close(): Promise<void> {
    await Promise.all(this.#running.map((each) => each.stop()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
