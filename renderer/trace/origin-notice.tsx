import type { ReactElement } from 'react';
import type { TraceView } from '../../shared/ipc/trace-schemas';
import { StatusMark } from '../controls/status-mark';
import { LinkButton } from '../controls/button';
import { goToStep } from '../stores/navigation';
import type { TraceOrigin } from '../stores/trace';

/** What step 7 said of this packet's path, and whether the trace says the same. */
export function OriginNotice({
  origin,
  trace,
}: {
  origin: TraceOrigin;
  trace: TraceView;
}): ReactElement {
  const marked = trace.columns.some(({ stops }) => stops.some(({ remarks }) => remarks.length > 0));
  const agrees = trace.tone === 'error';
  const says = agrees
    ? 'The trace says the same: this packet is lost.'
    : trace.tone === 'not-checked'
      ? 'The trace cannot tell: what decides is not in the case.'
      : marked
        ? 'This packet arrives all the same; what step 7 means is marked at its stop below.'
        : 'The trace says otherwise: this packet arrives. The two look at different files: believe neither before the lines of both.';
  return (
    <div className="notice">
      <StatusMark status={agrees ? 'error' : 'warning'} />
      <p>
        <LinkButton onPress={() => goToStep(7, 'view')}>Step 7</LinkButton> calls “{origin.path}”
        broken at “{origin.link}”: {origin.detail}. {says}
      </p>
    </div>
  );
}
