import type { CniConfig, ConfigProblem } from '../../model/cni';
import { cniConfigRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { argument } from '../commands';
import { REF } from '../references';
import type { FindingDraft, Rule } from '../rule';
import { firedOrPassed } from '../rule';
import { alike } from '../together';
import { byName, confName, firstLine } from './active-config';
import { windowsPath } from './repair';

export const rule: Rule = {
  meta: {
    id: 'CNI-JSON',
    step: 5,
    severity: 'error',
    title: 'The CNI configuration is valid JSON with its required keys',
    description:
      'Reads every CNI configuration as strictly as the runtime does: comments, no-break spaces, a byte order mark, missing commas or brackets, and a missing name or type are faults, each with its line. A text that only lacks its end may be a cut copy and is a warning.',
    impact:
      'The runtime ignores or refuses the file: the node has no network plugin, or another file is used instead.',
    needs: ['cniConfig'],
    falsePositives:
      'Copying through a console or an editor may add a byte order mark or no-break spaces that the file on the node does not have.',
    references: [REF.article, REF.cniSpec],
    explains: ['CNI-CONF-MISSING', 'EV-NODE-NOTREADY', 'EV-SANDBOX-FAILED', 'EV-CONTAINERCREATING'],
  },
  check({ snapshot }) {
    const findings = snapshot.cniConfigs.flatMap((config) => {
      const used = usedInstead(config, snapshot);
      return [...textFaults(config), ...keyFaults(config)].map((fault) => told(fault, used));
    });
    return firedOrPassed(
      findings,
      `${snapshot.cniConfigs.map(confName).join(', ')}: valid JSON with name and type`,
    );
  },
};

const folderOf = ({ file }: CniConfig): string => file.slice(0, -confName({ file }).length);

/** The configuration that comes before this one in its folder: the runtime reads that and no other. */
function usedInstead(config: CniConfig, snapshot: NodeSnapshot): CniConfig | undefined {
  const first = byName(snapshot).find((other) => folderOf(other) === folderOf(config));
  return first === config ? undefined : first;
}

/** A fault of one file; `stopsPods` where the file on the node surely has it. */
interface Fault {
  readonly draft: FindingDraft;
  readonly stopsPods: boolean;
}

/** A fault in a file that the runtime does not come to keeps no pod from its network. */
function told({ draft, stopsPods }: Fault, used: CniConfig | undefined): FindingDraft {
  if (used === undefined)
    return stopsPods ? { ...draft, title: `No pod gets a network: ${draft.title}` } : draft;
  return {
    ...draft,
    severity: 'warning',
    summary: `${draft.summary} The runtime uses ${confName(used)}, which comes first by name, and does not read this file.`,
    cause: `${draft.cause} It does no harm as long as ${confName(used)} is the right one; without that, no pod gets a network.`,
  };
}

const place = (p: ConfigProblem): string =>
  `line ${p.evidence.line}, column ${p.column}: ${p.message}`;

function textFaults(config: CniConfig): Fault[] {
  const [first] = config.problems;
  if (!first) return [];
  if (config.cut === true && config.problems.every(isCut))
    return [{ draft: cutCopy(config, first), stopsPods: false }];
  const onlyMark = config.problems.every((p) => /byte order mark/.test(p.message));
  return [
    {
      stopsPods: true,
      draft: {
        title: `${confName(config)} is not valid JSON (line ${first.evidence.line})`,
        summary: listed(config.problems),
        cause: onlyMark
          ? 'The file was saved with a byte order mark, as Notepad and PowerShell’s Out-File do; or only the copy in the bundle has it.'
          : 'A slip while the file was edited or pasted.',
        remedy: validate(
          config,
          'Correct the places named above; save as UTF-8 without a byte order mark.',
        ),
        ...(onlyMark ? { severity: 'warning' as const } : {}),
        entities: [cniConfigRef(config)],
        evidence: config.problems.map((p) => p.evidence).slice(0, 10),
      },
    },
  ];
}

/** The first problems; one that stands on many lines is told once. */
function listed(problems: readonly ConfigProblem[]): string {
  const faults = alike(problems, ({ message }) => message);
  const told = faults.slice(0, 4).map(([first, ...others]) => {
    if (first === undefined) return '';
    const last = others.at(-1);
    return last === undefined
      ? `${place(first)}.`
      : `${place(first)} (and in ${others.length} more places up to line ${last.evidence.line}).`;
  });
  const more = faults.length - 4;
  return `${told.join(' ')}${more > 0 ? ` And ${more} more.` : ''}`;
}

const isCut = (p: ConfigProblem): boolean => /ends before/.test(p.message);

/**
 * All that is there is in order, and the end is missing: either the copy was cut, or the file on the
 * node is. Only the second keeps pods from their network, so it is no more than a warning.
 */
function cutCopy(config: CniConfig, problem: ConfigProblem): FindingDraft {
  return {
    severity: 'warning',
    title: `${confName(config)} ends before its JSON is complete (line ${problem.evidence.line})`,
    summary: `${place(problem)}. Up to there it is valid JSON.`,
    cause:
      'Either only the copy in the bundle was cut, and then nothing is wrong with the node; or the file on the node ends here too, as after a full disk or an edit that went wrong, and then no pod gets a network. Pods that were started of late tell: if they have addresses, it is the copy.',
    remedy: validate(
      config,
      'Read the file on the node. If it is complete there, add it to the case; else complete it.',
    ),
    entities: [cniConfigRef(config)],
    evidence: [problem.evidence],
  };
}

/** Keys that the CNI specification requires. A text that could not be read has its own finding. */
function keyFaults(config: CniConfig): Fault[] {
  if (config.plugins.length === 0 && config.problems.length > 0) return [];
  const missing = [
    ...(config.name ? [] : ['name']),
    ...(config.plugins.length === 0 ? ['plugins'] : []),
    ...(config.plugins.some((p) => p.type === undefined) ? ['type'] : []),
  ];
  if (missing.length === 0) return [];
  // The end of a cut file may have held them; the cut is reported above.
  if (config.problems.some(isCut)) return [];
  return [
    {
      stopsPods: true,
      draft: {
        title: `${confName(config)} has no "${missing.join('" and no "')}"`,
        summary: `The CNI specification requires ${missing.map((k) => `"${k}"`).join(' and ')}; the file does not have ${missing.length === 1 ? 'it' : 'them'}.`,
        cause: 'The key was deleted or mistyped.',
        remedy: validate(config, `Add ${missing.map((k) => `"${k}"`).join(' and ')}.`),
        entities: [cniConfigRef(config)],
        evidence: [firstLine(config)],
      },
    },
  ];
}

function validate(config: CniConfig, text: string): FindingDraft['remedy'] {
  return [
    {
      text,
      command: `Get-Content -Raw ${argument(windowsPath(config.file))} | ConvertFrom-Json`,
      disturbs:
        'Nothing: the runtime reads the file again by itself, running pods are not touched.',
      verify: {
        kind: 'observation',
        text: 'The command prints the configuration without an error, and new pods get addresses',
      },
    },
  ];
}
