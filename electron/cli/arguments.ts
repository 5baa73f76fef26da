import { parseArgs } from 'node:util';
import type { FlowQuestion } from '../../shared/trace/flow';
import { TCP_FLAGS, type TcpFlag } from '../../shared/trace/packet';
import { DEPTHS, type Depth } from '../../shared/trace/render-text';

export const FORMATS = ['text', 'json', 'sarif', 'html'] as const;
export type Format = (typeof FORMATS)[number];
const RULE_FORMATS = ['text', 'json', 'markdown'] as const;
const TRACE_FORMATS = ['text', 'json'] as const;
const PROTOCOLS = ['tcp', 'udp', 'icmp'] as const;
const DIRECTIONS = ['out', 'in'] as const;
const AUTH = ['auto', 'kerberos', 'ntlm', 'basic'] as const;
const FAIL_ON = ['error', 'warning', 'never'] as const;

export interface AnalyzeCommand {
  readonly kind: 'analyze';
  readonly paths: readonly string[];
  readonly with: readonly string[];
  readonly format: Format;
  readonly output: string | undefined;
  readonly failOn: (typeof FAIL_ON)[number];
  readonly allowLarge: boolean;
}

export interface CollectCommand {
  readonly kind: 'collect';
  readonly address: string;
  readonly output: string | undefined;
  readonly identities: readonly string[];
  readonly jumps: readonly string[];
  readonly acceptedKeys: readonly string[];
  readonly acceptedCertificates: readonly string[];
  readonly authorities: readonly string[];
  readonly auth: (typeof AUTH)[number] | undefined;
  readonly knownHosts: string | undefined;
  readonly sshConfig: string | undefined;
  readonly passwordFd: number | undefined;
  readonly passphraseFd: number | undefined;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly logLines: number | undefined;
  readonly logDays: number | undefined;
  readonly eventHours: number | undefined;
  readonly sectionSeconds: number | undefined;
  readonly kubeconfig: string | undefined;
  readonly namespaces: readonly string[];
  /** Context whose objects go into the bundle of a node that is read in another way. */
  readonly withKube: string | undefined;
  readonly acceptedPlugins: readonly string[];
}

export interface NodesCommand {
  readonly kind: 'nodes';
  readonly address: string;
  readonly kubeconfig: string | undefined;
  readonly acceptedPlugins: readonly string[];
  readonly format: (typeof TRACE_FORMATS)[number];
}

export interface TraceCommand {
  readonly kind: 'trace';
  readonly paths: readonly string[];
  readonly with: readonly string[];
  readonly question: FlowQuestion;
  readonly depth: Depth;
  readonly format: (typeof TRACE_FORMATS)[number];
  readonly allowLarge: boolean;
}

/** Traces from every pod to everything there is. */
export interface MatrixCommand {
  readonly kind: 'matrix';
  readonly paths: readonly string[];
  readonly with: readonly string[];
  readonly format: (typeof TRACE_FORMATS)[number];
  readonly allowLarge: boolean;
}

export type Command =
  | AnalyzeCommand
  | TraceCommand
  | MatrixCommand
  | CollectCommand
  | NodesCommand
  | { readonly kind: 'collector'; readonly file: string | undefined }
  | {
      readonly kind: 'rules';
      readonly id: string | undefined;
      readonly format: (typeof RULE_FORMATS)[number];
    }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' };

