import type { ActionPlan, InsideAsk, LiveAction } from '../../shared/ipc/live-action-schemas';
import type { CollectWhat } from '../../shared/ipc/live-schemas';
import {
  CONNECTIONS_SCRIPT,
  PROCESS_TUPLES_SCRIPT,
  type CollectorParameters,
} from '../collect/collector-command';
import { parametersOf } from './collect-job';
import { INSIDE_SECTION } from './inside-results';
import { STEP_SECTIONS } from './step-sections';
import { runs, SECTIONS, whatRuns } from './what-runs';

/** What an action is: for people, and for who carries it out. */
interface PlannedAction {
  readonly plan: ActionPlan;
  readonly parameters: CollectorParameters;
  /** Left out: the collector. */
  readonly script?: string;
}

interface Meant {
  readonly title: string;
  readonly about: readonly string[];
  readonly disturbs: string;
  readonly sections: readonly string[];
}

const REPLACES =
  'What comes takes the place of what was read before, with its own time in the collection report; everything else stays as it is. To keep both, collect the node again instead.';
const READS = 'Nothing: it only reads.';

/**
 * What an action will do. An action is the collector with only some of its sections.
 * @param what how the node is collected: limits of logs and sections hold here too
 */
export function planOf(action: LiveAction, what: CollectWhat): PlannedAction {
  if (action.kind === 'connections') return connectionsPlan(action);
  if (action.kind === 'inside') return insidePlan(action);
  if (action.kind === 'switch') return switchPlan(action.tuples);
  const { title, about, disturbs, sections } = meaning(action);
  // In the order the collector has them.
  const include = SECTIONS.filter((section) => sections.includes(section));
  const asked = { ...what, include };
  const { command, bootstrap, parameters, script, sha256 } = whatRuns(asked);
  return {
    parameters: parametersOf(asked),
    plan: {
      title,
      about: [...about],
      programs: [],
      disturbs,
      sections: include,
      seconds: limitOf(include.length, what),
      ...{ command, bootstrap, parameters, script, sha256 },
    },
  };
}

type Connections = Extract<LiveAction, { kind: 'connections' }>;
type Inside = Extract<LiveAction, { kind: 'inside' }>;

/** Longest that one connection of the node is waited for; the script has the same. */
const LEG_SECONDS = 3;
/** Longest for a lookup of the node, and for a program inside of a container. */
const LOOKUP_SECONDS = 6;
const ASK_SECONDS = 15;

const INSIDE_DISTURBS =
  'Nothing is changed. A process of the image runs in the container for a moment, beside its own.';

function connectionsPlan({ legs, lookups, asks }: Connections): PlannedAction {
  const about = [
    ...(legs.length === 0
      ? []
      : [
          `Opens ${legs.length} TCP connections from the node itself, one after another, each for at most ${LEG_SECONDS} s, and closes them at once. No data is sent.`,
        ]),
    ...(lookups.length === 0
      ? []
      : [
          `Asks ${lookups.length} DNS servers of the cluster from the node, straight and over UDP (Resolve-DnsName).`,
        ]),
    ...insideAbout(asks),
    'The results join the test results and lookups of step 2; those of the run before are replaced.',
  ];
  return connectionsScriptPlan(
    { legs, lookups, asks },
    {
      title: 'Test connections',
      about,
      disturbs: `${asks.length === 0 ? 'Nothing is changed.' : INSIDE_DISTURBS} Programs behind these addresses see a short connection without data.`,
    },
  );
}

function insidePlan({ asks }: Inside): PlannedAction {
  return connectionsScriptPlan(
    { legs: [], lookups: [], asks },
    {
      title: `Look inside ${asks[0]?.container.name ?? ''}`,
      about: [
        ...insideAbout(asks),
        'What they print joins the snapshot: addresses and lookups inside of the container. An image without these programs leaves it at "not checked".',
      ],
      disturbs: INSIDE_DISTURBS,
    },
  );
}

function insideAbout(asks: readonly InsideAsk[]): readonly string[] {
  const [first] = asks;
  if (first === undefined) return [];
  const { runtime, name } = first.container;
  return [
    `Runs ${asks.length === 1 ? 'a program' : `${asks.length} programs, one after another,`} inside of the container of ${name}, by ${toolOf(runtime)} on the node${runtime === 'docker' ? '' : ' (ctr where it has no crictl)'}.`,
  ];
}

const toolOf = (runtime: InsideAsk['container']['runtime']): string =>
  runtime === 'docker' ? 'docker exec' : 'crictl exec';

function programOf(ask: InsideAsk): string {
  switch (ask.program) {
    case 'ipconfig':
      return 'ipconfig.exe /all';
    case 'nslookup':
      return `nslookup.exe -timeout=2 -retry=1 ${ask.name}${ask.server === null ? '' : ` ${ask.server}`}`;
    case 'curl':
      return `curl.exe -sv --noproxy * --connect-timeout 3 -m 4 telnet://${urlHost(ask.host)}:${ask.port}`;
  }
}

