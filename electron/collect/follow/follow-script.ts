import own from '../../../assets/collector/follow-log.ps1?raw';
import { COLLECTOR_SCRIPT } from '../collector-command';

/** What a log is followed by; the names are those of the script's `-Parameters`. */
export interface FollowParameters {
  /** A path of the node: drive, folders, file. */
  readonly path: string;
  readonly lines: number;
  readonly seconds: number;
}

/** The collector's function that blanks secrets, as it stands there. */
const HIDE_SECRET = /^ {2}function Hide-Secret \{\n[\s\S]*?^ {2}\}\n/m.exec(COLLECTOR_SCRIPT)?.[0];
if (HIDE_SECRET === undefined) throw new Error('the collector has no Hide-Secret');
const hideSecret = HIDE_SECRET;

/** Follows a log, as it runs on the node. */
export const FOLLOW_SCRIPT: string = own
  .replaceAll('\r\n', '\n')
  .replace(/^ {2}# Hide-Secret of the collector\n/m, () => hideSecret);