/** Arguments that cannot be used; its message is the one line for the user. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError';
}

export const HELP = `hns-workbench: says why the network of a Windows Kubernetes node is broken

  hns-workbench analyze PATH... [options]   bundles: folders, .zip, .tar, .tar.gz, or single files
      --with FILE         more evidence: kubectl output, net-conf.json, a log (may be repeated)
      --format FORMAT     text (default), json, sarif or html
      --output FILE       write to a file instead of standard output
      --fail-on LEVEL     error (default), warning or never: when to exit with 1
      --allow-large       read bundles beyond 20,000 files or 2 GiB

  hns-workbench collect ssh://[USER@]HOST[:PORT] [options]   reads a node live, changes nothing on it
      --output FILE.zip   where the bundle goes (default: HOST-TIME.zip)
      --identity FILE     private key (may be repeated); an agent is used where there is one
      --jump HOST         [USER@]HOST[:PORT] on the way (may be repeated, nearest first)
      --accept-new-host-key FINGERPRINT
                          trust a key that was never seen, if it is this one (may be repeated)
      --known-hosts FILE  file of trusted keys instead of ~/.ssh/known_hosts
      --ssh-config FILE   instead of ~/.ssh/config; "none" for none
      --password-fd N     read the password from file descriptor N; otherwise it is asked for
      --passphrase-fd N   the same for the passphrase of the key
      --include SECTION, --exclude SECTION    (may be repeated)
      --log-lines N, --log-days N             last lines of each log, of logs of so many days
      --event-hours N, --section-seconds N    how far back events go, how long a section may take
  hns-workbench collect winrms://[USER@]HOST[:PORT] | winrm://USER@HOST[:PORT] [options]
                          the same over WinRM: TLS on 5986, or sealed messages (NTLM) on 5985;
                          USER may be DOMAIN\\USER. --output, --password-fd, --include, --exclude
                          and --log-lines as above
      --auth METHOD       auto (default: Kerberos over TLS where there is a ticket, else NTLM),
                          kerberos, ntlm, or basic (TLS only; the node gets the password itself)
      --accept-certificate FINGERPRINT
                          trust a certificate that the system does not, if it is this one (SHA-256)
      --ca FILE           trust this authority too (PEM; may be repeated)
      --with-kube kube://CONTEXT
                          of ssh:// and winrm://: the cluster's objects go into the same bundle
  hns-workbench collect kube://CONTEXT[/NODE] [options]   the cluster's objects, from its API server;
                          with NODE also the node, through a HostProcess pod that runs there
      --kubeconfig FILE   instead of KUBECONFIG or ~/.kube/config
      --namespace NAME    only this one, for who may not read all (may be repeated)
      --accept-exec-plugin FINGERPRINT
                          run the credential plugin that the kubeconfig names, if it is this one
      --output, --include, --exclude and --log-lines as above
  hns-workbench nodes kube://CONTEXT [--kubeconfig FILE] [--format text|json]   which nodes there are
  hns-workbench collect local                 this computer, when it is the node (as administrator)
  hns-workbench collect remoting://HOST[:PORT]
                          Windows remoting as the user of this computer (Windows only; TLS on 5986)
  hns-workbench collect --script [FILE]       the script that runs on the node, to review or sign
  hns-workbench collect FILE                  what that script printed when it was run by hand

  hns-workbench trace PATH... --from WHO --to WHERE [options]   what happens to one packet, rule by rule
      --from WHO          address, endpoint id, pod or node name
      --to WHERE          address[:port], service[:port] (also as a DNS name), or pod[:port]
      --protocol NAME     tcp, udp or icmp; told from the service or the port where left out
      --source-port PORT  where a rule asks for it
      --tcp-flags FLAGS   of SYN, ACK, FIN, RST, separated by commas; SYN where left out
      --direction DIR     out (default) or in: the packet arrives from outside
      --depth DEPTH       minimal, summary (default of text) or full (default of JSON), with the
                          rules that lost
      --format FORMAT     text (default) or json
      --with FILE         as above
      exits with 0 when the packet arrives on every way, 1 when it does not, 2 for unusable input
  hns-workbench trace PATH... --matrix [--format text|json] [--with FILE]
                          who reaches what: every pod to pods, services, DNS, nodes and the internet

  hns-workbench rules [ID] [--format text|json|markdown]   the checks and what they look at

  hns-workbench --help | --version

Exit code of analyze: 0 nothing at or above the level, 1 findings, 2 unusable input or arguments.
collect: 0 everything came, 1 a bundle was written but parts are missing, 2 nothing was collected.
`;

/** Reads the command line. @throws ArgumentError */
export function readArguments(args: readonly string[]): Command {
  const [command, ...rest] = args;
  if (command === undefined || command === 'help' || args.includes('--help') || args.includes('-h'))
    return { kind: 'help' };
  if (command === '--version' || command === '-v') return { kind: 'version' };
  switch (command) {
    case 'analyze':
    case 'analyse':
      return analyze(rest);
    case 'rules':
      return rules(rest);
    case 'collect':
      return collect(rest);
    case 'nodes':
      return nodes(rest);
    case 'trace':
      return trace(rest);
    default:
      throw new ArgumentError(
        `there is no command "${command}"; known are analyze, trace, collect, nodes and rules (see --help)`,
      );
  }
}

