import { collectNode } from '../collect/collect-node';
import type { CollectorParameters } from '../collect/collector-command';
import type { FrameEvents, FrameStream } from '../collect/frame-reader';
import type { FrameStore } from '../collect/frame-store';
import type { CommandRunner } from '../transports/transport';
import type { CollectCommand } from './arguments';
import type { Terminal } from './terminal';

/** What a live collection works with. */
export interface Live {
  readonly command: CollectCommand;
  readonly terminal: Terminal;
  readonly store: FrameStore;
  readonly signal: AbortSignal;
}

/** What came, and the name of what it is of. */
export interface Collected {
  readonly name: string;
  readonly stream: FrameStream;
}

export const fileName = (text: string): string => text.replace(/[^\w.-]/g, '_').slice(0, 100);

/** Says what is being collected, how much of it came, and for how long. */
export function shownProgress(terminal: Terminal): FrameEvents {
  const started = Date.now();
  let bytes = 0;
  let section = '';
  const tell = (): void =>
    terminal.progress(
      `${section} ${(bytes / 1024 ** 2).toFixed(1)} MiB ${Math.round((Date.now() - started) / 1000)} s`,
    );
  return {
    onBegin: (each) => {
      section = each;
      tell();
    },
    onBytes: (more) => {
      bytes += more;
      tell();
    },
  };
}

/** What the command line asks the collector for; what was not said keeps the collector's own limits. */
export function parametersOf(command: CollectCommand): CollectorParameters {
  const { include, exclude, logLines, logDays, eventHours, sectionSeconds } = command;
  return {
    ...(include.length === 0 ? {} : { include }),
    ...(exclude.length === 0 ? {} : { exclude }),
    ...(logLines === undefined ? {} : { logLines }),
    ...(logDays === undefined ? {} : { logDays }),
    ...(eventHours === undefined ? {} : { eventHours }),
    ...(sectionSeconds === undefined ? {} : { sectionSeconds }),
  };
}

/** Runs the collector on a node. */
export async function nodeStream(
  runner: CommandRunner,
  { command, terminal, store, signal }: Live,
): Promise<FrameStream> {
  return collectNode(runner, {
    parameters: parametersOf(command),
    store,
    signal,
    events: shownProgress(terminal),
  });
}
