import { useEffect, useState, type ReactElement } from 'react';
import type { FindingView } from '../../shared/ipc/finding-schemas';
import { call } from '../bridge/call';
import { useCall } from '../bridge/use-call';
import { LinkButton } from '../controls/button';
import { Disclosure } from '../controls/disclosure';
import { counted } from '../controls/text';
import { goToFinding } from '../stores/navigation';
import { FindingLink } from './finding-link';

const mostShown = 50;

/** A line that names the finding which explains this one. */
export function RootCause({ finding }: { finding: FindingView }): ReactElement | null {
  const { value } = useCall(
    'finding:get',
    finding.causedBy === null ? null : { index: finding.causedBy },
  );
  if (value === undefined || value === null) return null;
  return (
    <p className="dim">
      Explained by <LinkButton onPress={() => goToFinding(value)}>{value.title}</LinkButton> (step{' '}
      {value.step})
    </p>
  );
}

/** What this finding explains, folded. */
export function Consequences({ finding }: { finding: FindingView }): ReactElement | null {
  const { consequences } = finding;
  if (consequences.length === 0) return null;
  return (
    <Disclosure title={`Explains ${counted(consequences.length, 'more finding')}`}>
      <ConsequenceList indexes={consequences.slice(0, mostShown)} />
    </Disclosure>
  );
}

function ConsequenceList({ indexes }: { indexes: readonly number[] }): ReactElement {
  const [findings, setFindings] = useState<readonly FindingView[]>([]);
  const key = indexes.join();
  useEffect(() => {
    let current = true;
    void Promise.all(
      key.split(',').map((index) => call('finding:get', { index: Number(index) })),
    ).then(
      (all) => {
        if (current) setFindings(all.filter((each) => each !== null));
      },
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [key]);
  return (
    <div className="consequences">
      {findings.map((each) => (
        <FindingLink key={each.index} finding={each} onPress={() => goToFinding(each)} />
      ))}
    </div>
  );
}