function analyze(args: readonly string[]): Command {
  const { values, positionals } = parsed(args, {
    with: { type: 'string', multiple: true },
    format: { type: 'string' },
    output: { type: 'string', short: 'o' },
    'fail-on': { type: 'string' },
    'allow-large': { type: 'boolean' },
  });
  if (positionals.length === 0)
    throw new ArgumentError('analyze needs a path: a folder, an archive or a file of a bundle');
  return {
    kind: 'analyze',
    paths: positionals,
    with: list(values['with']),
    format: oneOf('--format', values['format'], FORMATS, 'text'),
    output: typeof values['output'] === 'string' ? values['output'] : undefined,
    failOn: oneOf('--fail-on', values['fail-on'], FAIL_ON, 'error'),
    allowLarge: values['allow-large'] === true,
  };
}

function collect(args: readonly string[]): Command {
  const many = { type: 'string', multiple: true } as const;
  const { values, positionals } = parsed(args, {
    output: { type: 'string', short: 'o' },
    identity: { ...many, short: 'i' },
    jump: { ...many, short: 'J' },
    'accept-new-host-key': many,
    'accept-certificate': many,
    ca: many,
    auth: { type: 'string' },
    'known-hosts': { type: 'string' },
    'ssh-config': { type: 'string' },
    'password-fd': { type: 'string' },
    'passphrase-fd': { type: 'string' },
    include: many,
    exclude: many,
    'log-lines': { type: 'string' },
    'log-days': { type: 'string' },
    'event-hours': { type: 'string' },
    'section-seconds': { type: 'string' },
    kubeconfig: { type: 'string' },
    namespace: { ...many, short: 'n' },
    'with-kube': { type: 'string' },
    'accept-exec-plugin': many,
    script: { type: 'boolean' },
  });
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  if (values['script'] === true) return { kind: 'collector', file: positionals[0] };
  const [address, extra] = positionals;
  if (address === undefined) throw new ArgumentError('collect needs a node: ssh://user@host');
  if (extra !== undefined) throw new ArgumentError('collect takes one node at a time');
  const isKube = /^kube:/i.test(address);
  const withKube = text('with-kube');
  if (withKube !== undefined && (isKube || !/^kube:/i.test(withKube)))
    throw new ArgumentError('--with-kube takes kube://CONTEXT, beside ssh:// or winrm://');
  const namespaces = list(values['namespace']);
  const wrong = namespaces.find((each) => !/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(each));
  if (wrong !== undefined) throw new ArgumentError(`--namespace: "${wrong}" is no namespace`);
  return {
    kind: 'collect',
    address,
    output: text('output'),
    identities: list(values['identity']),
    jumps: list(values['jump']).flatMap((each) => each.split(',')),
    acceptedKeys: list(values['accept-new-host-key']),
    acceptedCertificates: list(values['accept-certificate']),
    authorities: list(values['ca']),
    auth: values['auth'] === undefined ? undefined : oneOf('--auth', values['auth'], AUTH, 'auto'),
    knownHosts: text('known-hosts'),
    sshConfig: text('ssh-config'),
    passwordFd: number('--password-fd', text('password-fd')),
    passphraseFd: number('--passphrase-fd', text('passphrase-fd')),
    include: list(values['include']),
    exclude: list(values['exclude']),
    logLines: number('--log-lines', text('log-lines')),
    logDays: number('--log-days', text('log-days')),
    eventHours: number('--event-hours', text('event-hours')),
    sectionSeconds: number('--section-seconds', text('section-seconds')),
    kubeconfig: text('kubeconfig'),
    namespaces,
    withKube,
    acceptedPlugins: list(values['accept-exec-plugin']),
  };
}

function nodes(args: readonly string[]): NodesCommand {
  const { values, positionals } = parsed(args, {
    kubeconfig: { type: 'string' },
    'accept-exec-plugin': { type: 'string', multiple: true },
    format: { type: 'string' },
  });
  const [address, extra] = positionals;
  if (address === undefined || extra !== undefined || !/^kube:/i.test(address))
    throw new ArgumentError('nodes needs one cluster: kube://CONTEXT');
  return {
    kind: 'nodes',
    address,
    kubeconfig: typeof values['kubeconfig'] === 'string' ? values['kubeconfig'] : undefined,
    acceptedPlugins: list(values['accept-exec-plugin']),
    format: oneOf('--format', values['format'], TRACE_FORMATS, 'text'),
  };
}

