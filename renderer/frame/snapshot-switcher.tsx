import type { ReactElement } from 'react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import type { SnapshotSummary } from '../../shared/ipc/case-schemas';
import { Icon } from '../controls/icons';
import { StatusMark } from '../controls/status-mark';
import { counted, minute } from '../controls/text';
import { useCase, useSnapshot } from '../stores/case';
import { showSnapshot } from '../stores/case-actions';

const timeOf = (snapshot: SnapshotSummary): string =>
  snapshot.collectedAt === undefined ? 'time unknown' : minute(snapshot.collectedAt);

/** Whether all of it came, where that can be told. */
function collectionWord({ live, incomplete }: SnapshotSummary): string | undefined {
  if (live?.running === true) return 'still being collected';
  return incomplete === undefined ? undefined : 'incomplete';
}

function CollectionMark({ snapshot }: { snapshot: SnapshotSummary }): ReactElement | null {
  const word = collectionWord(snapshot);
  if (word === undefined) return null;
  const running = snapshot.live?.running === true;
  return <StatusMark status={running ? 'info' : 'warning'} size={11} label={word} />;
}

/** When the snapshot on screen was collected; a list in order of time when there are several. */
export function SnapshotSwitcher(): ReactElement {
  const summary = useCase((state) => state.summary);
  const shown = useSnapshot();
  const snapshots = summary?.nodes.find((node) => node.name === shown.node)?.snapshots ?? [];
  return (
    <div className="switcher">
      <MenuTrigger>
        <Button className="button" aria-label={`Snapshot ${timeOf(shown)}`}>
          <CollectionMark snapshot={shown} />
          <span className="value tabular">{timeOf(shown)}</span>
          <Icon name="down" size={11} />
        </Button>
        <Popover className="popover" placement="bottom start" offset={4}>
          <Menu
            className="menu"
            aria-label="Snapshots"
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[shown.id]}
            onAction={(id) => void showSnapshot(String(id), { anew: false })}
          >
            {snapshots.map((snapshot) => (
              <MenuItem
                key={snapshot.id}
                id={snapshot.id}
                textValue={timeOf(snapshot)}
                className="menu-item"
              >
                <CollectionMark snapshot={snapshot} />
                <span>
                  {timeOf(snapshot)}
                  <span className="line-2">
                    {[
                      collectionWord(snapshot),
                      snapshot.collector,
                      snapshot.collectedAtSource,
                      counted(snapshot.counts.files, 'file'),
                    ]
                      .filter((each) => each !== undefined)
                      .join(' · ')}
                  </span>
                </span>
              </MenuItem>
            ))}
          </Menu>
        </Popover>
      </MenuTrigger>
    </div>
  );
}
