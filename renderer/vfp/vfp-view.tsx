import { useState, type ReactElement } from 'react';
import { useCall } from '../bridge/use-call';
import { EmptyState, Unreadable } from '../controls/empty-state';
import { EntityLinkButton } from '../controls/links';
import { Segmented } from '../controls/segmented';
import { PasteBox } from '../evidence/paste-box';
import { useSnapshot } from '../stores/case';
import { useSelection } from '../stores/navigation';
import { DataTable } from '../tables/data-table';
import { Pipeline } from './pipeline';
import { firstPort, PortList, usePorts } from './port-list';

type Direction = 'OUT' | 'IN';

/** A port's layers and groups for one direction, and the rules of a group. */
export function VfpView(): ReactElement {
  const { id: snapshotId } = useSnapshot();
  const selection = useSelection();
  const ports = usePorts();
  const [chosen, setChosen] = useState<string | null>(
    selection?.kind === 'vfp-port' ? selection.id : null,
  );
  const [direction, setDirection] = useState<Direction>('OUT');
  const [group, setGroup] = useState<{ readonly port: string; readonly id: string } | null>(null);
  const portId = chosen ?? firstPort(ports.rows)?.ref?.id ?? null;
  const { value, error } = useCall(
    'vfp:pipeline',
    portId === null ? null : { snapshotId, portId, direction },
  );
  if (ports.error !== undefined) return <Unreadable message={ports.error} />;
  if (ports.known && ports.rows.length === 0) {
    return (
      <div className="page-body">
        <EmptyState
          title="No VFP dump here"
          text={ports.empty?.text ?? 'The rules of each port are in vfpOutput.txt.'}
          command={
            ports.empty?.command ??
            '.\\dumpVfpPolicies.ps1 -switchName L2Bridge -outfile vfpOutput.txt'
          }
        >
          <PasteBox what="VFP rules" />
        </EmptyState>
      </div>
    );
  }
  const groups = value?.layers.flatMap((layer) => layer.groups) ?? [];
  const shownGroup =
    groups.find(({ id }) => group?.port === portId && id === group.id) ??
    groups.find(({ tone }) => tone !== 'none') ??
    groups.find(({ ruleCount }) => ruleCount > 0);
  return (
    <div className="page-body fill">
      <div className="vfp-layout grow">
        <PortList
          rows={ports.rows}
          columns={ports.columns}
          total={ports.total}
          shown={portId}
          onShow={setChosen}
        />
        <div className="vfp-main">
          <div className="graph-toolbar">
            <h2>{value?.title ?? ''}</h2>
            {value?.endpoint === undefined ? null : (
              <span>
                <span className="dim">endpoint </span>
                <EntityLinkButton to={value.endpoint} />
              </span>
            )}
            {value?.blocked === true ? <span className="pill warning">blocked</span> : null}
            <span className="push" />
            <Segmented<Direction>
              label="Direction"
              value={direction}
              onChange={setDirection}
              options={[
                { id: 'OUT', title: 'Out of the container' },
                { id: 'IN', title: 'Into the container' },
              ]}
            />
          </div>
          {error === undefined ? null : <Unreadable message={error} />}
          {value === undefined || value === null ? null : (
            <Pipeline
              pipeline={value}
              shownGroup={shownGroup?.id}
              onShowGroup={(id) => setGroup({ port: value.portId, id })}
            />
          )}
          {shownGroup === undefined ? null : (
            <DataTable
              key={shownGroup.id}
              table="vfp-rules"
              title={`Rules of ${shownGroup.name}`}
              scope={`group:${shownGroup.id}`}
              filterWidth={170}
            />
          )}
        </div>
      </div>
    </div>
  );
}
