import { encodedCommand } from '../transports/encoded-command';
import type { CommandRunner, Ended } from '../transports/transport';
import { powershellErrors } from './clixml';
import { collectorCommand, type CollectorParameters } from './collector-command';
import { CONSTRAINED_COMMANDS } from './constrained';
import { FramePayload } from './frame-payload';
import {
  FRAME_LIMITS,
  FrameReader,
  type CollectedFile,
  type FrameEvents,
  type FrameState,
  type FrameStream,
} from './frame-reader';
import type { FrameStore } from './frame-store';

export interface CollectOptions {
  /** Left out: the collector. */
  readonly script?: string | undefined;
  readonly parameters: CollectorParameters;
  readonly store: FrameStore;
  readonly signal: AbortSignal;
  readonly events?: FrameEvents | undefined;
}

/**
 * Runs the collector on a node and takes in what it prints. A lost connection is no failure: what
 * came is kept, and the notes say that the rest is missing.
 * @throws the signal's reason when cancelled
 */
export async function collectNode(
  runner: CommandRunner,
  options: CollectOptions,
): Promise<FrameStream> {
  const { command, input } = collectorCommand(options.parameters, options.script);
  const reader = new FrameReader(options.store, options.events);
  const ended = await runner.run(command, {
    input,
    signal: options.signal,
    onOutput: (bytes) => reader.push(bytes),
  });
  const stream = await reader.end();
  if (stream.languageMode !== undefined && stream.languageMode !== 'FullLanguage' && !ended.lost) {
    if (options.script !== undefined)
      return {
        ...stream,
        notes: [`PowerShell runs in ${stream.languageMode}, and this needs the full language.`],
      };
    return stream.files.length > 0 ? stream : collectPlainly(runner, stream.languageMode, options);
  }
  const errors = powershellErrors(ended.stderr);
  const notes = [...stream.notes];
  if (ended.lost !== undefined) notes.unshift(`The connection was lost: ${ended.lost}`);
  if (stream.files.length === 0 && ended.lost === undefined)
    notes.unshift(
      `The collector did not start (exit code ${ended.exitCode ?? 'unknown'})${errors === '' ? '' : `: ${errors}`}`,
    );
  else if (errors !== '') notes.push(`PowerShell wrote: ${errors}`);
  return { ...stream, complete: stream.complete && ended.lost === undefined, notes };
}

/** The few plain commands that Constrained Language Mode allows. */
async function collectPlainly(
  runner: CommandRunner,
  languageMode: string,
  { store, signal, events }: CollectOptions,
): Promise<FrameStream> {
  const files: CollectedFile[] = [];
  const notes = [
    `PowerShell runs in ${languageMode}: only ${CONSTRAINED_COMMANDS.length} plain commands were run. The signed collector, run by hand, collects everything.`,
  ];
  const waiting = [...CONSTRAINED_COMMANDS];
  let lost: string | undefined;
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      events?.onBegin?.(next.section);
      const { file, ended } = await plainFile(runner, next, { store, signal, events });
      files.push(file);
      events?.onFile?.(file);
      if (ended.lost === undefined) continue;
      lost ??= ended.lost;
      waiting.length = 0;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (lost !== undefined) notes.unshift(`The connection was lost: ${lost}`);
  return { languageMode, files, complete: false, notes };
}

/** Each command is a PowerShell of its own, which takes a second to start. */
const AT_ONCE = 3;

async function plainFile(
  runner: CommandRunner,
  { section, path, command }: (typeof CONSTRAINED_COMMANDS)[number],
  { store, signal, events }: Pick<CollectOptions, 'store' | 'signal' | 'events'>,
): Promise<{ readonly file: CollectedFile; readonly ended: Ended }> {
  const payload = new FramePayload(store, FRAME_LIMITS.fileBytes);
  const started = Date.now();
  const ended = await runner.run(encodedCommand(command), {
    input: new Uint8Array(0),
    signal,
    onOutput: (bytes) => {
      events?.onBytes?.(bytes.length);
      payload.addPlain(bytes);
      return Promise.resolve();
    },
  });
  await payload.end();
  const errors = powershellErrors(ended.stderr);
  const state: FrameState =
    ended.lost !== undefined ? 'cut off' : errors !== '' && payload.bytes === 0 ? 'missing' : 'ok';
  const file: CollectedFile = {
    section,
    path,
    state,
    bytes: payload.bytes,
    milliseconds: Date.now() - started,
    notes: [errors, ended.lost ?? ''].filter((note) => note !== ''),
    location: payload.location,
  };
  return { file, ended };
}
