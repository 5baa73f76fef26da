import type { ReactElement } from 'react';
import type { CaptureInfoView } from '../../shared/ipc/capture-schemas';
import { Disclosure } from '../controls/disclosure';
import { counted } from '../controls/text';
import { CaptureHead } from './capture-head';
import { useCaptureLook } from '../stores/captures';
import { FilterBar } from './filter-bar';
import { FlowTable } from './flow-table';
import { FlowDetail } from './flow-detail';
import { ConvertTraces } from './how-to-capture';
import { TimeStrip } from './time-strip';

/** One capture: its flows picked by a filter and a span of time, the packets of one, one packet. */
export function CaptureBench({
  shown,
  readable,
  others,
}: {
  shown: CaptureInfoView;
  readable: readonly CaptureInfoView[];
  others: readonly CaptureInfoView[];
}): ReactElement {
  const { flow } = useCaptureLook();
  const { file } = shown;
  return (
    <div className="page-body fill captures">
      <CaptureHead shown={shown} readable={readable} />
      {others.length === 0 ? null : (
        <Disclosure title={`${counted(others.length, 'trace')} to convert first`}>
          <ConvertTraces traces={others} />
        </Disclosure>
      )}
      <FilterBar key={file} file={file} />
      <TimeStrip file={file} />
      <FlowTable file={file} />
      {flow === null ? null : <FlowDetail file={file} flow={flow} />}
    </div>
  );
}
