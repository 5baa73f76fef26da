import { useState, type ReactElement } from 'react';
import { useCall } from '../bridge/use-call';
import { EmptyState, Unreadable } from '../controls/empty-state';
import { FilterField } from '../controls/filter-field';
import { SegmentedMany } from '../controls/segmented';
import { PasteBox } from '../evidence/paste-box';
import { useSnapshot } from '../stores/case';
import { useLive } from '../live/live-store';
import { FollowedLog } from './followed-log';
import { LogEntries } from './log-entries';
import { logLevels, type LogLevel } from './log-levels';
import { LogFiles } from './log-files';
import { TimeField } from './time-field';

export interface LogFilter {
  readonly components: readonly string[];
  readonly levels: readonly LogLevel[];
  readonly text: string;
  readonly from: number | null;
  readonly to: number | null;
}

/** All component logs as one, in order of time; filtered by component, level, time and text. */
export function LogViewer(): ReactElement {
  const { id: snapshotId, live } = useSnapshot();
  const followed = useLive((state) =>
    live === undefined ? undefined : state.followings.get(live.key),
  );
  const { value, error } = useCall('logs:summary', { snapshotId });
  const [filter, setFilter] = useState<LogFilter>({
    components: [],
    levels: [],
    text: '',
    from: null,
    to: null,
  });
  if (error !== undefined) return <Unreadable message={error} />;
  if (value === undefined) return <div className="page-body" />;
  if (value.files.length === 0) {
    return (
      <div className="page-body">
        <EmptyState
          title="No component logs here"
          text="A CollectLogs folder does not hold them. Copy the logs of kubelet, kube-proxy and flanneld from the node and drop them anywhere on this window."
          command="Get-Content C:\k\kubeproxy.err.log -Tail 5000"
        >
          <PasteBox what="component logs" />
        </EmptyState>
      </div>
    );
  }
  const components = [...new Set(value.files.map(({ component }) => component))].sort();
  const shownLevels = filter.levels.filter((level) => level !== 'fatal' && level !== 'unknown');
  if (followed !== undefined)
    return (
      <div className="page-body fill follows">
        <LogFiles files={value.files} />
        <FollowedLog key={followed.state.startedAt} following={followed} />
      </div>
    );
  return (
    <div className="page-body fill">
      <LogFiles files={value.files} />
      <div className="table-toolbar">
        <SegmentedMany
          label="Components"
          options={components.map((id) => ({ id, title: id }))}
          value={filter.components}
          onChange={(chosen) => setFilter({ ...filter, components: chosen })}
        />
        <SegmentedMany
          label="Levels"
          options={logLevels}
          value={shownLevels}
          onChange={(chosen) =>
            setFilter({
              ...filter,
              // A fatal line is an error to whoever looks for errors.
              levels: chosen.includes('error') ? [...chosen, 'fatal'] : chosen,
            })
          }
        />
        <TimeField
          label="From"
          value={filter.from}
          onChange={(from) => setFilter({ ...filter, from })}
        />
        <TimeField label="To" value={filter.to} onChange={(to) => setFilter({ ...filter, to })} />
        <span className="push" />
        <FilterField
          label="Filter logs"
          width={110}
          value={filter.text}
          onChange={(text) => setFilter({ ...filter, text })}
        />
      </div>
      <LogEntries snapshotId={snapshotId} filter={filter} />
    </div>
  );
}
