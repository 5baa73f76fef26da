import type { Session } from 'electron';
import { appOrigin } from './app-protocol';

/**
 * Protection 1: nothing is loaded from anywhere but the application itself, whatever asks for it.
 * The developer tools' own pages stay reachable.
 * Source: Electron's security tutorial, point 1.
 */
export function denyNetwork(session: Session): void {
  session.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !isLocalAddress(details.url) });
  });
}

/** Whether an address belongs to the application: its own pages, embedded data, or a blob of them. */
export function isLocalAddress(address: string): boolean {
  return (
    address.startsWith(`${appOrigin}/`) ||
    address.startsWith('data:image/') ||
    address.startsWith(`blob:${appOrigin}/`) ||
    address.startsWith('devtools://')
  );
}
