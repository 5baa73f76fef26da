import type { ReactElement } from 'react';
import { useCall } from '../bridge/use-call';
import { PageHead } from '../frame/page-head';
import { useSnapshot } from '../stores/case';
import { useSelection } from '../stores/navigation';
import { DataTable } from '../tables/data-table';

/** VIP, port and protocol to backends; below, the backends of the one that is selected, else of the first. */
export function BalancersView(): ReactElement {
  const { id: snapshotId } = useSnapshot();
  const selection = useSelection();
  // What is broken stands first.
  const { value } = useCall('table:page', {
    snapshotId,
    table: 'load-balancers',
    filter: '',
    sort: null,
    offset: 0,
    limit: 1,
  });
  const chosen = selection?.kind === 'load-balancer' ? selection : value?.rows[0]?.ref;
  return (
    <>
      <PageHead title="Load balancers">
        What kube-proxy asked HNS for: which VIP and port lead to which backends. Select one to see
        whether each backend exists, and on how many VFP ports its rule is.
      </PageHead>
      <div className="page-body fill two-tables">
        <DataTable table="load-balancers" title="Load balancers" />
        {chosen === undefined ? null : (
          <DataTable
            key={chosen.id}
            table="lb-backends"
            title={`Backends of ${chosen.name}`}
            scope={chosen.id}
          />
        )}
      </div>
    </>
  );
}
