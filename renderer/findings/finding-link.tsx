import type { ReactElement } from 'react';
import type { FindingView } from '../../shared/ipc/finding-schemas';
import { LinkButton } from '../controls/button';
import { StatusMark, statusWords } from '../controls/status-mark';

/** A finding in one line, as a link to its card. */
export function FindingLink({
  finding,
  onPress,
}: {
  finding: FindingView;
  onPress: () => void;
}): ReactElement {
  return (
    <div className={`finding compact ${finding.severity}`}>
      <div className="title">
        <StatusMark status={finding.severity} label={statusWords[finding.severity]} />
        <div>
          <LinkButton onPress={onPress}>{finding.title}</LinkButton>
          <span className="dim"> · step {finding.step}</span>
        </div>
      </div>
    </div>
  );
}
