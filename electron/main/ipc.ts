import { ipcMain, type BrowserWindow } from 'electron';
import { z } from 'zod';
import {
  calls,
  events,
  type AnalysisChannel,
  type Args,
  type Channel,
  type EventName,
  type EventPayload,
  type Failure,
  type MainChannel,
  type Reply,
  type Result,
} from '../../shared/ipc/contract';
import { isTrustedSender } from './security/ipc-sender';

/** Thrown by whoever answers a call: crosses to the renderer as its code and sentence. */
export class CallFailure extends Error {
  constructor(
    readonly code: Failure['code'],
    message: string,
  ) {
    super(message);
  }
}

/** How main answers its own channels. */
export type MainHandlers = {
  readonly [C in MainChannel]: (args: Args<C>) => Result<C> | Promise<Result<C>>;
};

/** What the calls need of the rest of main. */
export interface CallServer {
  readonly handlers: MainHandlers;
  /** Passes a call on to the analysis process of the open case. */
  readonly forward: (channel: AnalysisChannel, args: unknown) => Promise<unknown>;
  /** Keeps the paths of dropped files; returns what stands for them in the renderer. */
  readonly register: (paths: readonly string[]) => readonly { token: string; name: string }[];
  /** The web contents that may call. */
  readonly windowIds: ReadonlySet<number>;
}

const pathList = z.array(z.string().max(32_768)).max(10_000);

/**
 * Answers the renderer's calls by the contract: sender, channel, arguments and results are checked
 * here and nowhere else. This is the only file that speaks to ipcMain.
 */
export function serveCalls(server: CallServer): void {
  ipcMain.handle('workbench:call', async (event, channel: unknown, args: unknown) => {
    if (!isTrustedSender(event, server.windowIds)) return refused();
    return answerCall(server, channel, args);
  });
  ipcMain.handle('workbench:register', (event, paths: unknown) => {
    const checked = pathList.safeParse(paths);
    if (!isTrustedSender(event, server.windowIds) || !checked.success) return [];
    return server.register(checked.data);
  });
}

/** Answers one call; never throws. Exported for its test. */
export async function answerCall(
  server: Pick<CallServer, 'handlers' | 'forward'>,
  channel: unknown,
  args: unknown,
): Promise<Reply<Channel>> {
  if (!isChannel(channel)) return failed('invalid-arguments', 'There is no such call.');
  const contract = calls[channel];
  const given = contract.args.safeParse(args);
  if (!given.success) {
    return failed('invalid-arguments', `${channel}: ${z.prettifyError(given.error)}`);
  }
  try {
    const answer: unknown = isMainChannel(channel)
      ? await callMain(server.handlers, channel, given.data)
      : await server.forward(channel, given.data);
    const result = contract.result.safeParse(answer);
    if (!result.success) {
      return failed(
        'internal',
        `The answer of ${channel} is malformed: ${firstIssue(result.error)}`,
      );
    }
    // The schema of this very channel accepted it, which a union of all channels cannot express.
    return { ok: true, value: result.data } as Reply<Channel>;
  } catch (error) {
    if (error instanceof CallFailure) return failed(error.code, error.message);
    console.error(`${channel} failed:`, error);
    return failed('internal', error instanceof Error ? error.message : String(error));
  }
}

/** Sends an event of the contract to a window that still exists. */
export function sendEvent<E extends EventName>(
  window: BrowserWindow | undefined,
  name: E,
  payload: EventPayload<E>,
): void {
  if (window === undefined || window.isDestroyed() || window.webContents.isDestroyed()) return;
  window.webContents.send('workbench:event', name, events[name].parse(payload));
}

function callMain(handlers: MainHandlers, channel: MainChannel, args: unknown): unknown {
  // `args` passed the schema of `channel`; the link between the two is lost on a union of channels.
  const handler = handlers[channel] as (args: unknown) => unknown;
  return handler(args);
}

function isChannel(value: unknown): value is Channel {
  return typeof value === 'string' && Object.hasOwn(calls, value);
}

function isMainChannel(channel: Channel): channel is MainChannel {
  return calls[channel].by === 'main';
}

function failed(code: Failure['code'], message: string): Reply<Channel> {
  return { ok: false, error: { code, message } };
}

function refused(): Reply<Channel> {
  return failed('refused', 'This page may not call.');
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue === undefined ? 'unknown' : `${issue.path.join('.')}: ${issue.message}`;
}
