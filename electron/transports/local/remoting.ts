import { isIP } from 'node:net';
import { encodedCommand } from '../encoded-command';
import type { TestedWay } from '../test-connection';
import {
  TransportError,
  type CommandRunner,
  type Ended,
  type NodeWay,
  type StagePassed,
} from '../transport';
import { runProgram, systemPowershell } from './powershell';
import { EXIT_FAILED, REMOTING_SCRIPT } from './remoting-script';

/** A node that Windows' own remoting goes to, as the user who is signed in to this computer. */
export interface RemotingTarget {
  readonly host: string;
  /** Undefined for that of Windows: 5985, or 5986 with TLS. */
  readonly port: number | undefined;
  readonly tls: boolean;
}

/**
 * Windows PowerShell remoting (`New-PSSession`, `Invoke-Command`). Each command is a session of its
 * own; none is made before the first.
 * @param powershell in place of the system's, for tests
 * @throws TransportError where this is no Windows
 */
export function openRemoting(
  target: RemotingTarget,
  powershell: string = systemPowershell(),
): NodeWay {
  const runner: CommandRunner = {
    run: async (command, options) => {
      const [program = '', ...args] = command.split(' ');
      let came = false;
      const ended = await runProgram(
        powershell,
        encodedCommand(REMOTING_SCRIPT).split(' ').slice(1),
        {
          ...options,
          input: document(target, program, args, options.input),
          onOutput: (bytes) => {
            came = true;
            return options.onOutput(bytes);
          },
        },
      );
      const failed = failureOf(ended, target);
      if (failed === undefined) return ended;
      if (!came) throw failed;
      return { ...ended, lost: failed.message };
    },
  };
  return { runner, close: () => undefined };
}

/** Windows remoting as `testConnection` takes it: the shell shows whether the stages before passed. */
export const testedRemoting = (target: RemotingTarget, powershell?: string): TestedWay => ({
  host: target.host,
  open: (passed: StagePassed, signal) => {
    const { runner, close } = openRemoting(target, powershell);
    signal.throwIfAborted();
    const run: CommandRunner['run'] = async (command, options) => {
      const ended = await runner.run(command, options);
      passed('port', `${target.host} answers to Windows remoting.`);
      passed('host-key', 'Windows has checked who the node is.');
      passed('authentication', `${target.host} accepted the user of this computer.`);
      return ended;
    };
    return Promise.resolve({ runner: { run }, close });
  },
});

/** One line of ASCII, whatever is in it: no code page can spoil it. */
function document(
  { host, port, tls }: RemotingTarget,
  program: string,
  args: readonly string[],
  input: Uint8Array,
): Buffer {
  const lines = Buffer.from(input).toString('latin1').split('\n');
  const given = { computer: host, port: port ?? 0, tls, program, arguments: args, lines };
  const escaped = JSON.stringify(given).replace(
    /[\x7f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return Buffer.from(`${escaped}\n`);
}

/** What the script says of a session that was not made or broke; undefined where it ran to its end. */
function failureOf(
  { exitCode, stderr }: Ended,
  target: RemotingTarget,
): TransportError | undefined {
  const [, id = '', code = ''] = /@@WB1 FAILED (\S*) (\S*)/.exec(stderr) ?? [];
  if (exitCode !== EXIT_FAILED || id === '') return undefined;
  const said = Buffer.from(code, 'base64').toString('utf8').replace(/\s+/g, ' ').slice(0, 500);
  const [, stage, advice] = ADVICE.find(([pattern]) => pattern.test(id)) ?? [];
  const { host } = target;
  const text = advice?.(host) ?? `Windows remoting to ${host} failed.`;
  return new TransportError(stage ?? 'channel', `${text} Windows said: ${said}`);
}

/** By what FullyQualifiedErrorId of New-PSSession begins with. */
const ADVICE: readonly (readonly [
  RegExp,
  'name' | 'port' | 'host-key' | 'authentication' | 'channel',
  (host: string) => string,
])[] = [
  [
    /^(NetworkPathNotFound|ComputerNotFound|CannotResolve)/i,
    'name',
    (host) => `${host} is not found: check the name, DNS and the way to it.`,
  ],
  [
    /^(CannotConnect|WinRMOperationTimeout|WinRMOperationAborted)/i,
    'port',
    (host) =>
      `${host} does not answer to Windows remoting: is the WinRM service running there (Enable-PSRemoting), and does a firewall drop its port?`,
  ],
  [
    /^(ServerNotTrusted|CannotUseIPAddress)/i,
    'host-key',
    (host) =>
      isIP(host) === 0
        ? `Windows does not trust ${host}: it is in no domain that this computer trusts. Use winrm:// or winrms://, which do not need TrustedHosts, or TLS with a certificate that is trusted.`
        : `Windows remoting needs a name, and ${host} is an address. Use the node's name, or winrm:// or winrms://, which do not need TrustedHosts.`,
  ],
  [
    /^(AccessDenied|LogonFailure)/i,
    'authentication',
    (host) =>
      `${host} did not let the user of this computer in: the account has to be in Administrators or Remote Management Users there.`,
  ],
  [/^SessionBroken/, 'channel', (host) => `The session with ${host} broke off.`],
];
