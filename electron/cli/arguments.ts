import { parseArgs } from 'node:util';

export const FORMATS = ['text', 'json', 'sarif', 'html'] as const;
export type Format = (typeof FORMATS)[number];
const RULE_FORMATS = ['text', 'json', 'markdown'] as const;
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

export type Command =
  | AnalyzeCommand
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

  hns-workbench rules [ID] [--format text|json|markdown]   the checks and what they look at

  hns-workbench --help | --version

Exit code: 0 nothing at or above the level, 1 findings, 2 unusable input or arguments.
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
    default:
      throw new ArgumentError(
        `there is no command "${command}"; known are analyze and rules (see --help)`,
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
    with: Array.isArray(values['with'])
      ? values['with'].filter((each) => typeof each === 'string')
      : [],
    format: oneOf('--format', values['format'], FORMATS, 'text'),
    output: typeof values['output'] === 'string' ? values['output'] : undefined,
    failOn: oneOf('--fail-on', values['fail-on'], FAIL_ON, 'error'),
    allowLarge: values['allow-large'] === true,
  };
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
