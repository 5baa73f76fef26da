import type { CheckResult, Finding } from '../../../shared/model/finding';
import type { CheckView, FindingView } from '../../../shared/ipc/finding-schemas';
import { RULES } from '../../../shared/rules/catalogue';
import { blankSecrets } from '../../../shared/secrets/blank-secrets';
import type { Analysed } from '../open-case';
import { fitting, type Frozen, type Handlers } from './handler';

const EXCERPT_LINES = 12;
const EXCERPT_WIDTH = 400;
/** A finding over a thousand objects shows the first; the tables hold all. */
const MAX_ENTITIES = 60;
const MAX_EVIDENCE = 20;

const META = new Map(RULES.map((r) => [r.meta.id, r.meta]));

function findingView(state: Analysed, finding: Finding, index: number): Frozen<FindingView> {
  return {
    ...finding,
    index,
    consequences: state.findings.flatMap((f, i) => (f.causedBy === index ? [i] : [])),
    entities: finding.entities.slice(0, MAX_ENTITIES),
    evidence: finding.evidence.slice(0, MAX_EVIDENCE).map((e) => {
      const file = state.files.get(e.file)?.file;
      const last = Math.min(e.endLine, e.line + EXCERPT_LINES - 1);
      const lines =
        file
          ?.lines(e.line, last)
          .map((l) => (l.length > EXCERPT_WIDTH ? `${l.slice(0, EXCERPT_WIDTH)} …` : l)) ?? [];
      return { ...e, lines: blankSecrets(lines) };
    }),
  };
}

function checkView(check: CheckResult): Frozen<CheckView> {
  const meta = META.get(check.ruleId);
  return {
    ruleId: check.ruleId,
    title: meta?.title ?? check.ruleId,
    description: meta?.description ?? '',
    impact: meta?.impact ?? '',
    step: check.step,
    severity: meta?.severity ?? 'info',
    status: check.status,
    reason: check.reason,
    because: check.because,
    missing: check.missing,
  };
}

export const findingCalls: Handlers<'findings:list' | 'finding:get' | 'checks:list' | 'rule:get'> =
  {
    'findings:list': ({ snapshotId, step, offset, limit }, { case: open }) => {
      const { state } = open;
      const wanted = state.findings
        .map((finding, index) => ({ finding, index }))
        .filter(
          ({ finding }) =>
            finding.snapshotId === snapshotId && (step === undefined || finding.step === step),
        );
      const page = wanted
        .slice(offset, offset + limit)
        .map(({ finding, index }) => findingView(state, finding, index));
      return { items: fitting(page), offset, matching: wanted.length };
    },
    'finding:get': ({ index }, { case: open }) => {
      const finding = open.state.findings[index];
      return finding ? findingView(open.state, finding, index) : null;
    },
    'checks:list': ({ snapshotId, step, status, offset, limit }, { case: open }) => {
      const wanted = open.state.checks.filter(
        (c) => c.snapshotId === snapshotId && c.step === step && c.status === status,
      );
      return {
        items: fitting(wanted.slice(offset, offset + limit).map(checkView)),
        offset,
        matching: wanted.length,
      };
    },
    'rule:get': ({ ruleId }) => {
      const meta = META.get(ruleId);
      if (!meta) return null;
      const { id, title, description, impact, falsePositives, severity, step, references } = meta;
      return { id, title, description, impact, falsePositives, severity, step, references };
    },
  };
