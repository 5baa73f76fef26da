import type { ReactElement } from 'react';
import { PageHead } from '../frame/page-head';
import { useSelection } from '../stores/navigation';
import { DataTable } from '../tables/data-table';

/** VIP, port and protocol to backends; below, the backends of the one that is selected. */
export function BalancersView(): ReactElement {
  const selection = useSelection();
  const chosen = selection?.kind === 'load-balancer' ? selection : null;
  return (
    <>
      <PageHead title="Load balancers">
        What kube-proxy asked HNS for: which VIP and port lead to which backends. Select one to see
        whether each backend exists, and on how many VFP ports its rule is.
      </PageHead>
      <div className="page-body fill two-tables">
        <DataTable table="load-balancers" title="Load balancers" />
        {chosen === null ? null : (
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
