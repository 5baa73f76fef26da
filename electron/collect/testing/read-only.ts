import { createRequire } from 'node:module';
import { Language, Parser, type Node } from 'web-tree-sitter';

/** Commands that read, shape or print, and change nothing. */
const COMMANDS = new Set([
  ...['ForEach-Object', 'Where-Object', 'Select-Object', 'Select-String', 'Sort-Object'],
  ...['Format-List', 'Format-Table', 'Out-String', 'Split-Path', 'Test-Path', 'New-Object'],
  ...['ConvertFrom-Json', 'ConvertTo-Json', 'ConvertTo-Csv'],
  ...['Get-ChildItem', 'Get-CimInstance', 'Get-Command', 'Get-Content', 'Get-Date', 'Get-HotFix'],
  ...['Get-ItemProperty', 'Get-Service', 'Get-TimeZone', 'Get-WinEvent', 'Get-WindowsFeature'],
  'Resolve-DnsName',
  ...['Get-DnsClientGlobalSetting', 'Get-DnsClientNrptPolicy', 'Get-DnsClientServerAddress'],
  ...['Get-HnsEndpoint', 'Get-HnsNamespace', 'Get-HnsNetwork', 'Get-HnsPolicyList'],
  ...['Get-NetAdapter', 'Get-NetAdapterStatistics', 'Get-NetFirewallRule', 'Get-NetIPAddress'],
  ...[
    'Get-NetIPInterface',
    'Get-NetNat',
    'Get-NetNeighbor',
    'Get-NetRoute',
    'Get-NetTCPConnection',
    'Start-Sleep',
  ],
]);

/** Commands that only read when called just so. */
const EXACT = new Set([
  'Invoke-HnsRequest -Method GET -Type globals -Id version',
  'Invoke-HnsRequest -Method GET -Type endpointstats -Id $_.ID',
]);

/** Programs, each with everything it may be asked. */
const TOOLS = new Set([
  'sc.exe queryex',
  'sc.exe queryex vfpext',
  'sc.exe qc hns',
  'sc.exe qc vfpext',
  "$Tool '--version'",
  "hnsdiag.exe list all '-d'",
  'vfpctrl.exe /list-vmswitch-port',
  'vfpctrl.exe /port $Port /list-space',
  'vfpctrl.exe /port $Port /list-mapping',
  'vfpctrl.exe /port $Port /get-rule-counter',
  'vfpctrl.exe /port $Port /get-port-state',
  'vfpctrl.exe /port $Port /list-nat-range',
  'vfpctrl.exe /port $Port /get-port-counter',
  'vfpctrl.exe /port $Port /get-port-flow-stats',
  'vfpctrl.exe /port $Port /get-rule-counter /format 1',
  'vfpctrl.exe /list-vmswitch-port /format 1',
  'vfpctrl.exe /switch $_ /get-switch-forwarding-settings',
  'vfpctrl.exe /port $Question.port /process-tuples $Question.tuple',
  'nmbind.exe',
  "nvspinfo.exe '-a' '-i' '-h' '-D' '-p' '-d' '-m' '-q'",
  'ipconfig.exe /allcompartments /all',
  'route.exe print',
  "arp.exe '-a'",
  'netsh.exe int ipv4 sh int',
  'netsh.exe int ipv4 sh int $Adapter.ifIndex',
  'netsh.exe int ipv4 sh excludedportrange tcp',
  'netsh.exe int ipv4 sh excludedportrange udp',
  'netsh.exe int ipv4 sh dynamicportrange tcp',
  'netsh.exe int ipv4 sh dynamicportrange udp',
  "netsh.exe wfp show netevents 'file=-'",
  "netsh.exe wfp show state 'file=-'",
  "netsh.exe wfp show filters 'file=-'",
  'hcsdiag.exe list',
  "ctr.exe '-n' k8s.io c ls",
  "docker.exe ps '-a'",
  "crictl.exe '--runtime-endpoint' (Get-RuntimeEndpoint) images",
  "crictl.exe '--runtime-endpoint' (Get-RuntimeEndpoint) pods",
  'pktmon.exe status',
  'pktmon.exe counters',
  "pktmon.exe list '--all'",
  // In a container that runs already, three programs that only read.
  ...[
    "crictl.exe '--runtime-endpoint' $Endpoint exec $Id",
    "ctr.exe '-n' k8s.io tasks exec '--exec-id' $Task $Id",
    'docker.exe exec $Id',
  ].flatMap((way) => [
    `${way} ipconfig.exe /all`,
    `${way} nslookup.exe '-timeout=2' '-retry=1' $Ask.name @Server`,
    `${way} curl.exe '-sv' '--noproxy' '*' '--connect-timeout' 3 '-m' 4 $To`,
  ]),
]);

/** Writes nothing: what a program says of errors stands among what it says. */
const MERGED = '2>&1';

/** The places where something is run that is not written out: one program, the sections themselves. */
const CALLS = new Set(['& (Find-Tool $Tool) @args', '. $Section.Body', '. $Shared']);

const TYPES = new Set([
  'Net.Sockets.TcpClient',
  'IO.MemoryStream',
  'IO.Compression.GZipStream',
  "'Management.Automation.PSDataCollection[psobject]'",
  'byte[]',
  'Text.StringBuilder',
]);

/** Methods of types. The two that write are for `-OutputFolder` and stand in one function. */
const STATIC = new Set([
  '[Console]::Out.WriteLine',
  '[Convert]::ToBase64String',
  '[Text.Encoding]::UTF8.GetBytes',
  '[Math]::Min',
  '[Security.Cryptography.SHA256]::Create',
  '[BitConverter]::ToString',
  '[PowerShell]::Create',
  '[Diagnostics.Stopwatch]::StartNew',
  '[IO.Path]::Combine',
  '[IO.Path]::GetDirectoryName',
  '[IO.Directory]::CreateDirectory',
  '[IO.File]::Create',
  '[IO.File]::OpenRead',
]);
const WRITES = ['[IO.Directory]::CreateDirectory', '[IO.File]::Create'];