const list = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];

function number(option: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^\d{1,6}$/.test(value)) throw new ArgumentError(`${option} is a number, not "${value}"`);
  return Number(value);
}

function trace(args: readonly string[]): TraceCommand | MatrixCommand {
  const { values, positionals } = parsed(args, {
    matrix: { type: 'boolean' },
    with: { type: 'string', multiple: true },
    from: { type: 'string' },
    to: { type: 'string' },
    protocol: { type: 'string' },
    direction: { type: 'string' },
    'source-port': { type: 'string' },
    'tcp-flags': { type: 'string' },
    depth: { type: 'string' },
    format: { type: 'string' },
    'allow-large': { type: 'boolean' },
  });
  if (positionals.length === 0)
    throw new ArgumentError('trace needs a path: a folder, an archive or a file of a bundle');
  if (values['matrix'] === true) return matrix(values, positionals);
  const { from, to, protocol, direction } = values;
  const format = oneOf('--format', values['format'], TRACE_FORMATS, 'text');
  if (typeof from !== 'string' || typeof to !== 'string' || from === '' || to === '')
    throw new ArgumentError('trace needs --from and --to (see --help)');
  return {
    kind: 'trace',
    paths: positionals,
    with: list(values['with']),
    question: {
      from,
      to,
      protocol:
        protocol === undefined ? undefined : oneOf('--protocol', protocol, PROTOCOLS, 'tcp'),
      direction:
        direction === undefined ? undefined : oneOf('--direction', direction, DIRECTIONS, 'out'),
      sourcePort: portOf(values['source-port']),
      tcpFlags: flagsOf(values['tcp-flags']),
    },
    // For programs everything, unless they ask for less.
    depth: oneOf('--depth', values['depth'], DEPTHS, format === 'json' ? 'full' : 'summary'),
    format,
    allowLarge: values['allow-large'] === true,
  };
}

/** The options of one packet make no sense for all of them. */
function matrix(
  values: Readonly<Record<string, unknown>>,
  paths: readonly string[],
): MatrixCommand {
  const { matrix: _, with: more, format, 'allow-large': allowLarge, ...other } = values;
  const [unused] = Object.keys(other);
  if (unused !== undefined) throw new ArgumentError(`--matrix traces all packets: no --${unused}`);
  return {
    kind: 'matrix',
    paths,
    with: list(more),
    format: oneOf('--format', format, TRACE_FORMATS, 'text'),
    allowLarge: allowLarge === true,
  };
}

function flagsOf(value: unknown): readonly TcpFlag[] | undefined {
  if (value === undefined) return undefined;
  return String(value)
    .toUpperCase()
    .split(',')
    .map((flag) => oneOf('--tcp-flags', flag.trim(), TCP_FLAGS, 'SYN'));
}

function portOf(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const port = /^\d{1,5}$/.test(String(value)) ? Number(value) : 0;
  if (port < 1 || port > 65535)
    throw new ArgumentError(`--source-port is a port, not "${String(value)}"`);
  return port;
}

function rules(args: readonly string[]): Command {
  const { values, positionals } = parsed(args, { format: { type: 'string' } });
  const [id, extra] = positionals;
  if (extra !== undefined) throw new ArgumentError('rules takes one rule id at most');
  return { kind: 'rules', id, format: oneOf('--format', values['format'], RULE_FORMATS, 'text') };
}

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>;

function parsed(
  args: readonly string[],
  options: Options,
): { values: Readonly<Record<string, unknown>>; positionals: readonly string[] } {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new ArgumentError(
      error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error),
    );
  }
}

function oneOf<T extends string>(
  option: string,
  value: unknown,
  allowed: readonly T[],
  standard: T,
): T {
  if (value === undefined) return standard;
  const found = allowed.find((each) => each === value);
  if (found === undefined)
    throw new ArgumentError(`${option} is one of ${allowed.join(', ')}, not "${String(value)}"`);
  return found;
}
