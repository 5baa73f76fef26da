import { TransportError } from '../transport';

/** CreateProcess takes 32,767 characters; some are for what the runtime puts around it. */
const COMMAND_LINE = 31_000;
const ENCODED = /^(powershell\.exe(?: -\w+)*) -EncodedCommand ([A-Za-z0-9+/=]+)$/;

/**
 * The same PowerShell command with its input in the command line: lines of base64, piped into the
 * script as `$input`. For servers that cannot say that standard input has ended, since PowerShell
 * waits for that end.
 * @returns program and arguments
 * @throws TransportError when it does not fit or is no such command
 */
export function inputAsArgument(command: string, input: Uint8Array): readonly string[] {
  const [, program = '', code = ''] = ENCODED.exec(command) ?? [];
  const text = Buffer.from(code, 'base64').toString('utf16le').trimEnd();
  const lines = Buffer.from(input).toString('latin1').trimEnd().split('\n');
  const plain = lines.every((line) => /^[A-Za-z0-9+/=]*$/.test(line));
  if (program === '' || !plain)
    throw new TransportError('channel', 'This command cannot be run without standard input');
  const script = `${lines.map((line) => `'${line}'`).join(',')} | & {\n${text}\n}`;
  if (script.length > COMMAND_LINE)
    throw new TransportError(
      'channel',
      'The API server is too old to end the standard input of a command (before Kubernetes 1.30), and the collector is too long for a command line. Use SSH or WinRM.',
    );
  return [...program.split(' '), '-Command', script];
}
