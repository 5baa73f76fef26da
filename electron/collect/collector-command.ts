import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { FollowParameters } from './follow/follow-script';
import { encodedCommand } from '../transports/encoded-command';
import captureFetch from '../../assets/collector/capture-fetch.ps1?raw';
import captureOwn from '../../assets/collector/capture-own.ps1?raw';
import captureStart from '../../assets/collector/capture-start.ps1?raw';
import connections from '../../assets/collector/connections.ps1?raw';
import processTuples from '../../assets/collector/process-tuples.ps1?raw';
import script from '../../assets/collector/collect.ps1?raw';

/** What the collector is asked for; the names are those of its `-Parameters`. */
export interface CollectorParameters {
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly logLines?: number;
  readonly logDays?: number;
  readonly eventHours?: number;
  readonly sectionSeconds?: number;
  /** For the question to the switch: of which VFP port, and the packet. */
  readonly tuples?: readonly { readonly port: string; readonly tuple: string }[];
  /** For the script of connections: what the node connects to, the names it asks for, what is run inside of containers. */
  readonly legs?: readonly {
    readonly name: string;
    readonly host: string;
    readonly port: number;
  }[];
  readonly lookups?: readonly { readonly name: string; readonly server: string }[];
  readonly asks?: readonly InsideAsk[];
  readonly sectionBytes?: number;
  /** For the scripts of a packet capture: which, and what is captured. */
  readonly capture?: readonly CaptureParameters[];
}

/** `seconds`: until the node's own task ends the capture. The end of one needs no more than these two. */
export interface CaptureParameters {
  readonly id: string;
  readonly seconds: number;
  readonly megabytes?: number;
  readonly packetBytes?: number;
  readonly address?: string | null;
  readonly port?: number | null;
  readonly protocol?: 'tcp' | 'udp' | 'icmp' | null;
}

/** A program run inside of a container; `number` names its result. */
type InsideAsk = {
  readonly number: number;
  readonly runtime: 'containerd' | 'docker';
  readonly container: string;
} & (
  | { readonly program: 'ipconfig' }
  | { readonly program: 'nslookup'; readonly name: string; readonly server: string }
  | { readonly program: 'curl'; readonly host: string; readonly port: number }
);

/** The collector as it runs on the node, for a review before anything is sent. */
export const COLLECTOR_SCRIPT: string = script.replaceAll('\r\n', '\n');

/**
 * Another script in the frame of the collector: its own head and sections, all else the same. The
 * sections are given the parameters that they are about.
 */
function inFrame(own: string, ...parameters: readonly string[]): string {
  const text = own.replaceAll('\r\n', '\n');
  const end = text.indexOf('#>\n') + 3;
  const sections = text.slice(end).trimEnd();
  const given = parameters.map((name) => `$Options.${name} = @($Given.${name})`).join('\n');
  return COLLECTOR_SCRIPT.replace(/^<#[\s\S]*?#>\n/, () => text.slice(0, end)).replace(
    /^\$Sections = @\(\n[\s\S]*?\n\)\n/m,
    () => `${given}\n$Sections = @(\n${sections}\n)\n`,
  );
}

/** A script in that frame with more functions beside those that all sections are given. */
function withFunctions(framed: string, functions: string): string {
  const more = functions.replaceAll('\r\n', '\n');
  return framed.replace(/^\$Shared = \{\n[\s\S]*?\n(?=\}\n)/m, (shared) => `${shared}\n${more}`);
}

/** Opens TCP connections and asks for names, from the node and from inside of containers, as it runs there. */
export const CONNECTIONS_SCRIPT: string = inFrame(connections, 'legs', 'lookups', 'asks');

/** Asks VFP about packets, as it runs on the node. */
export const PROCESS_TUPLES_SCRIPT: string = inFrame(processTuples, 'tuples');

/** Begins a packet capture, as it runs on the node. */
export const CAPTURE_START_SCRIPT: string = withFunctions(
  inFrame(captureStart, 'capture'),
  captureOwn,
);

/** Ends a packet capture, brings it and removes it from the node. */
export const CAPTURE_FETCH_SCRIPT: string = withFunctions(
  inFrame(captureFetch, 'capture'),
  captureOwn,
);

/** Exit code of the bootstrap when PowerShell is in Constrained Language Mode. */
const EXIT_CONSTRAINED = 3;
const EXIT_DAMAGED = 4;

/**
 * What PowerShell runs first: reads the collector and its parameters from standard input, checks the
 * hash that is written here, and runs it. In Constrained Language Mode it only says so, since
 * nothing of this is allowed there. PowerShell reads a redirected standard input itself and gives it
 * as `$input`; a script that read the console beside it would get only parts.
 */
const BOOTSTRAP = `$ProgressPreference='SilentlyContinue'
if($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage'){"@@WB1 HELLO 1 $($ExecutionContext.SessionState.LanguageMode)";exit ${EXIT_CONSTRAINED}}
$in=(@($input) -join ' ').Trim() -split '\\s+'
$packed=New-Object IO.MemoryStream(,[Convert]::FromBase64String($in[0]))
$gzip=New-Object IO.Compression.GZipStream($packed,[IO.Compression.CompressionMode]::Decompress)
$text=(New-Object IO.StreamReader($gzip,[Text.Encoding]::UTF8)).ReadToEnd()
$hash=[BitConverter]::ToString([Security.Cryptography.SHA256]::Create().ComputeHash([Text.Encoding]::UTF8.GetBytes($text))).Replace('-','')
if($hash -ne '@HASH@'){exit ${EXIT_DAMAGED}}
& ([ScriptBlock]::Create($text)) -Parameters ([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($in[1])))
`;

/** The command line that starts the collector, or another script in its frame, and what goes to its standard input. */
export function collectorCommand(
  parameters: CollectorParameters | FollowParameters,
  ofScript = COLLECTOR_SCRIPT,
): {
  readonly command: string;
  readonly input: Uint8Array;
} {
  const hash = createHash('sha256').update(ofScript).digest('hex').toUpperCase();
  const packed = gzipSync(ofScript).toString('base64');
  const given = Buffer.from(JSON.stringify(parameters)).toString('base64');
  return {
    command: encodedCommand(BOOTSTRAP.replace('@HASH@', hash)),
    input: Buffer.from(`${packed}\n${given}\n`),
  };
}
