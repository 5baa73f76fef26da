import type { ReactElement } from 'react';
import { PageHead } from '../frame/page-head';
import { VfpView } from './vfp-view';

/** VFP by itself, beside the same view in step 6. */
export function VfpPage(): ReactElement {
  return (
    <>
      <PageHead title="VFP">
        The rules that forward packets, port by port: layers in the order a packet passes them, the
        groups of each, and their rules.
      </PageHead>
      <VfpView />
    </>
  );
}
