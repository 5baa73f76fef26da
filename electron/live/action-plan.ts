import type { ActionPlan, LiveAction } from '../../shared/ipc/live-action-schemas';
import type { CollectWhat } from '../../shared/ipc/live-schemas';
import {
  CONNECTIONS_SCRIPT,
  PROCESS_TUPLES_SCRIPT,
  type CollectorParameters,
} from '../collect/collector-command';
import { parametersOf } from './collect-job';
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
  if (action.kind === 'connections') return connectionsPlan(action.legs);
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
      disturbs,
      sections: include,
      seconds: limitOf(include.length, what),
      ...{ command, bootstrap, parameters, script, sha256 },
    },
  };
}

/** Longest that one connection is waited for; the script has the same. */
const LEG_SECONDS = 3;

function connectionsPlan(
  legs: Extract<LiveAction, { kind: 'connections' }>['legs'],
): PlannedAction {
  const seconds = legs.length * LEG_SECONDS + 30;
  const parameters = { legs, sectionSeconds: seconds };
  const shown = runs(parameters, CONNECTIONS_SCRIPT);
  return {
    parameters,
    script: CONNECTIONS_SCRIPT,
    plan: {
      title: 'Test connections of the node',
      about: [
        `Opens ${legs.length} TCP connections from the node itself, one after another, each for at most ${LEG_SECONDS} s, and closes them at once. No data is sent.`,
        'The results join the test results of step 2; those of the run before are replaced. Connections of pods are not tested by it.',
      ],
      disturbs:
        'Nothing is changed. Programs behind these addresses see a short connection without data.',
      sections: ['connections'],
      seconds: seconds + 30,
      command: shown.command,
      bootstrap: shown.bootstrap,
      parameters: shown.parameters,
      script: shown.script,
      sha256: shown.sha256,
    },
  };
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
        'Asks VFP how it would treat the packet of the trace at each port of its way:',
        ...tuples.map(({ port, tuple }) => `vfpctrl.exe /port ${port} /process-tuples "${tuple}"`),
        'The answers join the snapshot; the trace is held against them. Those of the last question are replaced.',
      ],
      disturbs: 'Nothing: no packet is sent. VFP walks a described one through its rules.',
      sections: ['process-tuples'],
      seconds: 120,
      ...{ command, bootstrap, parameters: given, script, sha256 },
    },
  };
}

function meaning(action: Exclude<LiveAction, { kind: 'connections' | 'switch' }>): Meant {
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
