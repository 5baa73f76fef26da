import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { win32 } from 'node:path';
import { TransportError, type Ended, type RunOptions } from '../transport';

const STDERR_BYTES = 65_536;

/**
 * Windows PowerShell of this computer by its full path: a program of the same name in another
 * folder is not meant.
 * @throws TransportError where this is no Windows
 */
export function systemPowershell(): string {
  if (process.platform !== 'win32')
    throw new TransportError(
      'configuration',
      'This computer does not run Windows: a node is reached over SSH or WinRM from here.',
    );
  const windows = process.env['SystemRoot'] ?? 'C:\\Windows';
  return win32.join(windows, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe');
}

/**
 * Runs a program to its end, without a shell in between. Cancelling ends it.
 * @throws TransportError when it cannot be started; the signal's reason when cancelled
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { input, signal, onOutput }: RunOptions,
): Promise<Ended> {
  signal.throwIfAborted();
  const child = spawn(program, args, {
    shell: false,
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  ended.catch(() => undefined);
  const abort = (): void => void child.kill();
  signal.addEventListener('abort', abort);
  let stderr = Buffer.alloc(0);
  child.stderr.on('data', (bytes: Buffer) => {
    if (stderr.length < STDERR_BYTES)
      stderr = Buffer.concat([stderr, bytes]).subarray(0, STDERR_BYTES);
  });
  // A program that ends early does not read all of it; how it ended tells more.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  try {
    // Read piece by piece: the pipe holds the program back while a piece is stored.
    for await (const bytes of child.stdout) await onOutput(bytes as Buffer);
    const [code, killed] = await ended;
    signal.throwIfAborted();
    return {
      exitCode: code ?? undefined,
      stderr: stderr.toString('utf8'),
      lost: killed === null ? undefined : `PowerShell was ended (${killed})`,
    };
  } catch (error) {
    child.kill();
    signal.throwIfAborted();
    if (!isStartFailure(error)) throw error;
    throw new TransportError('channel', `${program} cannot be started (${error.code})`, {
      cause: error,
    });
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

const isStartFailure = (error: unknown): error is Error & { readonly code: string } =>
  error instanceof Error && 'syscall' in error && /^spawn/.test(String(error.syscall));