/** Methods of values: text, times, the frame that is written, the runspace of a section. */
const METHODS = new Set([
  ...['TrimEnd', 'Replace', 'Substring', 'ToLowerInvariant', 'AddDays', 'AddHours'],
  ...['Append', 'Clear', 'Complete', 'ReadAll', 'WaitOne', 'ToArray', 'SetLength', 'Write'],
  ...['Dispose', 'TransformBlock', 'TransformFinalBlock', 'Read'],
  ...['ConnectAsync', 'Wait', 'GetBaseException', 'Close'],
  ...['SetVariable', 'AddScript', 'BeginInvoke', 'EndInvoke', 'BeginStop'],
]);

/** What one script may do beyond this list: commands and arguments as they stand, types and methods. */
export interface Allowed {
  readonly commands: ReadonlySet<string>;
  readonly types: ReadonlySet<string>;
  readonly methods: ReadonlySet<string>;
}
const NOTHING_ELSE: Allowed = { commands: new Set(), types: new Set(), methods: new Set() };

let parser: Promise<Parser> | undefined;

async function powershellParser(): Promise<Parser> {
  const require = createRequire(import.meta.url);
  await Parser.init();
  const made = new Parser();
  made.setLanguage(
    await Language.load(require.resolve('tree-sitter-powershell/tree-sitter-powershell.wasm')),
  );
  return made;
}

/**
 * Everything in a PowerShell script that is no syntax, or could do more than read: commands,
 * programs, methods, redirections and calls of unknown things that are not on the lists above.
 * @param also what is allowed to this script alone
 */
export async function objections(
  script: string,
  also: Allowed = NOTHING_ELSE,
): Promise<readonly string[]> {
  parser ??= powershellParser();
  const tree = (await parser).parse(script);
  if (tree === null) return ['the script was not parsed'];
  const found: string[] = [];
  const own = new Set(all(tree.rootNode, 'function_name').map(({ text }) => text));
  const object = (node: Node, what: string): number =>
    found.push(`line ${node.startPosition.row + 1}: ${what}: ${oneLine(node.text).slice(0, 80)}`);
  for (const node of all(tree.rootNode)) {
    if (node.isError || node.isMissing) object(node, 'no syntax');
    switch (node.type) {
      case 'command':
        judgeCommand(node, own, also, object);
        break;
      case 'invokation_expression':
        judgeMethod(node, also, object);
        break;
      case 'redirection':
      case 'merging_redirection_operator':
      case 'file_redirection_operator':
        if (node.text !== MERGED) object(node, 'redirection');
        break;
      case 'assignment_expression':
        if (/^\$(env|function|alias|global):/i.test(node.text)) object(node, 'changes its host');
    }
  }
  return found;
}

function judgeCommand(
  node: Node,
  own: ReadonlySet<string>,
  also: Allowed,
  object: (node: Node, what: string) => number,
): void {
  const text = oneLine(node.text);
  const name = node.childForFieldName('command_name')?.text ?? '';
  if (also.commands.has(text)) return;
  if (/^[&.]\s/.test(text)) {
    if (!CALLS.has(text)) object(node, 'runs what is not written out');
  } else if (name === 'Invoke-Tool') {
    const asked = text.slice(name.length).replace(` ${MERGED}`, '').trim();
    if (!TOOLS.has(asked)) object(node, 'program not on the list');
  } else if (name === 'New-Object') {
    const type = /^New-Object -TypeName (\S+)/.exec(text)?.[1];
    if (type === undefined || !(TYPES.has(type) || also.types.has(type)))
      object(node, 'type not on the list');
  } else if (!COMMANDS.has(name) && !own.has(name) && !EXACT.has(text))
    object(node, 'command not on the list');
}

function judgeMethod(
  node: Node,
  also: Allowed,
  object: (node: Node, what: string) => number,
): void {
  const callee = oneLine(node.text).replace(
    /\([^()]*(\([^()]*(\([^()]*\)[^()]*)*\)[^()]*)*\)$/,
    '',
  );
  const type = /^\[[\w.]+\]::[\w.]+$/.exec(callee)?.[0];
  if (type === undefined) {
    const method = /\.(\w+)$/.exec(callee)?.[1];
    if (method === undefined || !(METHODS.has(method) || also.methods.has(method)))
      object(node, 'method not on the list');
  } else if (also.methods.has(type)) return;
  else if (!STATIC.has(type)) object(node, 'method not on the list');
  else if (WRITES.includes(type) && enclosingFunction(node) !== 'New-FrameFile')
    object(node, 'writes a file');
}

/** The commands of a script that are programs or stand in a list, each once, as they are written. */
export async function commandsOf(script: string): Promise<readonly string[]> {
  parser ??= powershellParser();
  const tree = (await parser).parse(script);
  const nodes = tree === null ? [] : all(tree.rootNode, 'command');
  return [...new Set(nodes.map((node) => oneLine(node.text)))];
}

function enclosingFunction(node: Node): string | undefined {
  for (let at = node.parent; at !== null; at = at.parent)
    if (at.type === 'function_statement') return all(at, 'function_name')[0]?.text;
  return undefined;
}

/** All nodes below one, itself included; of one type where it is given. */
function all(root: Node, type?: string): readonly Node[] {
  const found = type === undefined || root.type === type ? [root] : [];
  return [...found, ...root.children.flatMap((node) => all(node, type))];
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
