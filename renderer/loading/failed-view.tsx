import type { ReactElement } from 'react';
import { runCommand } from '../commands/run';
import { Button } from '../controls/button';
import { StatusMark } from '../controls/status-mark';
import { useCase } from '../stores/case';

const longest = 200;
const mostParts = 6;

/** A name inside a damaged archive may be any bytes, and as long as it likes. */
function readable(message: string): string {
  const clean = message.replace(/[\p{C}\uFFFD]+/gu, '·');
  return clean.length > longest ? `${clean.slice(0, longest)}…` : clean;
}

/** The message: what is wrong, then entry by entry. */
function FailureText({ message }: { message: string }): ReactElement {
  const [first = '', ...rest] = message.split('; ').map(readable);
  return (
    <div className="selectable failure-text">
      <p>{first}</p>
      <ul>
        {rest.slice(0, mostParts).map((part, index) => (
          <li key={index} className="dim">
            {part}
          </li>
        ))}
      </ul>
      {rest.length > mostParts ? <p className="dim">and {rest.length - mostParts} more</p> : null}
    </div>
  );
}

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
        <FailureText message={failure?.message ?? ''} />
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
