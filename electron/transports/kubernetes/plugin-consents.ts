import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TransportError } from '../transport';
import type { ClusterAccess, PluginEntry } from './kubeconfig';

/** A program that a kubeconfig names to get credentials. Values of its environment are not shown. */
export interface PluginQuestion {
  readonly context: string;
  readonly file: string;
  /** Program and arguments, one by one. */
  readonly command: readonly string[];
  /** Names of variables that it is given. */
  readonly variables: readonly string[];
  /** Stands for this file with this content and this command: `SHA256:` and hex. */
  readonly fingerprint: string;
}

export function pluginQuestion(access: ClusterAccess, plugin: PluginEntry): PluginQuestion {
  const hash = createHash('sha256').update(access.userFile.sha256).update(JSON.stringify(plugin));
  return {
    context: access.context.name,
    file: access.userFile.path,
    command: [plugin.command, ...(plugin.args ?? [])],
    variables: (plugin.env ?? []).map((each) => each.name),
    fingerprint: `SHA256:${hash.digest('hex')}`,
  };
}

/** Plugins that the operator has agreed to, one fingerprint a line. */
export class PluginConsents {
  private constructor(
    private readonly agreed: Set<string>,
    private readonly file: string | undefined,
  ) {}

  /** Reads the list; a file that is not there is empty. @throws TransportError when it cannot be read */
  static async read(file: string | undefined): Promise<PluginConsents> {
    if (file === undefined) return new PluginConsents(new Set(), file);
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return '';
      throw new TransportError('configuration', `${file} cannot be read (${error.message})`);
    });
    return new PluginConsents(new Set(text.split(/\s+/)), file);
  }

  has(question: PluginQuestion): boolean {
    return this.agreed.has(question.fingerprint);
  }

  async add(question: PluginQuestion): Promise<void> {
    this.agreed.add(question.fingerprint);
    if (this.file === undefined) return;
    await mkdir(dirname(this.file), { recursive: true, mode: 0o700 });
    await appendFile(this.file, `${question.fingerprint}\n`, { mode: 0o600 });
  }
}
