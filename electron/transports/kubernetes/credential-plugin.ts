import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { TransportError } from '../transport';
import type { ClusterAccess, PluginEntry } from './kubeconfig';

/** What a credential plugin gave. Certificate and key are PEM. */
export interface PluginCredential {
  readonly token: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  /** Milliseconds UTC. */
  readonly expiresAt: number | undefined;
}

const OUTPUT_BYTES = 1 << 20;
const SECONDS = 60;
const answer = z.object({
  kind: z.literal('ExecCredential'),
  status: z.object({
    token: z.string().min(1).optional(),
    clientCertificateData: z.string().min(1).optional(),
    clientKeyData: z.string().min(1).optional(),
    expirationTimestamp: z.string().optional(),
  }),
});

/**
 * Runs the program that the kubeconfig names, without a shell and without a terminal, and reads the
 * ExecCredential it prints (client.authentication.k8s.io/v1). What it prints is in no message.
 * @throws TransportError when it fails; the signal's reason when cancelled
 */
export async function runCredentialPlugin(
  access: ClusterAccess,
  plugin: PluginEntry,
  signal: AbortSignal,
): Promise<PluginCredential> {
  signal.throwIfAborted();
  const printed = await run(access, plugin, signal);
  const read = answer.safeParse(jsonOf(printed)).data?.status;
  if (read === undefined || (read.token === undefined && read.clientCertificateData === undefined))
    throw failed(plugin, 'printed no ExecCredential with a token or a certificate');
  const expiresAt = Date.parse(read.expirationTimestamp ?? '');
  return {
    token: read.token,
    certificate: read.clientCertificateData,
    key: read.clientKeyData,
    expiresAt: Number.isNaN(expiresAt) ? undefined : expiresAt,
  };
}

function run(access: ClusterAccess, plugin: PluginEntry, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(programOf(access, plugin), [...(plugin.args ?? [])], {
      // Not the working directory: Windows would look for the program there first.
      cwd: homedir(),
      env: environmentOf(access, plugin),
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: false,
      windowsHide: true,
      timeout: SECONDS * 1000,
      killSignal: 'SIGKILL',
      signal,
    });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      output += piece;
      if (output.length > OUTPUT_BYTES) child.kill('SIGKILL');
    });
    child.stderr.setEncoding('utf8').on('data', (piece: string) => {
      errors = `${errors}${piece}`.slice(0, 300);
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (signal.aborted) reject(signal.reason as Error);
      else reject(failed(plugin, error.code === 'ENOENT' ? 'is not installed' : error.message));
    });
    child.once('close', (code, killed) => {
      if (code === 0) return resolve(output);
      const why = errors.replace(/[\x00-\x1f\x7f\s]+/g, ' ').trim();
      const ended =
        killed === null
          ? `ended with exit code ${code ?? '?'}`
          : 'took too long or printed too much';
      reject(failed(plugin, `${ended}${why === '' ? '' : `: ${why}`}`));
    });
  });
}

/** A path is relative to the kubeconfig; a bare name is looked up by the system. */
function programOf(access: ClusterAccess, { command }: PluginEntry): string {
  const isPath = /[/\\]/.test(command) && !isAbsolute(command);
  return isPath ? join(dirname(access.userFile.path), command) : command;
}

function environmentOf(access: ClusterAccess, plugin: PluginEntry): NodeJS.ProcessEnv {
  const { cluster } = access;
  const info = {
    apiVersion: plugin.apiVersion ?? 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    spec: {
      interactive: false,
      ...(plugin.provideClusterInfo === true
        ? {
            cluster: {
              server: cluster.server,
              'tls-server-name': cluster['tls-server-name'],
              'certificate-authority-data': cluster['certificate-authority-data'],
            },
          }
        : {}),
    },
  };
  const own = Object.fromEntries((plugin.env ?? []).map(({ name, value }) => [name, value]));
  return { ...process.env, ...own, KUBERNETES_EXEC_INFO: JSON.stringify(info) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const failed = (plugin: PluginEntry, why: string): TransportError =>
  new TransportError('authentication', `The credential plugin ${plugin.command} ${why}`);
