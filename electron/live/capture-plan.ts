import {
  CAPTURE_GRACE_SECONDS,
  FETCH_GRACE_SECONDS,
  type CapturePlan,
  type CaptureWish,
} from '../../shared/ipc/live-capture-schemas';
import {
  CAPTURE_FETCH_SCRIPT,
  CAPTURE_START_SCRIPT,
  type CollectorParameters,
} from '../collect/collector-command';
import { runs } from './what-runs';

/** The section of the second script that removes everything, and can be asked for alone. */
export const CLEANUP = 'capture-cleanup';

/** Longest that starting takes: finding out what the node has, and registering its task. */
export const START_SECONDS = 120;
/** Longest that one try to fetch takes: converting and sending some hundred megabytes. */
export const FETCH_SECONDS = 1200;
export const CLEAN_SECONDS = 90;

const MIB = 1024 * 1024;

/** What the script that begins a capture is given. @param id its number on the node */
export function startParameters(id: string, wish: CaptureWish): CollectorParameters {
  const { seconds, megabytes, packetBytes, filter } = wish;
  const untilTask = seconds + CAPTURE_GRACE_SECONDS;
  return {
    sectionSeconds: START_SECONDS - 30,
    capture: [{ id, seconds: untilTask, megabytes, packetBytes, ...filter }],
  };
}

/** What the script that ends it is given. */
export const fetchParameters = (id: string): CollectorParameters => ({
  sectionSeconds: FETCH_SECONDS / 2,
  sectionBytes: 512 * MIB,
  capture: [{ id, seconds: FETCH_GRACE_SECONDS }],
});

/** The same, only to remove it. */
export const cleanParameters = (id: string): CollectorParameters => ({
  ...fetchParameters(id),
  include: [CLEANUP],
  sectionSeconds: CLEAN_SECONDS - 30,
});

/**
 * What a capture will run and change. Whether it can be done on a node is not known here.
 * @param id its number on the node
 */
export function capturePlanOf(id: string, wish: CaptureWish): Omit<CapturePlan, 'problem'> {
  const minutes = Math.ceil((wish.seconds + CAPTURE_GRACE_SECONDS) / 60);
  return {
    changes: [
      'A scheduled task is registered first. Should nobody come back for the capture, it ends it and removes everything, ' +
        `itself included, ${minutes} minutes after the start. Where it cannot be registered, nothing is started.`,
      `A folder in C:\\Windows\\Temp that only administrators can read holds the capture, at most ${wish.megabytes} MB, and what it is converted to.`,
      hasFilter(wish)
        ? 'Packet Monitor gets one filter and captures at all components of the network stack; where Windows is too old for it, netsh trace does.'
        : 'Packet Monitor captures at all components of the network stack; where Windows is too old for it, netsh trace does.',
      'Stopping it removes session, filter, folder and task. A capture or filter of somebody else is never touched: where there is one, nothing is started.',
    ],
    start: exactly(startParameters(id, wish), CAPTURE_START_SCRIPT),
    fetch: exactly(fetchParameters(id), CAPTURE_FETCH_SCRIPT),
  };
}

const hasFilter = ({ filter: { address, port, protocol } }: CaptureWish): boolean =>
  address !== null || port !== null || protocol !== null;

function exactly(parameters: CollectorParameters, script: string): CapturePlan['start'] {
  const shown = runs(parameters, script);
  return {
    command: shown.command,
    bootstrap: shown.bootstrap,
    parameters: shown.parameters,
    script: shown.script,
    sha256: shown.sha256,
  };
}
