import type { ReactElement } from 'react';
import type { CapturePlan } from '../../shared/ipc/live-capture-schemas';
import { Disclosure } from '../controls/disclosure';
import { RunsPart as Part } from './runs-part';

/** What a capture changes on the node, and all that will run there. */
export function CapturePlanView({
  plan,
  where,
}: {
  plan: CapturePlan;
  where: string;
}): ReactElement {
  return (
    <>
      <h3>What it changes on {where}</h3>
      <ul className="capture-changes">
        {plan.changes.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <Script title="What runs to start it, byte for byte" runs={plan.start} />
      <Script title="What runs to stop, fetch and remove it, byte for byte" runs={plan.fetch} />
    </>
  );
}

function Script({ title, runs }: { title: string; runs: CapturePlan['start'] }): ReactElement {
  return (
    <Disclosure title={title}>
      <Part title="Command line" text={runs.command} look="short" />
      <Part title="Parameters, on standard input" text={runs.parameters} look="short" />
      <Part title="Bootstrap: what the encoded command says" text={runs.bootstrap} />
      <Part title={`Script, SHA-256 ${runs.sha256}`} text={runs.script} look="long" />
    </Disclosure>
  );
}
