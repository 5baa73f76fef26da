import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A key and its certificate, as files and as PEM. */
export interface KeyPair {
  readonly keyFile: string;
  readonly certFile: string;
  readonly key: string;
  readonly cert: string;
}

/** An authority of its own, made with openssl in a folder. */
export class TestAuthority {
  readonly #own: KeyPair;

  constructor(
    private readonly folder: string,
    private readonly name = 'test-ca',
  ) {
    const { keyFile, certFile } = this.#files(name);
    const extensions = ['-addext', 'basicConstraints=critical,CA:TRUE'];
    openssl(
      ...['req', '-x509', ...NEW_KEY, '-keyout', keyFile, '-out', certFile],
      ...['-days', '30', '-subj', `/CN=${name}`, ...extensions],
    );
    this.#own = pair(keyFile, certFile);
  }

  get cert(): string {
    return this.#own.cert;
  }

  get certFile(): string {
    return this.#own.certFile;
  }

  /** @param names of the certificate: `IP:127.0.0.1,DNS:localhost` */
  server(name: string, names: string): KeyPair {
    return this.#issue(name, `/CN=${name}`, `subjectAltName=${names}`);
  }

  /** A client certificate; Kubernetes takes the name from CN. */
  client(name: string): KeyPair {
    return this.#issue(name, `/CN=${name}`, 'extendedKeyUsage=clientAuth');
  }

  #issue(name: string, subject: string, extension: string): KeyPair {
    const { keyFile, certFile } = this.#files(`${this.name}-${name}`);
    const request = join(this.folder, `${name}.csr`);
    const extensions = join(this.folder, `${name}.ext`);
    writeFileSync(extensions, `${extension}\n`);
    openssl('req', ...NEW_KEY, '-keyout', keyFile, '-out', request, '-subj', subject);
    openssl(
      ...['x509', '-req', '-in', request, '-out', certFile, '-days', '30', '-extfile', extensions],
      ...['-CA', this.#own.certFile, '-CAkey', this.#own.keyFile, '-CAcreateserial'],
    );
    return pair(keyFile, certFile);
  }

  #files(name: string): { readonly keyFile: string; readonly certFile: string } {
    return {
      keyFile: join(this.folder, `${name}.key`),
      certFile: join(this.folder, `${name}.pem`),
    };
  }
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

const pair = (keyFile: string, certFile: string): KeyPair => ({
  keyFile,
  certFile,
  key: readFileSync(keyFile, 'utf8'),
  cert: readFileSync(certFile, 'utf8'),
});

function openssl(...args: readonly string[]): void {
  const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl failed: ${stderr}`);
}
