import type { ReactElement } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { LinkButton } from '../controls/button';
import { whenOpened } from '../controls/text';
import { connectionName, kindOf } from './connection-kinds';
import { collectFrom, showNodes } from './live-actions';
import { useLive } from './live-store';

const mostShown = 4;

/** Nodes that were read live, on the welcome screen: one press reads them again. */
export function KnownNodes(): ReactElement | null {
  const connections = useLive((state) => state.live?.connections ?? null);
  if (connections === null || connections.length === 0) return null;
  const now = Date.now();
  return (
    <section className="card" aria-labelledby="known-nodes">
      <h2 className="caption with-link" id="known-nodes">
        Nodes
      </h2>
      <ul>
        {connections.slice(0, mostShown).map((connection) => (
          <li key={connection.id}>
            <AriaButton className="welcome-item" onPress={() => void collectFrom([connection.id])}>
              <span className="name">
                <span>{connectionName(connection)}</span>
              </span>
              <span className="line-2">
                {kindOf(connection.kind).title} ·{' '}
                {connection.lastUsed === null
                  ? 'not used yet'
                  : `used ${whenOpened(connection.lastUsed, now)}`}
              </span>
            </AriaButton>
          </li>
        ))}
      </ul>
      <p>
        <LinkButton onPress={showNodes}>
          {connections.length > mostShown ? `All ${connections.length} nodes` : 'All nodes'}
        </LinkButton>
      </p>
    </section>
  );
}
