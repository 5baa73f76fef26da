import { toAnalysis, type FromAnalysis } from '../../shared/ipc/analysis';
import { AnalysisHost } from './host';

/**
 * Entry of the analysis process (utilityProcess). The parent port is the only way in; the message
 * is validated here like everything that crosses a process.
 */
interface ParentPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
  postMessage(message: FromAnalysis): void;
}

function parentPort(): ParentPort {
  const port = (process as { parentPort?: ParentPort }).parentPort;
  if (!port) throw new Error('The analysis process is started by the app, not by hand');
  return port;
}

const port = parentPort();
const host = new AnalysisHost((message) => port.postMessage(message));
port.on('message', ({ data }) => {
  const message = toAnalysis.safeParse(data);
  if (message.success) void host.receive(message.data);
  else console.error('analysis: message refused', message.error.message);
});
