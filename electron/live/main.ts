import { toLive, type FromLive } from '../../shared/ipc/live';
import { LiveHost } from './host';
import { SECTIONS } from './what-runs';

/**
 * Entry of the live process (utilityProcess): transports and the collector, away from main and the
 * window. The parent port is the only way in; every message is validated.
 */
interface ParentPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
  postMessage(message: FromLive): void;
}

function parentPort(): ParentPort {
  const port = (process as { parentPort?: ParentPort }).parentPort;
  if (!port) throw new Error('The live process is started by the app, not by hand');
  return port;
}

const port = parentPort();
const host = new LiveHost((message) => port.postMessage(message));
port.on('message', ({ data }) => {
  const message = toLive.safeParse(data);
  // Nothing of the message is printed: an answer may be a secret.
  if (message.success) host.receive(message.data);
  else console.error('live: a message was refused');
});
port.postMessage({ kind: 'ready', sections: [...SECTIONS] });
