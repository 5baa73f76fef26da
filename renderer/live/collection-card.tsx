import type { ReactElement } from 'react';
import type { Collection } from '../../shared/ipc/live-schemas';
import { call } from '../bridge/call';
import { Button, IconButton } from '../controls/button';
import { Disclosure } from '../controls/disclosure';
import { Icon } from '../controls/icons';
import { StatusMark, type Status } from '../controls/status-mark';
import { bytes, counted } from '../controls/text';
import { collectFrom, saveBundle, trying } from './live-actions';
import { isRunning } from './live-store';
import { SectionTable } from './section-table';
import { minutes, useSeconds } from './use-seconds';

const states: Readonly<Record<Collection['state'], { status: Status; word: string }>> = {
  waiting: { status: 'not-checked', word: 'Waiting' },
  connecting: { status: 'info', word: 'Connecting' },
  collecting: { status: 'info', word: 'Collecting' },
  complete: { status: 'ok', word: 'Collected' },
  incomplete: { status: 'warning', word: 'Incomplete' },
  failed: { status: 'error', word: 'Not collected' },
  cancelled: { status: 'not-checked', word: 'Cancelled' },
};

/** One reading of one node: how far it is, what is missing, and what can be done about it. */
export function CollectionCard({ collection }: { collection: Collection }): ReactElement {
  const { id, name, address, state, failure, notes, troubles } = collection;
  const { status, word } = states[state];
  const running = isRunning(collection);
  return (
    <article className="card collection" aria-label={`${name}: ${word}`}>
      <header>
        <StatusMark status={status} size={13} />
        <h2>{name}</h2>
        <span className="dim mono cut">{address}</span>
        <span className="push tabular">
          <Amount collection={collection} />
        </span>
        <Actions collection={collection} />
      </header>
      {running ? <Bar collection={collection} /> : null}
      <p className={failure === null ? 'dim' : ''} role={failure === null ? undefined : 'alert'}>
        <strong>{word}</strong>
        {running && collection.at !== '' ? `: ${collection.at}` : null}
        {!running && failure === null && troubles > 0
          ? `: ${counted(troubles, 'section')} did not come whole`
          : null}
      </p>
      {collection.watching ? (
        <p className="dim">Its cluster is watched: what changes there is read anew.</p>
      ) : null}
      {failure === null ? null : <p className="failure-text selectable">{failure.message}</p>}
      {notes.map((note) => (
        <p key={note} className="dim failure-text selectable">
          {note}
        </p>
      ))}
      {collection.sectionsDone === 0 ? null : (
        <Disclosure title={`${counted(collection.sectionsDone, 'section')}`}>
          <SectionTable id={id} news={`${collection.files} ${collection.bytes} ${state}`} />
        </Disclosure>
      )}
    </article>
  );
}

/** How much has come, and since when. */
function Amount({ collection }: { collection: Collection }): ReactElement {
  const { sectionsDone, sectionsTotal, startedAt, endedAt } = collection;
  const now = useSeconds(startedAt !== null && endedAt === null);
  const seconds = startedAt === null ? 0 : Math.round(((endedAt ?? now) - startedAt) / 1000);
  const sections = isRunning(collection)
    ? `${sectionsDone} of ${sectionsTotal} sections`
    : counted(sectionsDone, 'section');
  return (
    <>
      {sections} · {bytes(collection.bytes)} · {clock(Math.max(0, seconds))}
    </>
  );
}

const clock = (seconds: number): string =>
  seconds < 60 ? `${seconds} s` : `${minutes(seconds)} min`;

function Bar({ collection }: { collection: Collection }): ReactElement {
  const { sectionsDone, sectionsTotal, name } = collection;
  const share = sectionsTotal === 0 ? 0 : Math.round((sectionsDone / sectionsTotal) * 100);
  return (
    <div
      className="progress-track"
      role="progressbar"
      aria-label={`Sections of ${name}`}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share}
    >
      <div className="progress-fill" style={{ width: `${share}%` }} />
    </div>
  );
}

function Actions({ collection }: { collection: Collection }): ReactElement {
  const { id, name, state, connectionId } = collection;
  const ask = (channel: 'live:cancel' | 'live:retry' | 'live:dismiss' | 'live:add-to-case') => () =>
    void trying(() => call(channel, { id }));
  if (isRunning(collection))
    return (
      <Button look="small" label={`Cancel ${name}`} onPress={ask('live:cancel')}>
        Cancel
      </Button>
    );
  const some = collection.files > 0;
  return (
    <>
      {state === 'complete' ? null : (
        <Button look="small" label={`Retry ${name}`} onPress={ask('live:retry')}>
          {some ? 'Retry what is missing' : 'Try again'}
        </Button>
      )}
      {some ? (
        <>
          <Button
            look="small"
            label={`Collect ${name} again`}
            onPress={() => void collectFrom([connectionId])}
          >
            Re-collect
          </Button>
          <Button look="small" label={`Save ${name} as bundle`} onPress={() => void saveBundle(id)}>
            Save as bundle…
          </Button>
          {collection.inCase ? null : (
            <Button look="small" label={`Open ${name}`} onPress={ask('live:add-to-case')}>
              Open
            </Button>
          )}
        </>
      ) : null}
      <IconButton label={`Remove ${name} from this list`} onPress={ask('live:dismiss')}>
        <Icon name="close" size={12} />
      </IconButton>
    </>
  );
}
