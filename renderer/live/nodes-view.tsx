import { useState, type ReactElement } from 'react';
import { call } from '../bridge/call';
import { runCommand } from '../commands/run';
import { Button } from '../controls/button';
import { EmptyState } from '../controls/empty-state';
import { counted } from '../controls/text';
import { PageHead } from '../frame/page-head';
import { CollectionCard } from './collection-card';
import { ConnectionTable } from './connection-table';
import { collectFrom, trying } from './live-actions';
import { isRunning, useLive } from './live-store';

/** Nodes that can be read live, and how reading them goes. */
export function NodesView(): ReactElement {
  const live = useLive((state) => state.live);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const connections = live?.connections ?? [];
  const collections = live?.collections ?? [];
  const running = collections.filter(isRunning).length;
  const known = connections.filter(({ id }) => chosen.has(id)).map(({ id }) => id);
  return (
    <>
      <PageHead title="Nodes">
        Windows nodes read live. The collector only reads; what it brings is checked as it comes.
      </PageHead>
      <div className="page-body nodes-page">
        <div className="table-toolbar">
          <Button
            look={connections.length === 0 ? 'primary' : ''}
            onPress={() => runCommand('connect')}
          >
            Connect to a node…
          </Button>
          {connections.length === 0 ? null : (
            <Button
              look={known.length === 0 ? '' : 'primary'}
              isDisabled={known.length === 0}
              onPress={() => {
                void collectFrom(known);
                setChosen(new Set());
              }}
            >
              {known.length < 2 ? 'Collect selected' : `Collect ${counted(known.length, 'node')}`}
            </Button>
          )}
          <span className="push" />
          {running > 1 ? (
            <Button onPress={() => void trying(() => call('live:cancel', { id: null }))}>
              Cancel all
            </Button>
          ) : null}
        </div>
        {collections.length === 0 ? null : (
          <section className="collections" aria-label="Collections">
            {collections.toReversed().map((collection) => (
              <CollectionCard key={collection.id} collection={collection} />
            ))}
          </section>
        )}
        {connections.length === 0 ? (
          <EmptyState
            title="No node is in the list yet"
            text="Say once how a node is reached: over SSH, or over WinRM as Windows is set up by default. An account that is an administrator there sees everything. Nothing is installed on the node."
          />
        ) : (
          <ConnectionTable connections={connections} chosen={chosen} onChosen={setChosen} />
        )}
      </div>
    </>
  );
}
