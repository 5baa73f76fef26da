import type { Allowed } from './read-only';

/*
 * All that the scripts of a packet capture may run beside what only reads, word for word: the one
 * place where HNS Workbench changes a node. docs/collector.md says of each what it changes and how
 * that is taken back.
 */

/** What asks and changes nothing. */
const ASKS = [
  '& "$System\\pktmon.exe" help',
  '& "$System\\pktmon.exe" start help',
  '& "$System\\pktmon.exe" status',
  '& "$System\\pktmon.exe" filter list',
  '& "$System\\netsh.exe" trace show status',
  '& $Monitor help',
  'Get-ScheduledTask -TaskName $Task -ErrorAction SilentlyContinue',
  'Get-ScheduledTaskInfo -TaskName $Task -ErrorAction Stop',
];

/** What describes the task that cleans up; nothing is registered by these. */
const DESCRIBES = [
  'New-ScheduledTaskAction -Execute "$System\\WindowsPowerShell\\v1.0\\powershell.exe" -Argument "-NoLogo -NoProfile -NonInteractive -EncodedCommand $Code"',
  'New-ScheduledTaskTrigger -Once -At (Get-Date).AddSeconds([int] $Capture.seconds)',
  'New-ScheduledTaskTrigger -Once -At (Get-Date).AddSeconds([int] $Options.capture[0].seconds)',
  "New-ScheduledTaskPrincipal -UserId 'S-1-5-18' -LogonType ServiceAccount -RunLevel Highest",
  'New-ScheduledTaskSettingsSet -StartWhenAvailable -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries',
];

/** What changes the node when a capture begins. */
export const BEGINS: readonly string[] = [
  "Register-ScheduledTask -TaskName $Task -Action $Action -Trigger $Trigger -Principal $Principal -Settings $Settings -Description 'Ends a packet capture of HNS Workbench and removes its files' -ErrorAction Stop",
  'New-Item -ItemType Directory -Path $Folder -ErrorAction Stop',
  "& \"$System\\icacls.exe\" $Folder /inheritance:r /grant:r '*S-1-5-32-544:(OI)(CI)F' '*S-1-5-18:(OI)(CI)F'",
  '& "$System\\pktmon.exe" filter add "hnswb-$("$Id".Substring(0, 8))" $Match \'-e\'',
  "& \"$System\\pktmon.exe\" start '--capture' '--comp' all '--pkt-size' $PacketBytes '--file-name' $File '--file-size' $Megabytes '--log-mode' circular",
  '& "$System\\netsh.exe" trace start capture=yes capturetype=both captureMultilayer=yes report=disabled correlation=disabled persistent=no overwrite=yes filemode=circular "maxsize=$Megabytes" "tracefile=$File" $Match',
];

/** What ends it and takes all of it back; these stand in both scripts. */
export const UNDOES: readonly string[] = [
  '& "$System\\pktmon.exe" stop',
  '& "$System\\pktmon.exe" filter remove',
  '& "$System\\netsh.exe" trace stop',
  'Remove-Item -LiteralPath $Folder -Recurse -Force',
  'Unregister-ScheduledTask -TaskName $Task -Confirm:$false',
];

/** What writes into the capture's own folder, and gives the task more time. */
export const CONVERTS: readonly string[] = [
  'Set-ScheduledTask -TaskName "HNS Workbench capture $Id" -Trigger $Trigger',
  'Remove-Item -LiteralPath $Packets',
  'Remove-Item -LiteralPath $Text',
  '& $Monitor etl2pcap "$Folder\\pktmon.etl" \'--out\' $Packets',
  '& $Monitor pcapng "$Folder\\pktmon.etl" \'-o\' $Packets',
  '& $Monitor etl2txt "$Folder\\pktmon.etl" \'--out\' $Text',
  '& $Monitor format "$Folder\\pktmon.etl" \'-o\' $Text',
];

const allowed = (...commands: readonly string[]): Allowed => ({
  commands: new Set([...ASKS, ...DESCRIBES, ...commands]),
  types: new Set(['Security.Principal.WindowsPrincipal']),
  methods: new Set([
    ...['[Security.Principal.WindowsIdentity]::GetCurrent', '[Text.Encoding]::Unicode.GetBytes'],
    ...['IsInRole', 'AddSeconds', 'Trim'],
  ]),
});

/** What the script that begins a capture may do. */
export const CAPTURE_START: Allowed = allowed(...BEGINS, ...UNDOES);
/** What the script that ends one may do. */
export const CAPTURE_FETCH: Allowed = allowed(...CONVERTS, ...UNDOES);
