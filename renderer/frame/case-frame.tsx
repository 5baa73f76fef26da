import type { ReactElement } from 'react';
import { InspectorPane } from '../inspector/inspector-pane';
import { NodesScreen } from '../live/nodes-screen';
import { RawDrawer } from '../raw/raw-drawer';
import { currentSnapshot, useCase } from '../stores/case';
import { useDrawer } from '../stores/drawer';
import { inspectorShown, useLayout } from '../stores/layout';
import { usePlace, useSelection } from '../stores/navigation';
import { Centre } from './centre';
import { NoSnapshot } from './no-snapshot';
import { Rail } from './rail';
import { Splitter } from './splitter';

/** What is open: rail, centre with the raw drawer below, inspector. */
export function CaseFrame(): ReactElement {
  const nodesShown = usePlace().kind === 'nodes';
  const snapshotId = useCase((state) => currentSnapshot(state)?.id);
  const { railWidth, inspectorWidth, drawerHeight } = useLayout((state) => state.settings);
  const change = useLayout((state) => state.change);
  const narrow = useLayout((state) => state.narrow);
  const closeInspector = useLayout((state) => state.closeInspector);
  const inspector = useLayout(inspectorShown);
  const selection = useSelection();
  const rawOpen = useDrawer((state) => state.target !== null);
  if (snapshotId === undefined) return nodesShown ? <NodesScreen /> : <NoSnapshot />;
  return (
    <>
      <Rail />
      <Splitter
        label="Width of the rail"
        value={railWidth}
        min={220}
        max={420}
        grows="right"
        onChange={(width) => change({ railWidth: width })}
      />
      <div
        className="centre"
        onPointerDown={() => {
          if (narrow && inspector) closeInspector();
        }}
      >
        <Centre />
        {rawOpen ? (
          <>
            <Splitter
              label="Height of the raw file"
              value={drawerHeight}
              min={120}
              max={620}
              grows="up"
              onChange={(height) => change({ drawerHeight: height })}
            />
            <RawDrawer height={drawerHeight} />
          </>
        ) : null}
      </div>
      {inspector && selection !== null ? (
        <>
          {narrow ? null : (
            <Splitter
              label="Width of the inspector"
              value={inspectorWidth}
              min={280}
              max={560}
              grows="left"
              onChange={(width) => change({ inspectorWidth: width })}
            />
          )}
          <InspectorPane selection={selection} width={inspectorWidth} floating={narrow} />
        </>
      ) : null}
    </>
  );
}
