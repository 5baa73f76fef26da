import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const REALM = 'WINLAB.TEST';
const PASSWORD = 'userpw';

/** Whether there is a KDC of MIT here, and the compiled client library. */
export const hasKerberos = (): boolean =>
  existsSync('/usr/sbin/krb5kdc') &&
  existsSync(
    new URL('../../../../node_modules/kerberos/build/Release/kerberos.node', import.meta.url),
  );

/** A realm on loopback: a KDC of MIT Kerberos, one user, and the service HTTP of `localhost`. */
export class Kdc {
  readonly folder = mkdtempSync(join(tmpdir(), 'kdc-'));
  #server: ChildProcess | undefined;
  #port = 0;

  /** What programs need to find the realm, and the tickets in the cache of this name. */
  env(cache: string): Record<'KRB5_CONFIG' | 'KRB5_KDC_PROFILE' | 'KRB5CCNAME', string> {
    return {
      KRB5_CONFIG: this.path('krb5.conf'),
      KRB5_KDC_PROFILE: this.path('kdc.conf'),
      KRB5CCNAME: `FILE:${this.path(cache)}`,
    };
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  get keytab(): string {
    return this.path('http.keytab');
  }

  async start(): Promise<void> {
    this.#port = await freePort();
    const address = `127.0.0.1:${this.#port}`;
    // MIT reads no braces on one line.
    writeFileSync(
      this.path('krb5.conf'),
      `[libdefaults]\n default_realm = ${REALM}\n dns_lookup_kdc = false\n dns_lookup_realm = false\n dns_canonicalize_hostname = false\n rdns = false\n[realms]\n ${REALM} = {\n  kdc = ${address}\n }\n[domain_realm]\n localhost = ${REALM}\n`,
    );
    writeFileSync(
      this.path('kdc.conf'),
      `[kdcdefaults]\n kdc_listen = ${address}\n kdc_tcp_listen = ${address}\n[realms]\n ${REALM} = {\n  database_name = ${this.path('principal')}\n  key_stash_file = ${this.path('stash')}\n  acl_file = ${this.path('acl')}\n }\n`,
    );
    this.#run('/usr/sbin/kdb5_util', ['create', '-s', '-P', 'master', '-r', REALM]);
    for (const query of [
      `addprinc -pw ${PASSWORD} operator`,
      'addprinc -randkey HTTP/localhost',
      `ktadd -k ${this.keytab} HTTP/localhost`,
    ])
      this.#run('/usr/sbin/kadmin.local', ['-r', REALM, '-q', query]);
    const server = spawn('/usr/sbin/krb5kdc', ['-n', '-r', REALM], {
      env: { ...process.env, ...this.env('none') },
      stdio: ['ignore', 'ignore', 'ignore'],
    });
    this.#server = server;
    // kinit tries until the KDC listens.
    for (let left = 50; !this.#kinit('tickets'); left -= 1)
      if (left === 0 || server.exitCode !== null) throw new Error('the KDC did not start');
  }

  /** A new key of the service, in a table that tickets of before do not fit. */
  otherKeytab(): string {
    const file = this.path('other.keytab');
    this.#run('/usr/sbin/kadmin.local', ['-r', REALM, '-q', 'addprinc -randkey HTTP/other']);
    this.#run('/usr/sbin/kadmin.local', ['-r', REALM, '-q', `ktadd -k ${file} HTTP/other`]);
    return file;
  }

  stop(): void {
    this.#server?.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #kinit(cache: string): boolean {
    const env = { ...process.env, ...this.env(cache) };
    return spawnSync('/usr/bin/kinit', ['operator'], { env, input: `${PASSWORD}\n` }).status === 0;
  }

  #run(command: string, args: readonly string[]): void {
    const done = spawnSync(command, args, {
      encoding: 'utf8',
      env: { ...process.env, ...this.env('none') },
    });
    if (done.status !== 0) throw new Error(`${command}: ${done.stderr}`);
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
