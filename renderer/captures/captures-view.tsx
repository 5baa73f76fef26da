import type { ReactElement } from 'react';
import { useCall } from '../bridge/use-call';
import { Unreadable } from '../controls/empty-state';
import { useSnapshot } from '../stores/case';
import { CaptureBench } from './capture-bench';
import { ConvertTraces, HowToCapture, NoCaptures } from './how-to-capture';
import { CaptureOnNode } from '../live/capture-button';
import { useCaptureLook } from '../stores/captures';

/** The captures that were brought along; if none can be read, how to make one. */
export function CapturesView(): ReactElement {
  const { id: snapshotId } = useSnapshot();
  const { value, error } = useCall('captures:list', { snapshotId });
  const { file } = useCaptureLook();
  if (error !== undefined) return <Unreadable message={error} />;
  if (value === undefined) return <div className="page-body" />;
  const readable = value.captures.filter(({ read }) => read !== null);
  const others = value.captures.filter(({ read }) => read === null);
  // A name as its bundle has it will do: among several nodes there is more before it.
  const shown =
    readable.find((capture) => capture.file === file) ??
    readable.find((capture) => file !== null && capture.file.endsWith(`/${file}`)) ??
    readable[0];
  if (shown !== undefined)
    return <CaptureBench shown={shown} readable={readable} others={others} />;
  return (
    <div className="page-body">
      {others.length === 0 ? (
        <NoCaptures />
      ) : (
        <>
          <CaptureOnNode />
          <ConvertTraces traces={others} />
        </>
      )}
      {others.length === 0 ? <HowToCapture /> : null}
    </div>
  );
}
