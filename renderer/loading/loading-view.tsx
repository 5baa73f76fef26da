import type { ReactElement } from 'react';
import { runCommand } from '../commands/run';
import { Button } from '../controls/button';
import { bytes, number } from '../controls/text';
import { useCase } from '../stores/case';

const phases = [
  { id: 'listing', title: 'Listing' },
  { id: 'reading', title: 'Reading' },
  { id: 'parsing', title: 'Parsing' },
  { id: 'analysing', title: 'Analysing' },
] as const;

/** What is being read and how far, with a way out. */
export function LoadingView(): ReactElement {
  const opening = useCase((state) => state.opening);
  const progress = opening?.progress ?? null;
  const share =
    progress === null || progress.bytesTotal === 0
      ? 0
      : Math.min(1, progress.bytesDone / progress.bytesTotal);
  const name = opening?.name ?? '';
  return (
    <main className="loading" data-region="centre">
      <section className="card" aria-busy="true" aria-labelledby="loading-title">
        <h1 id="loading-title">{name === '' ? 'Opening' : `Opening ${name}`}</h1>
        <ol className="phases" aria-label="Phases">
          {phases.map(({ id, title }) => (
            <li key={id} {...(progress?.phase === id ? { 'aria-current': 'step' } : {})}>
              {title}
            </li>
          ))}
        </ol>
        <div
          className="progress-track"
          role="progressbar"
          aria-label="Progress"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(share * 100)}
        >
          <div className="progress-fill" style={{ width: `${share * 100}%` }} />
        </div>
        <p className="dim progress-file mono">{progress?.file ?? ' '}</p>
        <p className="dim tabular">
          {progress === null
            ? ' '
            : `${number(progress.filesDone)} of ${number(progress.filesTotal)} files · ${bytes(progress.bytesDone)} of ${bytes(progress.bytesTotal)}`}
        </p>
        <div className="buttons">
          <Button onPress={() => runCommand('cancel-opening')}>Cancel</Button>
        </div>
      </section>
    </main>
  );
}
