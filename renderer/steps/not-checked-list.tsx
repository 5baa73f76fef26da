import type { ReactElement } from 'react';
import type { CheckView } from '../../shared/ipc/finding-schemas';
import { useCall } from '../bridge/use-call';
import { CommandLine } from '../controls/command-line';
import { Disclosure } from '../controls/disclosure';
import { EmptyState, Unreadable } from '../controls/empty-state';
import { StatusMark } from '../controls/status-mark';
import { counted } from '../controls/text';
import { PasteBox } from '../evidence/paste-box';
import { RuleHelp } from '../findings/rule-help';
import { useSnapshot } from '../stores/case';
import type { StepNumber } from '../stores/navigation';
import { groupByMissing } from './group-by-missing';

const places = {
  node: 'on the node',
  cluster: 'where kubectl works',
  'another-node': 'on another node',
} as const;

/** The checks of a step that could not be made: what is missing, and a box to put it into. */
export function NotCheckedList({ step }: { step: StepNumber }): ReactElement {
  const { id } = useSnapshot();
  const { value, error } = useCall('checks:list', {
    snapshotId: id,
    step,
    status: 'not-checked',
    offset: 0,
    limit: 500,
  });
  if (error !== undefined) return <Unreadable message={error} />;
  if (value === undefined) return <div className="page-body" />;
  const applies = value.items.filter(({ because }) => because !== 'does-not-apply');
  const others = value.items.filter(({ because }) => because === 'does-not-apply');
  const groups = groupByMissing(applies);
  return (
    <div className="page-body">
      {applies.length === 0 ? (
        <EmptyState
          title="Every check of this step that applies was made"
          text="When a check needs a file that is not here, it stands here with the command that makes it."
        />
      ) : null}
      {groups.map((checks) => (
        <NotCheckedCard key={checks.map(({ ruleId }) => ruleId).join()} checks={checks} />
      ))}
      {others.length === 0 ? null : (
        <Disclosure
          title={`${counted(others.length, 'check')} that ${others.length === 1 ? 'does' : 'do'} not apply to this node`}
        >
          <ul className="card check-list">
            {others.map((check) => (
              <li key={check.ruleId} className="check-row">
                <div className="text">
                  <div>{check.title}</div>
                  <div className="reason">{check.reason}</div>
                </div>
                <RuleHelp ruleId={check.ruleId} />
              </li>
            ))}
          </ul>
        </Disclosure>
      )}
    </div>
  );
}

/** A reason that only names what is needed is said below, with the command. */
const saysMore = ({ reason, missing }: CheckView): boolean =>
  missing.length === 0 || !reason.startsWith('Needs ');

function NotCheckedCard({ checks }: { checks: readonly CheckView[] }): ReactElement {
  const [first] = checks;
  const missing = first?.missing ?? [];
  return (
    <section className="not-checked-card" aria-label={checks.map(({ title }) => title).join('; ')}>
      {checks.map((check) => (
        <div key={check.ruleId} className="head">
          <StatusMark status="not-checked" label="Not checked" />
          <div className="grow">
            <h2>{check.title}</h2>
            {saysMore(check) ? <p className="dim">{check.reason}</p> : null}
          </div>
          <RuleHelp ruleId={check.ruleId} />
        </div>
      ))}
      {missing.map((each) => (
        <div key={each.command} className="missing">
          <p>
            Needs {each.what}. Run {places[each.where]}:
          </p>
          <CommandLine command={each.command} />
        </div>
      ))}
      {missing.length === 0 ? null : <PasteBox what={missing.map(({ what }) => what).join(', ')} />}
    </section>
  );
}
