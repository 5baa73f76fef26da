import { useEffect, useState, type ReactElement } from 'react';
import type { PacketView } from '../../shared/ipc/capture-schemas';
import { useCall } from '../bridge/use-call';
import { Unreadable } from '../controls/empty-state';
import { StatusMark } from '../controls/status-mark';
import { number } from '../controls/text';
import { useSnapshot } from '../stores/case';
import { look } from '../stores/captures';
import { PacketBytes } from './packet-bytes';
import { PacketTree } from './packet-tree';

/** A range of bytes of a packet: what is marked in its tree and in its bytes. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** One packet: where it was seen, its layers, its bytes. */
export function PacketPane({ file, index }: { file: string; index: number }): ReactElement {
  const { id: snapshotId } = useSnapshot();
  const { value, error } = useCall('captures:packet', { snapshotId, file, index });
  const [marked, setMarked] = useState<ByteRange | null>(null);
  useEffect(() => setMarked(null), [file, index]);
  if (error !== undefined) return <Unreadable message={error} />;
  if (value === undefined || value === null) return <div className="packet-pane" />;
  return (
    <div className="packet-pane">
      <p className="packet-head dim tabular">
        Packet {number(value.index + 1)} · {value.time} UTC · {number(value.originalLength)} bytes
        {value.capturedLength < value.originalLength
          ? `, ${number(value.capturedLength)} captured`
          : ''}
      </p>
      {value.notes.map((note) => (
        <p key={note} className="packet-warning">
          <StatusMark status="warning" size={10} label="Note" /> {note}
        </p>
      ))}
      {value.path.length > 1 ? <PacketPath path={value.path} index={index} /> : null}
      <PacketTree
        key={`${file} ${index}`}
        layers={value.layers}
        marked={marked}
        onMark={setMarked}
      />
      <PacketBytes hex={value.hex} layers={value.layers} marked={marked} onMark={setMarked} />
    </div>
  );
}

/** The appearances of one packet at the components it passed, in order. */
function PacketPath({ path, index }: { path: PacketView['path']; index: number }): ReactElement {
  return (
    <ol className="packet-path" aria-label="Where this packet was seen">
      {path.map((seen) => (
        <li key={seen.index}>
          <button
            type="button"
            className={`button small ${seen.index === index ? 'here' : 'quiet'}`}
            aria-current={seen.index === index}
            title={`${seen.from} to ${seen.to}${seen.tunnel === '' ? '' : ` in ${seen.tunnel}`}`}
            onClick={() => look({ packet: seen.index })}
          >
            {seen.dropped ? <StatusMark status="error" size={9} label="Dropped" /> : null}
            {seen.place === '' ? `packet ${number(seen.index + 1)}` : seen.place}
            {seen.change === '' ? null : <span className="dim">{seen.change}</span>}
          </button>
        </li>
      ))}
    </ol>
  );
}
