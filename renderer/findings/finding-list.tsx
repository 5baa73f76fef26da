import { useEffect, useRef, type ReactElement } from 'react';
import type { FindingView } from '../../shared/ipc/schemas';
import { useCall } from '../bridge/use-call';
import { Button } from '../controls/button';
import { EmptyState, Unreadable } from '../controls/empty-state';
import { counted } from '../controls/text';
import { stepCounts } from '../steps/step-counts';
import { useSnapshot } from '../stores/case';
import { goToStep, type StepNumber } from '../stores/navigation';
import { FindingCard } from './finding-card';

/** The findings of a step, worst first; a consequence stands under its cause when that is here. */
export function FindingList({
  step,
  focus,
}: {
  step: StepNumber;
  focus: number | undefined;
}): ReactElement {
  const snapshot = useSnapshot();
  const { value, error } = useCall('findings:list', {
    snapshotId: snapshot.id,
    step,
    offset: 0,
    limit: 200,
  });
  const body = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (focus === undefined || value === undefined) return;
    body.current?.querySelector(`[data-finding="${focus}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [focus, value]);
  if (error !== undefined) return <Unreadable message={error} />;
  const items = value?.items ?? [];
  const roots = rootsOf(items);
  return (
    <div className="page-body" ref={body}>
      {value !== undefined && items.length === 0 ? <NoFindings step={step} /> : null}
      {roots.map((finding, index) => (
        <FindingCard key={finding.index} finding={finding} startsOpen={index === 0} />
      ))}
      {value !== undefined && value.matching > items.length ? (
        <p className="dim">
          {counted(value.matching - items.length, 'more finding')} like these; the report lists all.
        </p>
      ) : null}
    </div>
  );
}

/** Findings whose cause is not among them. */
export function rootsOf(findings: readonly FindingView[]): readonly FindingView[] {
  const here = new Set(findings.map(({ index }) => index));
  return findings.filter(({ causedBy }) => causedBy === null || !here.has(causedBy));
}

function NoFindings({ step }: { step: StepNumber }): ReactElement {
  const counts = stepCounts(useSnapshot(), step);
  if (counts.passed === 0) {
    return (
      <EmptyState
        title="Nothing was looked at in this step yet"
        text={`${counted(counts.notChecked, 'check')} of this step need evidence that is not here. Each names the command that makes it.`}
      >
        <div>
          <Button onPress={() => goToStep(step, 'not-checked')}>Show what is missing</Button>
        </div>
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="Nothing wrong was found in this step"
      text={`${counted(counts.passed, 'check')} passed${
        counts.notChecked === 0 ? '.' : `, ${counts.notChecked} need evidence that is not here.`
      }`}
    >
      {counts.notChecked === 0 ? null : (
        <div>
          <Button onPress={() => goToStep(step, 'not-checked')}>Show what is missing</Button>
        </div>
      )}
    </EmptyState>
  );
}
