import { encodedCommand } from './encoded-command';
import type { CommandRunner } from './transport';

/** What an account may do on a node, as far as collecting needs it. */
export interface NodeRights {
  /** As the node names it. */
  readonly user: string;
  /** `filtered`: a member of Administrators whose login came without these rights (UAC). */
  readonly administrator: 'yes' | 'filtered' | 'no';
  readonly powershell: string;
  /** `FullLanguage`, `ConstrainedLanguage`... */
  readonly languageMode: string;
  /** Commands of NEEDED that the node does not have. */
  readonly lacking: readonly string[];
}

/** What most of the collector's evidence comes from. */
const NEEDED = ['hnsdiag.exe', 'vfpctrl.exe', 'Get-HnsNetwork'];

/**
 * What runs on the node: it only looks. Simple enough for Constrained Language Mode. Administrators and the level of a login have the same
 * identifiers in every language of Windows: S-1-5-32-544, S-1-16-12288 high, S-1-16-16384 system.
 */
export const RIGHTS_PROBE = `$ProgressPreference='SilentlyContinue'
"@@WB1 PROBE mode $($ExecutionContext.SessionState.LanguageMode)"
"@@WB1 PROBE powershell $($PSVersionTable.PSVersion)"
"@@WB1 PROBE user $(whoami.exe)"
$Groups="$(whoami.exe /groups /fo csv /nh)"
if($Groups -match 'S-1-5-32-544'){'@@WB1 PROBE group administrators'}
if($Groups -match 'S-1-16-(12288|16384)'){'@@WB1 PROBE level high'}
foreach($Name in '${NEEDED.join("','")}'){if(Get-Command -Name $Name -ErrorAction SilentlyContinue){"@@WB1 PROBE has $Name"}}
'@@WB1 PROBE end'
`;

const OUTPUT_CHARACTERS = 65_536;

/**
 * Asks a node what the account may do there.
 * @returns the reason when PowerShell did not answer
 * @throws TransportError when the command cannot be started; the signal's reason when cancelled
 */
export async function rightsOf(
  runner: CommandRunner,
  signal: AbortSignal,
): Promise<NodeRights | string> {
  let output = '';
  const ended = await runner.run(encodedCommand(RIGHTS_PROBE), {
    input: new Uint8Array(0),
    signal,
    onOutput: (bytes) => {
      output = (output + Buffer.from(bytes).toString('utf8')).slice(0, OUTPUT_CHARACTERS);
      return Promise.resolve();
    },
  });
  const words = [...output.matchAll(/@@WB1 PROBE (\w+) ?([^\r\n]*)/g)];
  const told = (key: string): string | undefined =>
    words
      .find(([, each]) => each === key)?.[2]
      ?.trim()
      .slice(0, 200);
  if (told('end') === undefined)
    return ended.lost === undefined
      ? `exit code ${ended.exitCode ?? 'unknown'}`
      : `the connection was lost: ${ended.lost}`;
  const has = new Set(words.filter(([, key]) => key === 'has').map(([, , name]) => name));
  return {
    user: told('user') ?? 'unknown',
    administrator:
      told('group') === undefined ? 'no' : told('level') === undefined ? 'filtered' : 'yes',
    powershell: told('powershell') ?? 'unknown',
    languageMode: told('mode') ?? 'unknown',
    lacking: NEEDED.filter((name) => !has.has(name)),
  };
}
