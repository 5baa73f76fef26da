import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fits } from './known-hosts';

/** What ~/.ssh/config says of a host; undefined where it says nothing. */
export interface HostConfig {
  readonly hostName: string | undefined;
  readonly user: string | undefined;
  readonly port: number | undefined;
  readonly identityFiles: readonly string[];
  /** `[user@]host[:port]`, nearest to the operator first. */
  readonly proxyJump: readonly string[];
}

interface Setting {
  readonly patterns: readonly string[] | undefined;
  readonly key: string;
  readonly value: string;
}

interface Ignored {
  /** The hosts it is meant for; undefined in a Match block, which may be about any. */
  readonly patterns: readonly string[] | undefined;
  readonly what: string;
  readonly line: number;
}

/** The settings of ssh_config(5) that are honoured; all others are ignored, and said to be. */
const HONOURED = new Set(['hostname', 'user', 'port', 'identityfile', 'proxyjump']);
/** Ignored without a word: they change comfort, not where or how a connection is made. */
const HARMLESS = new Set(['addkeystoagent', 'usekeychain', 'visualhostkey', 'loglevel', 'sendenv']);

/** The user's ~/.ssh/config, as far as it is honoured. */
export class SshConfig {
  private constructor(
    private readonly settings: readonly Setting[],
    private readonly ignored: readonly Ignored[],
    private readonly file: string,
  ) {}

  /** What was ignored, by line. */
  get notes(): readonly string[] {
    return this.ignored.map(({ line, what }) => `${this.file}:${line}: ${what} is ignored`);
  }

  /** What was ignored of all that may be about these hosts, as the operator names them: `ProxyCommand (line 3)`. */
  ignoredFor(hosts: readonly string[]): readonly string[] {
    return this.ignored
      .filter(({ patterns }) =>
        hosts.some((host) => patterns === undefined || isAbout(patterns, host)),
      )
      .map(({ line, what }) => `${what} (line ${line})`);
  }

  /** Reads a file; one that is not there says nothing. */
  static async read(file: string): Promise<SshConfig> {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return '';
      throw error;
    });
    return SshConfig.parse(text, file);
  }

  static parse(text: string, file: string): SshConfig {
    const settings: Setting[] = [];
    const ignored: Ignored[] = [];
    /** Undefined: in a block that is skipped. */
    let patterns: readonly string[] | undefined = ['*'];
    text.split(/\r?\n/).forEach((line, i) => {
      const match = /^\s*([A-Za-z]\w*)(?:\s*=\s*|\s+)(.*?)\s*$/.exec(line);
      if (match === null) return;
      const key = (match[1] ?? '').toLowerCase();
      const values = words(match[2] ?? '');
      const ignore = (what: string): number => ignored.push({ patterns, what, line: i + 1 });
      if (key === 'host') patterns = values;
      else if (key === 'match') {
        patterns = undefined;
        ignore('a Match block');
      } else if (!HONOURED.has(key)) {
        if (!HARMLESS.has(key)) ignore(match[1] ?? '');
      } else if (patterns !== undefined && values[0] !== undefined)
        settings.push({ patterns, key, value: values[0] });
    });
    return new SshConfig(settings, ignored, file);
  }

  /** The settings for a host as the operator names it; the first that is found counts. */
  of(host: string): HostConfig {
    const found = this.settings.filter(({ patterns = [] }) => isAbout(patterns, host));
    const first = (key: string): string | undefined =>
      found.find((setting) => setting.key === key)?.value;
    const port = Number(first('port'));
    const jump = first('proxyjump');
    return {
      hostName: first('hostname')?.replaceAll('%h', host).replaceAll('%%', '%'),
      user: first('user'),
      port: Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined,
      identityFiles: found
        .filter((setting) => setting.key === 'identityfile')
        .map((setting) => inHome(setting.value)),
      proxyJump: jump === undefined || jump.toLowerCase() === 'none' ? [] : jump.split(','),
    };
  }
}

const isAbout = (patterns: readonly string[], host: string): boolean =>
  !patterns.some((each) => each.startsWith('!') && fits(each.slice(1), host)) &&
  patterns.some((each) => !each.startsWith('!') && fits(each, host));

function inHome(path: string): string {
  const home = homedir();
  const expanded = path.replaceAll('%d', home).replaceAll('%%', '%');
  return /^~[/\\]/.test(expanded) ? join(home, expanded.slice(2)) : resolve(home, expanded);
}

/** Words apart by blanks; quotes hold one together; `#` begins a comment. */
function words(text: string): readonly string[] {
  const found: string[] = [];
  for (const match of text.matchAll(/"([^"]*)"|(\S+)/g)) {
    const word = match[1] ?? match[2] ?? '';
    if (match[2]?.startsWith('#') === true) break;
    found.push(word);
  }
  return found;
}
