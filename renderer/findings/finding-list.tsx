import { useEffect, useRef, useState, type ReactElement } from 'react';
import { useCall } from '../bridge/use-call';
import { Button } from '../controls/button';
import { EmptyState, Unreadable } from '../controls/empty-state';
import { counted } from '../controls/text';
import { stepCounts } from '../steps/step-counts';
import { useSnapshot } from '../stores/case';
import { goToStep, type StepNumber } from '../stores/navigation';
import { FindingCard } from './finding-card';
import { shownFindings } from './shown-findings';

const shownAtOnce = 50;
const mostFindings = 500;

/** The findings of a step, worst first; a consequence stands under its cause when that is here. */
export function FindingList({
  step,
  focus,
}: {
  step: StepNumber;
  focus: number | undefined;
}): ReactElement {
  const snapshot = useSnapshot();
  const [limit, setLimit] = useState(shownAtOnce);
  const { value, error } = useCall('findings:list', {
    snapshotId: snapshot.id,
    step,
    offset: 0,
    limit,
  });
  // The finding that was asked for may be folded under its cause, or far down the list.
  const asked = useCall('finding:get', focus === undefined ? null : { index: focus });
  const body = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (focus === undefined || value === undefined) return;
    body.current?.querySelector(`[data-finding="${focus}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [focus, value, asked.value]);
  if (error !== undefined) return <Unreadable message={error} />;
  const items = value?.items ?? [];
  const roots = shownFindings(items, asked.value ?? undefined, step);
  return (
    <div className="page-body" ref={body}>
      {value !== undefined && items.length === 0 ? <NoFindings step={step} /> : null}
      {roots.map((finding, index) => (
        <FindingCard
          key={finding.index}
          finding={finding}
          startsOpen={index === 0 || finding.index === focus}
        />
      ))}
      {value !== undefined && value.matching > items.length ? (
        <div>
          <Button isDisabled={limit >= mostFindings} onPress={() => setLimit(limit + shownAtOnce)}>
            {limit >= mostFindings
              ? `${counted(value.matching - items.length, 'more finding')} in the report`
              : `Show more of ${counted(value.matching, 'finding')}`}
          </Button>
        </div>
      ) : null}
    </div>
  );
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
