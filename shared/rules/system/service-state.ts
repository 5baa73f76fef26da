import type { Evidence } from '../../model/evidence';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';

/** What all listings together say of a Windows service. */
export interface ServiceState {
  readonly name: string;
  readonly displayName: string | undefined;
  /** Undefined where no listing tells. One that saw it running is enough: lists are made one after the other. */
  readonly running: boolean | undefined;
  readonly start: 'automatic' | 'manual' | 'disabled' | undefined;
  readonly pid: number | undefined;
  /** The most telling line first. */
  readonly evidence: readonly Evidence[];
}

/** The state of a service by its name; undefined where no output names it. */
export function serviceState(snapshot: NodeSnapshot, name: string): ServiceState | undefined {
  const wanted = name.toLowerCase();
  const mentions = snapshot.windowsServices.filter((s) => s.name.toLowerCase() === wanted);
  const [first] = mentions;
  if (!first) return undefined;
  const running = mentions.some(({ status }) => status === 'running');
  const known = mentions.find(({ status }) => status !== 'unknown');
  const typed = mentions.find(({ startType }) => startOf(startType) !== undefined);
  const whole = mentions.find(
    (m) => m.displayName !== undefined && !/(\.{3}|…)$/.test(m.displayName),
  );
  return {
    name: first.name,
    displayName: whole?.displayName,
    running: running ? true : known === undefined ? undefined : false,
    start: startOf(typed?.startType),
    pid: mentions.find(({ pid }) => pid !== undefined && pid > 0)?.pid,
    evidence: [...new Set([known, typed, first])].flatMap((m) => m?.evidence.slice(0, 1) ?? []),
  };
}

/** `Automatic` of Get-Service, `AUTO_START (DELAYED)` of `sc qc`; boot and system drivers start by themselves. */
function startOf(text: string | undefined): ServiceState['start'] {
  if (text === undefined) return undefined;
  if (/disabled/i.test(text)) return 'disabled';
  if (/manual|demand/i.test(text)) return 'manual';
  return /auto|boot|system/i.test(text) ? 'automatic' : undefined;
}
