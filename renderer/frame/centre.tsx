import type { ReactElement } from 'react';
import { BalancersView } from '../balancers/balancers-view';
import { FilesView } from '../files/files-view';
import { LearnView } from '../learn/learn-view';
import { NodesView } from '../live/nodes-view';
import { StepPage } from '../steps/step-page';
import { usePlace } from '../stores/navigation';
import { TablesPage } from '../tables/tables-page';
import { VfpPage } from '../vfp/vfp-page';

/** The page of the place where one is. */
export function Centre(): ReactElement {
  const place = usePlace();
  return (
    <main data-region="centre" aria-label="Content">
      {place.kind === 'step' ? (
        <StepPage key={place.step} step={place.step} tab={place.tab} finding={place.finding} />
      ) : null}
      {place.kind === 'files' ? <FilesView /> : null}
      {place.kind === 'balancers' ? <BalancersView /> : null}
      {place.kind === 'vfp' ? <VfpPage /> : null}
      {place.kind === 'tables' ? <TablesPage table={place.table} /> : null}
      {place.kind === 'nodes' ? <NodesView /> : null}
      {place.kind === 'learn' ? <LearnView /> : null}
    </main>
  );
}
