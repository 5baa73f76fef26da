import type { Result } from '../../shared/ipc/contract';
import type { CollectWhat } from '../../shared/ipc/live-schemas';
import {
  COLLECTOR_SCRIPT,
  collectorCommand,
  type CollectorParameters,
} from '../collect/collector-command';
import type { FollowParameters } from '../collect/follow/follow-script';
import { parametersOf } from './collect-job';

/** Names of the collector's sections, in the order they run. */
export const SECTIONS: readonly string[] = [
  ...COLLECTOR_SCRIPT.matchAll(/^Section (\S+) \S+ \{/gm),
].map(([, name = '']) => name);

/** What runs on a node, byte for byte: the command line, the bootstrap in it, and what it is given. */
export function whatRuns(what: CollectWhat): Result<'live:what-runs'> {
  return runs(parametersOf(what), COLLECTOR_SCRIPT);
}

/** The same of a script with its parameters. */
export function runs(
  parameters: CollectorParameters | FollowParameters,
  script: string,
): Result<'live:what-runs'> {
  const { command, input } = collectorCommand(parameters, script);
  const encoded = command.slice(command.lastIndexOf(' ') + 1);
  const bootstrap = Buffer.from(encoded, 'base64').toString('utf16le');
  return {
    command,
    bootstrap,
    parameters: JSON.stringify(parameters),
    script,
    sha256: /'([0-9A-F]{64})'/.exec(bootstrap)?.[1] ?? '',
    inputBytes: input.length,
    sections: [...SECTIONS],
  };
}
