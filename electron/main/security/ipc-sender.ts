import { appOrigin } from './app-protocol';

/** What of an IPC event decides whether it is answered. */
export interface IpcSender {
  readonly sender: { readonly id: number };
  /** Null once the frame has navigated away or is gone. */
  readonly senderFrame: { readonly url: string; readonly parent: unknown } | null;
}

/**
 * Protection 17: a message counts only if it comes from the main frame of one of our windows,
 * showing our own page.
 * Source: Electron's security tutorial, point 17.
 */
export function isTrustedSender(event: IpcSender, windowIds: ReadonlySet<number>): boolean {
  const frame = event.senderFrame;
  return (
    windowIds.has(event.sender.id) &&
    frame !== null &&
    frame.parent === null &&
    frame.url.startsWith(`${appOrigin}/`)
  );
}
