import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { rightsOf, type NodeRights } from './rights';
import { TransportError, type NodeWay, type StagePassed, type TransportStage } from './transport';

/** The stages of a way to a node, in the order they are gone through. */
export const CONNECTION_STAGES = [
  'name',
  'port',
  'host-key',
  'authentication',
  'shell',
  'rights',
] as const;
export type ConnectionStage = (typeof CONNECTION_STAGES)[number];

/** How a stage went. `limited`: it works, and less is proved, or will be collected, than could be. */
export type StageOutcome = 'ok' | 'limited' | 'failed' | 'not reached';

export interface StageResult {
  readonly stage: ConnectionStage;
  readonly outcome: StageOutcome;
  /** What was found; where it failed or is limited, what to do. Empty when not reached. */
  readonly text: string;
}

/** A way to be tried. Each transport has a function that makes it: SSH, WinRM, Kubernetes. */
export interface TestedWay {
  /** The machine that this computer connects to first; undefined where there is no name to look up. */
  readonly host: string | undefined;
  /** What is good to know of the way, such as settings that are ignored; said with the name. */
  readonly notes?: readonly string[];
  /**
   * Signs in. Calls `passed` for each stage with what was found there (a jump host has its own).
   * The runner is left out where a way can run no command: then there is no stage `shell`, and
   * rights are what `passed` says of them.
   * @throws TransportError naming the stage that failed; the signal's reason when cancelled
   */
  open(
    passed: StagePassed,
    signal: AbortSignal,
  ): Promise<{ readonly runner?: NodeWay['runner'] | undefined; close: NodeWay['close'] }>;
}

/** For PowerShell's start and one answer. */
const RIGHTS_MILLISECONDS = 60_000;

/**
 * Goes to a node stage by stage and says how each went. Changes nothing on the node, and closes
 * what it opened. A stage that fails ends the test; what is behind it is "not reached".
 * @param onResult called when a stage is done, for a list that fills
 * @throws the signal's reason when cancelled; every other failure is a result
 */
export async function testConnection(
  way: TestedWay,
  signal: AbortSignal,
  onResult?: (result: StageResult) => void,
): Promise<readonly StageResult[]> {
  const found = new Map<ConnectionStage, StageResult>();
  const say = (stage: ConnectionStage, outcome: StageOutcome, text: string): void => {
    const before = found.get(stage);
    // Each hop of a way has its stages.
    const all = before?.outcome === 'ok' && outcome === 'ok' ? `${before.text}\n${text}` : text;
    const result: StageResult = { stage, outcome, text: all };
    found.set(stage, result);
    onResult?.(result);
  };
  let runs = true;
  let failedAt = -1;
  let opened: Awaited<ReturnType<TestedWay['open']>> | undefined;
  try {
    say('name', 'ok', [await nameFound(way.host, signal), ...(way.notes ?? [])].join('\n'));
    opened = await way.open(
      (stage, text, limited) => say(shown(stage), limited ?? 'ok', text),
      signal,
    );
    runs = opened.runner !== undefined;
    if (opened.runner !== undefined) {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(RIGHTS_MILLISECONDS)]);
      judgeRights(await rightsOf(opened.runner, limit), way.host === undefined, say);
    }
  } catch (error) {
    signal.throwIfAborted();
    const failed = failureOf(error);
    say(failed.stage, 'failed', failed.text);
    failedAt = CONNECTION_STAGES.indexOf(failed.stage);
    for (const behind of CONNECTION_STAGES.slice(failedAt + 1)) found.delete(behind);
  } finally {
    await opened?.close();
  }
  return CONNECTION_STAGES.filter((stage) => runs || found.has(stage)).map(
    (stage, at) =>
      // What fails late shows that what is before it went well, whether or not that was said.
      found.get(stage) ?? { stage, outcome: at < failedAt ? 'ok' : 'not reached', text: '' },
  );
}

async function nameFound(host: string | undefined, signal: AbortSignal): Promise<string> {
  if (host === undefined) return 'There is no name to look up.';
  if (isIP(host) !== 0) return `${host} is an address.`;
  const addresses = await lookup(host, { all: true }).catch(() => {
    throw new TransportError(
      'name',
      `The name ${host} is not known to DNS here: check its spelling, or use the node's address`,
    );
  });
  signal.throwIfAborted();
  return `${host} is ${addresses.map(({ address }) => address).join(', ')}.`;
}

/** A stage of the transports, as it is shown. */
function shown(stage: TransportStage): ConnectionStage {
  if (stage === 'channel') return 'shell';
  return stage === 'configuration' ? 'name' : stage;
}

function failureOf(error: unknown): { readonly stage: ConnectionStage; readonly text: string } {
  if (error instanceof TransportError) return { stage: shown(error.stage), text: error.message };
  if (error instanceof Error && error.name === 'TimeoutError')
    return {
      stage: 'shell',
      text: `PowerShell did not answer within ${RIGHTS_MILLISECONDS / 1000} s: the node may be overloaded.`,
    };
  throw error;
}

function judgeRights(
  rights: NodeRights | string,
  here: boolean,
  say: (stage: ConnectionStage, outcome: StageOutcome, text: string) => void,
): void {
  if (typeof rights === 'string')
    throw new TransportError(
      'channel',
      `The login worked, but PowerShell gave no answer (${rights}): encoded commands may be blocked on the node. The collector can be run by hand there: "Save script".`,
    );
  const { user, administrator, powershell, languageMode, lacking } = rights;
  say('shell', 'ok', `Windows PowerShell ${powershell} answers, in ${languageMode}.`);
  const limits = [
    ...(administrator === 'yes' ? [] : [here ? WITHOUT.here(user) : WITHOUT[administrator](user)]),
    ...(languageMode === 'FullLanguage'
      ? []
      : [
          `PowerShell is in ${languageMode} (AppLocker or WDAC): only a few plain listings can be collected. A signed collector that the policy allows collects everything.`,
        ]),
    ...(lacking.length === 0
      ? []
      : [
          `The node does not have ${lacking.join(', ')}: what they show is missing. Is it a node for containers?`,
        ]),
  ];
  if (limits.length === 0)
    say('rights', 'ok', `${user} is an administrator there; HNS and VFP can be read.`);
  else say('rights', 'limited', limits.join(' '));
}

const WITHOUT: Readonly<Record<'filtered' | 'no' | 'here', (user: string) => string>> = {
  here: (user) =>
    `This program runs without the rights of an administrator (${user}): HNS, VFP and event logs will not answer. Start this program as administrator.`,
  no: (user) =>
    `${user} is no administrator of the node: HNS, VFP and event logs will not answer. Use an account in its Administrators group.`,
  filtered: (user) =>
    `${user} is a member of Administrators, but this login came without their rights: for local accounts other than the built-in Administrator, LocalAccountTokenFilterPolicy has to be 1 on the node. Use a domain account or the built-in one.`,
};
