import type { ReactElement } from 'react';
import { LinkButton } from '../controls/button';
import { hideNodes } from './live-actions';
import { NodesView } from './nodes-view';

/** The list of nodes as long as nothing is open. */
export function NodesScreen(): ReactElement {
  return (
    <main className="nodes-screen" data-region="centre" aria-label="Nodes">
      <p className="way-back">
        <LinkButton onPress={hideNodes}>Back to the start</LinkButton>
      </p>
      <NodesView />
    </main>
  );
}
