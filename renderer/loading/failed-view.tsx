import type { ReactElement } from 'react';
import { runCommand } from '../commands/run';
import { Button } from '../controls/button';
import { StatusMark } from '../controls/status-mark';
import { useCase } from '../stores/case';

/** What could not be opened, why, and what to do instead. */
export function FailedView(): ReactElement {
  const failure = useCase((state) => state.failure);
  const summary = useCase((state) => state.summary);
  return (
    <main className="loading" data-region="centre">
      <section className="card" role="alert">
        <h1>
          <StatusMark status="error" size={14} />{' '}
          {failure === null || failure.name === ''
            ? 'This could not be opened'
            : `${failure.name} could not be opened`}
        </h1>
        <p className="selectable">{failure?.message}</p>
        <p className="dim">
          A bundle is the folder that collectlogs.ps1 made on a Windows node, or a .zip, .tar or
          .tar.gz of it. If an archive is damaged, copy it from the node again. One file of a bundle
          can be opened by itself, too.
        </p>
        <div className="buttons">
          <Button look="primary" onPress={() => runCommand('open-folder')}>
            Open folder…
          </Button>
          <Button onPress={() => runCommand('open-file')}>Open file…</Button>
          <Button look="quiet" onPress={() => useCase.setState({ failure: null })}>
            {summary === null ? 'Back to start' : `Back to ${summary.title}`}
          </Button>
        </div>
      </section>
    </main>
  );
}
