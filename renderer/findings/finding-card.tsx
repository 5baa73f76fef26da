import type { ReactElement } from 'react';
import type { FindingView } from '../../shared/ipc/finding-schemas';
import { Disclosure } from '../controls/disclosure';
import { EntityLinks, EvidenceChips } from '../controls/links';
import { StatusMark, statusWords } from '../controls/status-mark';
import { Consequences, RootCause } from './related-findings';
import { ExcerptLines } from './excerpt';
import { References } from './references';
import { Remedies } from './remedies';
import { RuleHelp } from './rule-help';

const mostEntities = 8;

/** One finding: what is wrong, why, where it is written, what to do. */
export function FindingCard({
  finding,
  startsOpen,
  look = 'full',
}: {
  finding: FindingView;
  /** Shows its first excerpt at once; others fold it. */
  startsOpen: boolean;
  look?: 'full' | 'inspector';
}): ReactElement {
  const [first, ...rest] = finding.evidence;
  const titleId = `finding-${look}-${finding.index}`;
  return (
    <article
      className={`finding ${finding.severity}`}
      data-finding={finding.index}
      aria-labelledby={titleId}
    >
      <div className="title">
        <StatusMark status={finding.severity} size={13} label={statusWords[finding.severity]} />
        <h2 id={titleId}>{finding.title}</h2>
      </div>
      <RootCause finding={finding} />
      <p>{finding.summary}</p>
      {finding.cause === '' || finding.cause === finding.summary ? null : (
        <p>
          <span className="dim">Why: </span>
          {finding.cause}
        </p>
      )}
      {finding.entities.length === 0 ? null : (
        <div className="line">
          <span className="dim">Concerns</span>
          <EntityLinks to={finding.entities.slice(0, mostEntities)} />
          {finding.entities.length > mostEntities ? (
            <span className="dim">and {finding.entities.length - mostEntities} more</span>
          ) : null}
        </div>
      )}
      {look === 'inspector' || first === undefined ? (
        <EvidenceChips of={finding.evidence} />
      ) : (
        <>
          {startsOpen ? (
            <ExcerptLines excerpt={first} />
          ) : (
            <Disclosure title="Show the lines">
              <ExcerptLines excerpt={first} />
            </Disclosure>
          )}
          <EvidenceChips of={startsOpen ? rest : finding.evidence} />
        </>
      )}
      <Remedies remedies={finding.remedy} />
      <Consequences finding={finding} />
      <div className="foot">
        <References urls={finding.references} />
        <RuleHelp ruleId={finding.ruleId} />
      </div>
    </article>
  );
}
