import type { ReactElement } from 'react';
import { runCommand } from '../commands/run';
import { Button } from '../controls/button';
import { EmptyState } from '../controls/empty-state';
import { counted } from '../controls/text';
import { useCase } from '../stores/case';

/** Something is open, but no node is in it. */
export function NoSnapshot(): ReactElement {
  const summary = useCase((state) => state.summary);
  const rejected = summary?.rejected.length ?? 0;
  return (
    <main className="loading" data-region="centre">
      <section className="card">
        <EmptyState
          title="No Windows node was found in what was opened"
          text={
            (summary?.clusterFiles.length ?? 0) > 0
              ? 'Only cluster-wide evidence is here. Add the folder that collectlogs.ps1 made on a node.'
              : 'Open the folder or zip that collectlogs.ps1 made on a Windows node.'
          }
        />
        <div className="buttons">
          <Button look="primary" onPress={() => runCommand('open-folder')}>
            Open folder…
          </Button>
          <Button onPress={() => runCommand('nodes')}>Nodes</Button>
          <Button onPress={() => runCommand('add-evidence')}>Add evidence…</Button>
          {rejected === 0 ? null : (
            <Button onPress={() => runCommand('show-rejected')}>
              Show {counted(rejected, 'refused entry')}
            </Button>
          )}
        </div>
      </section>
    </main>
  );
}
