import { canonicalIp } from '../model/ip';
import type { VfpDirection } from '../model/vfp';
import type { Case } from '../snapshot/node-snapshot';
import { newestSnapshots } from './flow';
import { headerText, type PacketHeader } from './packet';
import type { PortVisit, TraceStep } from './steps';
import type { Trace } from './trace';

/**
 * One packet at one port, to be asked of a live node: `vfpctrl /process-tuples` walks it through the
 * port's layers without sending anything. Everything in the command was checked to be an address, a
 * number or a GUID, so that no name of a bundle reaches a shell.
 */
export interface SwitchQuestion {
  readonly node: string;
  readonly snapshotId: string;
  readonly portGuid: string;
  readonly portName: string;
  readonly direction: VfpDirection;
  readonly visit: PortVisit;
  /** Index of the port's step among the steps of the way. */
  readonly step: number;
  /** Program and arguments, for a runner that binds them. */
  readonly argv: readonly string[];
  /** The same as one line, right for PowerShell and for cmd. */
  readonly command: string;
  /** What the packet of a trace leaves open and the question had to choose. */
  readonly chosen: readonly string[];
}

export interface SwitchQuestions {
  readonly questions: readonly SwitchQuestion[];
  /** Ports of the way that are not asked about, and why. */
  readonly notAsked: readonly string[];
}

/** The first port of Windows' dynamic range, where a trace was asked without a source port. */
const SOME_SOURCE_PORT = 49152;
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The way of a trace, step by step, from the first. */
export const wayOfBranch = (trace: Trace, branch: number): readonly TraceStep[] => [
  ...trace.steps,
  ...(trace.branches[branch]?.steps ?? []),
];

/** What to ask of the nodes on a way, one question a port. The answer's way back is none of them: it has no new flow. */
export function switchQuestions(trace: Trace, theCase: Case, branch = 0): SwitchQuestions {
  const questions: SwitchQuestion[] = [];
  const notAsked: string[] = [];
  wayOfBranch(trace, branch).forEach((step, index) => {
    if (step.kind !== 'port' || step.port === undefined) return;
    const made = questionOf(step, step.port, index, theCase);
    if (typeof made === 'string') notAsked.push(`${step.place.name}: ${made}`);
    else questions.push(made);
  });
  return { questions, notAsked };
}

function questionOf(
  { before: header, place }: TraceStep,
  visit: PortVisit,
  step: number,
  theCase: Case,
): SwitchQuestion | string {
  const snapshot = newestSnapshots(theCase).find((s) => s.node === place.node);
  const port = snapshot?.vfp.find(({ file }) => file === visit.file)?.ports[visit.index];
  if (snapshot === undefined || port === undefined) return 'the port is not in the case';
  if (!GUID.test(port.name)) return 'the dump does not show the name of the port';
  if (header.encap.length > 0)
    return `${headerText(header)} is in a tunnel, and how a tunnelled packet is asked about is not on public record`;
  const tuple = tupleOf(header, visit.direction);
  if (tuple === undefined) return 'an address of the packet is not known';
  const portGuid = port.name.toUpperCase();
  return {
    node: snapshot.node,
    snapshotId: snapshot.id,
    portGuid,
    portName: place.name,
    direction: visit.direction,
    visit,
    step,
    argv: ['vfpctrl.exe', '/port', portGuid, '/process-tuples', tuple.text],
    command: `vfpctrl.exe /port ${portGuid} /process-tuples "${tuple.text}"`,
    chosen: tuple.chosen,
  };
}

/** `[proto] [src_ip] [src_prt] [dest_ip] [dest_prt] [in|out] [flags]`, as vfpctrl's help has it; flag 1 is a TCP SYN. */
function tupleOf(
  header: PacketHeader,
  direction: VfpDirection,
): { readonly text: string; readonly chosen: readonly string[] } | undefined {
  const source = canonicalIp(header.sourceIp);
  const destination = canonicalIp(header.destinationIp);
  if (source === undefined || destination === undefined) return undefined;
  const hasPorts = header.protocol === 6 || header.protocol === 17;
  const sourcePort = hasPorts ? (header.sourcePort ?? SOME_SOURCE_PORT) : 0;
  const numbers = [header.protocol, sourcePort, header.destinationPort ?? 0];
  if (!numbers.every((n) => Number.isInteger(n) && n >= 0 && n <= 65535)) return undefined;
  const syn = header.tcpFlags.includes('SYN') && !header.tcpFlags.includes('ACK');
  return {
    text: `${header.protocol} ${source} ${sourcePort} ${destination} ${header.destinationPort ?? 0} ${direction.toLowerCase()} ${syn ? 1 : 0}`,
    chosen: hasPorts
      ? header.sourcePort === undefined
        ? [`source port ${SOME_SOURCE_PORT}, as the trace has none`]
        : []
      : ['0 for ports, which the protocol does not have'],
  };
}
