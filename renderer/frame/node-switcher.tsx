import type { ReactElement } from 'react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { Icon } from '../controls/icons';
import { StatusMark } from '../controls/status-mark';
import { useCase, useSnapshot } from '../stores/case';
import { showSnapshot } from '../stores/case-actions';

/** Which node is on screen; a list of them when there are several. */
export function NodeSwitcher(): ReactElement {
  const summary = useCase((state) => state.summary);
  const shown = useSnapshot();
  const count = summary?.nodes.length ?? 0;
  return (
    <div className="switcher">
      <MenuTrigger>
        <Button
          className="button"
          aria-label={`Node ${shown.node}${count > 1 ? `, one of ${count}` : ''}`}
        >
          <span className="value">
            {shown.node}
            {shown.address === undefined ? null : (
              <span className="dim tabular"> {shown.address}</span>
            )}
          </span>
          {count > 1 ? <span className="pill info">{count} nodes</span> : null}
          <Icon name="down" size={11} />
        </Button>
        <Popover className="popover" placement="bottom start" offset={4}>
          <Menu
            className="menu"
            aria-label="Nodes"
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[shown.node]}
            onAction={(name) => {
              const node = summary?.nodes.find((each) => each.name === name);
              const newest = node?.snapshots.at(-1);
              if (newest !== undefined) void showSnapshot(newest.id, { anew: true });
            }}
          >
            {(summary?.nodes ?? []).map((node) => {
              const tone = node.snapshots.at(-1)?.verdict.tone ?? 'unknown';
              return (
                <MenuItem
                  key={node.name}
                  id={node.name}
                  textValue={node.name}
                  className="menu-item"
                >
                  <StatusMark status={tone === 'unknown' ? 'not-checked' : tone} />
                  <span>
                    {node.name}
                    <span className="line-2">{node.snapshots.at(-1)?.verdict.title}</span>
                  </span>
                </MenuItem>
              );
            })}
          </Menu>
        </Popover>
      </MenuTrigger>
    </div>
  );
}
