import type { ReactElement } from 'react';
import { useCall } from '../bridge/use-call';
import { EmptyState, Unreadable } from '../controls/empty-state';
import { StatusMark } from '../controls/status-mark';
import { RuleHelp } from '../findings/rule-help';
import { useSnapshot } from '../stores/case';
import type { StepNumber } from '../stores/navigation';

/** The checks of a step that were made and found nothing, with what they looked at. */
export function PassedList({ step }: { step: StepNumber }): ReactElement {
  const { id } = useSnapshot();
  const { value, error } = useCall('checks:list', {
    snapshotId: id,
    step,
    status: 'passed',
    offset: 0,
    limit: 500,
  });
  if (error !== undefined) return <Unreadable message={error} />;
  return (
    <div className="page-body">
      {value === undefined ? null : value.items.length === 0 ? (
        <EmptyState
          title="No check of this step has passed"
          text="A check passes when its evidence was there and nothing was wrong. See “Not checked” for what is missing."
        />
      ) : (
        <ul className="card check-list" aria-label="Passed checks">
          {value.items.map((check) => (
            <li key={check.ruleId} className="check-row">
              <StatusMark status="ok" label="Passed" />
              <div className="text">
                <div>{check.title}</div>
                <div className="reason selectable">{check.reason}</div>
              </div>
              <RuleHelp ruleId={check.ruleId} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
