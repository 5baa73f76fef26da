import type { ReactElement } from 'react';
import type { ActionPlan } from '../../shared/ipc/live-action-schemas';
import { Disclosure } from '../controls/disclosure';
import { counted } from '../controls/text';
import { RunsPart as Part } from './runs-part';

/** What will run, all of it, and what it disturbs. */
export function PlanView({
  plan,
  where,
  short,
}: {
  plan: ActionPlan;
  where: string;
  short: boolean;
}): ReactElement {
  return (
    <>
      {short ? null : plan.about.map((sentence) => <p key={sentence}>{sentence}</p>)}
      <dl className="facts">
        <dt>Runs on</dt>
        <dd>{where}</dd>
        <dt>Disturbs</dt>
        <dd>{plan.disturbs}</dd>
        {plan.sections.length === 0 ? null : (
          <>
            <dt>Sections</dt>
            <dd>{plan.sections.join(', ')}</dd>
          </>
        )}
        <dt>Stops after</dt>
        <dd>
          {plan.seconds % 60 === 0 ? counted(plan.seconds / 60, 'minute') : `${plan.seconds} s`}
        </dd>
      </dl>
      {plan.programs.length === 0 ? null : (
        <Part title="Programs, one after another" text={plan.programs.join('\n')} />
      )}
      <Part title="Command line" text={plan.command} look="short" />
      <Part title="Parameters, on standard input" text={plan.parameters} look="short" />
      <Disclosure title="Bootstrap and script, byte for byte">
        <Part title="Bootstrap: what the encoded command says" text={plan.bootstrap} />
        <Part title={`Script, SHA-256 ${plan.sha256}`} text={plan.script} look="long" />
      </Disclosure>
    </>
  );
}
