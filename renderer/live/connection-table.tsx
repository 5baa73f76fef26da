import type { ReactElement } from 'react';
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import type { Connection } from '../../shared/ipc/live-schemas';
import { call } from '../bridge/call';
import { Button } from '../controls/button';
import { Checkbox } from '../controls/checkbox';
import { Icon } from '../controls/icons';
import { whenOpened } from '../controls/text';
import { connectionName, kindOf, signInText, whereTo } from './connection-kinds';
import { collectFrom, connectToNode, deleteConnection, trying } from './live-actions';

/** The connection list, the one used last first. */
export function ConnectionTable({
  connections,
  chosen,
  onChosen,
}: {
  connections: readonly Connection[];
  chosen: ReadonlySet<string>;
  onChosen: (chosen: ReadonlySet<string>) => void;
}): ReactElement {
  const all = connections.every(({ id }) => chosen.has(id));
  return (
    <div className="card connections-card" tabIndex={0} role="group" aria-label="Connections">
      <table className="files connections">
        <thead>
          <tr>
            <th scope="col">
              <Checkbox
                label="Select all"
                isSelected={all}
                onChange={(on) => onChosen(new Set(on ? connections.map(({ id }) => id) : []))}
              />
            </th>
            <th scope="col">Node</th>
            <th scope="col">Kind</th>
            <th scope="col">Address</th>
            <th scope="col">User</th>
            <th scope="col">Signs in with</th>
            <th scope="col">Last used</th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {connections.map((connection) => (
            <ConnectionRow
              key={connection.id}
              connection={connection}
              chosen={chosen.has(connection.id)}
              onChosen={(on) => {
                const next = new Set(chosen);
                if (on) next.add(connection.id);
                else next.delete(connection.id);
                onChosen(next);
              }}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Who signs in where no user was named. */
const unsaid = {
  ssh: 'by ~/.ssh/config',
  'winrm-https': 'who has the ticket',
  'winrm-http': '',
  kubernetes: 'by the kubeconfig',
  'windows-remoting': 'who is signed in',
  'this-computer': 'who is signed in',
} as const;

function ConnectionRow({
  connection,
  chosen,
  onChosen,
}: {
  connection: Connection;
  chosen: boolean;
  onChosen: (chosen: boolean) => void;
}): ReactElement {
  const { id, kind, user, lastUsed } = connection;
  const name = connectionName(connection);
  const where = whereTo(connection);
  const { title } = kindOf(kind);
  return (
    <tr>
      <td>
        <Checkbox label={`Select ${name}`} isSelected={chosen} onChange={onChosen} />
      </td>
      <th scope="row" className="cut" title={name}>
        {name}
      </th>
      <td>{title}</td>
      <td className="mono cut" title={where}>
        {where}
      </td>
      <td className="cut" title={user}>
        {user === '' ? <span className="dim">{unsaid[kind]}</span> : user}
      </td>
      <td className="cut">{signInText(connection)}</td>
      <td className="tabular when">
        {lastUsed === null ? <span className="dim">never</span> : whenOpened(lastUsed, Date.now())}
      </td>
      <td className="row-actions">
        <div>
          <Button
            look="small"
            label={`Collect from ${name}`}
            onPress={() => void collectFrom([id])}
          >
            Collect
          </Button>
          <MenuTrigger>
            <AriaButton className="button small quiet icon" aria-label={`More about ${name}`}>
              <Icon name="more" />
            </AriaButton>
            <Popover className="popover" placement="bottom end" offset={4}>
              <Menu
                className="menu"
                aria-label={name}
                onAction={(action) => act(String(action), connection)}
              >
                <MenuItem id="edit" className="menu-item">
                  Edit…
                </MenuItem>
                <MenuItem id="copy" className="menu-item">
                  Duplicate…
                </MenuItem>
                {connection.secret === 'none' ? null : (
                  <MenuItem id="forget" className="menu-item">
                    Forget {connection.authentication === 'key' ? 'passphrase' : 'password'}
                  </MenuItem>
                )}
                <MenuItem id="delete" className="menu-item">
                  Delete
                </MenuItem>
              </Menu>
            </Popover>
          </MenuTrigger>
        </div>
      </td>
    </tr>
  );
}

function act(action: string, connection: Connection): void {
  if (action === 'edit') connectToNode(connection);
  else if (action === 'copy') connectToNode(connection, true);
  else if (action === 'forget')
    void trying(() => call('live:forget-secret', { id: connection.id }));
  else void deleteConnection(connection);
}
