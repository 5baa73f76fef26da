import type { FileInfo } from '../../shared/ipc/schemas';
import { useCall } from '../bridge/use-call';
import { useSnapshot } from '../stores/case';

const captureFile = /\.(etl|pcap|pcapng|cap)$/i;

/** The packet captures that were brought along; undefined while that is not known yet. */
export function useCaptures(): readonly FileInfo[] | undefined {
  const { id: snapshotId } = useSnapshot();
  const { value } = useCall('files:list', { snapshotId, filter: '', offset: 0, limit: 2000 });
  return value?.items.filter(
    ({ name, kinds }) => captureFile.test(name) || kinds.some((kind) => kind.includes('capture')),
  );
}
