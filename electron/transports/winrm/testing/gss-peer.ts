import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { freePort } from './kdc';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** A running gss_peer.py. */
export interface GssPeer {
  readonly port: number;
  readonly child: ChildProcess;
  log(): string;
}

/**
 * Starts the WinRM service whose cryptography is GSSAPI's.
 * @param settings of the replay that answers its commands
 * @param tls certificate, key, and the certificate whose binding is wanted where that is another
 */
export async function gssPeer(
  settings: string,
  env: Readonly<Record<string, string>>,
  ...tls: readonly string[]
): Promise<GssPeer> {
  const port = await freePort();
  const replay = [process.execPath, here('../../testing/replay-node.mjs'), settings];
  const child = spawn('/usr/bin/python3', [here('gss_peer.py'), String(port), ...replay, ...tls], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (bytes: Buffer) => (log += bytes.toString()));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (bytes: Buffer) => {
      log += bytes.toString();
      if (log.includes('listening')) resolve();
    });
    child.once('exit', () => reject(new Error(`the peer ended: ${log}`)));
  });
  return { port, child, log: () => log };
}