const urlHost = (host: string): string => (host.includes(':') ? `[${host}]` : host);

function connectionsScriptPlan(
  { legs, lookups, asks }: Omit<Connections, 'kind'>,
  meant: Pick<Meant, 'title' | 'about' | 'disturbs'>,
): PlannedAction {
  const sections = [
    ...(legs.length === 0 ? [] : ['host-connections']),
    ...(lookups.length === 0 ? [] : ['host-lookups']),
    ...(asks.length === 0 ? [] : [INSIDE_SECTION]),
  ];
  const seconds =
    30 + legs.length * LEG_SECONDS + lookups.length * LOOKUP_SECONDS + asks.length * ASK_SECONDS;
  const parameters: CollectorParameters = {
    include: sections,
    sectionSeconds: seconds,
    ...(legs.length === 0 ? {} : { legs }),
    ...(lookups.length === 0 ? {} : { lookups }),
    ...(asks.length === 0 ? {} : { asks: asks.map((ask, at) => askParameters(ask, at + 1)) }),
  };
  const {
    command,
    bootstrap,
    parameters: given,
    script,
    sha256,
  } = runs(parameters, CONNECTIONS_SCRIPT);
  return {
    parameters,
    script: CONNECTIONS_SCRIPT,
    plan: {
      title: meant.title,
      about: [...meant.about],
      programs: asks.map(
        (ask) =>
          `${toolOf(ask.container.runtime)} ${ask.container.id.slice(0, 12)} ${programOf(ask)}`,
      ),
      disturbs: meant.disturbs,
      sections,
      seconds: seconds + 30,
      ...{ command, bootstrap, parameters: given, script, sha256 },
    },
  };
}

function askParameters(
  ask: InsideAsk,
  number: number,
): NonNullable<CollectorParameters['asks']>[number] {
  const { id: container, runtime } = ask.container;
  const common = { number, runtime, container };
  switch (ask.program) {
    case 'ipconfig':
      return { ...common, program: 'ipconfig' };
    case 'nslookup':
      return { ...common, program: 'nslookup', name: ask.name, server: ask.server ?? '' };
    case 'curl':
      return { ...common, program: 'curl', host: urlHost(ask.host), port: ask.port };
  }
}

function switchPlan(tuples: Extract<LiveAction, { kind: 'switch' }>['tuples']): PlannedAction {
  const parameters = { tuples };
  const {
    command,
    bootstrap,
    parameters: given,
    script,
    sha256,
  } = runs(parameters, PROCESS_TUPLES_SCRIPT);
  return {
    parameters,
    script: PROCESS_TUPLES_SCRIPT,
    plan: {
      title: 'Ask the switch',
      about: [
        'Asks VFP how it would treat the packet of the trace at each port of its way.',
        'The answers join the snapshot; the trace is held against them. Those of the last question are replaced.',
      ],
      programs: tuples.map(
        ({ port, tuple }) => `vfpctrl.exe /port ${port} /process-tuples "${tuple}"`,
      ),
      disturbs: 'Nothing: no packet is sent. VFP walks a described one through its rules.',
      sections: ['process-tuples'],
      seconds: 120,
      ...{ command, bootstrap, parameters: given, script, sha256 },
    },
  };
}

function meaning(
  action: Exclude<LiveAction, { kind: 'connections' | 'inside' | 'switch' }>,
): Meant {
  switch (action.kind) {
    case 'refresh': {
      const sections = STEP_SECTIONS[action.step] ?? [];
      return {
        title: `Refresh step ${action.step}`,
        about: [
          `Runs the collector with the ${sections.length} sections that step ${action.step} is made of.`,
          REPLACES,
        ],
        disturbs: READS,
        sections,
      };
    }
    case 'endpoint':
      return {
        title: 'Read the endpoint afresh',
        about: [
          'Asks HNS for its endpoints. One request lists them all, so that the list stays of one moment.',
          REPLACES,
        ],
        disturbs: READS,
        sections: ['hns-endpoints'],
      };
    case 'vfp-port':
      return {
        title: 'Read the VFP port afresh',
        about: [
          'Asks VFP for the ports of the switch and their layers, rules and counters. All ports are read, so that they can be held against each other.',
          REPLACES,
        ],
        disturbs: READS,
        sections: ['vswitch-ports', 'vfp', 'vfp-json'],
      };
  }
}

const SECTION_SECONDS = 90;
const MOST_SECONDS = 600;

/** Seconds for the whole: each section has its own limit, and few need more than a moment. */
function limitOf(sections: number, what: CollectWhat): number {
  const each = what.sectionSeconds ?? SECTION_SECONDS;
  return Math.min(30 + sections * each, MOST_SECONDS);
}
