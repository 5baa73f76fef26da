import type { ReactElement } from 'react';
import { SymptomPaths } from '../chains/symptom-paths';
import { CniDocuments } from '../cni/cni-documents';
import { LogViewer } from '../logs/log-viewer';
import { DataTable } from '../tables/data-table';
import { ObjectTables } from '../tables/object-tables';
import { VfpView } from '../vfp/vfp-view';
import type { StepNumber } from '../stores/navigation';
import { PacketsView } from './packets-view';

/** The own view of a step. */
export function StepView({ step, view }: { step: StepNumber; view: string }): ReactElement {
  switch (step) {
    case 1:
      return view === 'node' ? (
        <OneTable table="node-facts" title="Versions and settings" />
      ) : (
        <TwoTables
          tables={['processes', 'windows-services']}
          titles={['Processes', 'Windows services']}
        />
      );
    case 2:
      return (
        <TwoTables tables={['tests', 'dns-lookups']} titles={['Test results', 'DNS lookups']} />
      );
    case 3:
      return <TwoTables tables={['events', 'pods']} titles={['Events', 'Pods']} />;
    case 4:
      return view === 'windows' ? (
        <OneTable table="windows-events" title="Windows events" />
      ) : (
        <LogViewer />
      );
    case 5:
      return <CniDocuments />;
    case 6:
      return view === 'vfp' ? <VfpView /> : <ObjectTables />;
    case 7:
      return <SymptomPaths />;
    case 8:
      return <PacketsView view={view} />;
  }
}

function OneTable({
  table,
  title,
}: {
  table: Parameters<typeof DataTable>[0]['table'];
  title: string;
}): ReactElement {
  return (
    <div className="page-body fill">
      <DataTable table={table} title={title} />
    </div>
  );
}

function TwoTables<T extends Parameters<typeof DataTable>[0]['table']>({
  tables,
  titles,
}: {
  tables: readonly [T, T];
  titles: readonly [string, string];
}): ReactElement {
  return (
    <div className="page-body fill two-tables">
      <DataTable table={tables[0]} title={titles[0]} />
      <DataTable table={tables[1]} title={titles[1]} />
    </div>
  );
}
