import type { ReactElement } from 'react';
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import mark from '../../assets/icons/icon.svg';
import { runCommand } from '../commands/run';
import { shortcutText } from '../commands/shortcut';
import { Button, IconButton } from '../controls/button';
import { Icon } from '../controls/icons';
import { isMac } from '../stores/app-info';
import { screenOf, useCase } from '../stores/case';
import { inspectorShown, useLayout } from '../stores/layout';
import { NodeSwitcher } from './node-switcher';
import { SnapshotSwitcher } from './snapshot-switcher';

/** Product, what is open, search, and the two things one does with a case. */
export function TopBar(): ReactElement {
  const caseShown = useCase((state) => screenOf(state) === 'case');
  const inspector = useLayout(inspectorShown);
  return (
    <header className={`top-bar ${caseShown ? 'with-case' : ''}`} data-region="top">
      <div className="start">
        <div className="product">
          <img src={mark} alt="" />
          <span>HNS Workbench</span>
        </div>
        {caseShown ? (
          <>
            <NodeSwitcher />
            <SnapshotSwitcher />
          </>
        ) : null}
      </div>
      <AriaButton
        className="search-opener"
        aria-label="Search and commands"
        onPress={() => runCommand('search')}
      >
        <span>{caseShown ? 'Search objects, IPs, GUIDs, rules, files…' : 'Search commands…'}</span>
        <kbd>{shortcutText('Ctrl+K', isMac())}</kbd>
      </AriaButton>
      <div className="end">
        {caseShown ? (
          <>
            <Button onPress={() => runCommand('add-evidence')}>
              <Icon name="plus" size={12} />
              Add evidence
            </Button>
            <ExportMenu />
            <IconButton
              label="Connect to a node"
              shortcut="Ctrl+Shift+N"
              look="quiet icon"
              onPress={() => runCommand('connect')}
            >
              <Icon name="node" size={16} />
            </IconButton>
            <IconButton
              label={inspector ? 'Hide inspector' : 'Show inspector'}
              shortcut="Ctrl+I"
              look="quiet icon"
              onPress={() => runCommand('toggle-inspector')}
            >
              <Icon name="panel" size={16} />
            </IconButton>
          </>
        ) : null}
      </div>
    </header>
  );
}

const formats = [
  { id: 'export-report', title: 'HTML, to read and print' },
  { id: 'export-json', title: 'JSON, for programs' },
  { id: 'export-sarif', title: 'SARIF, for code scanning' },
  { id: 'export-text', title: 'Text, for a ticket' },
] as const;

function ExportMenu(): ReactElement {
  return (
    <MenuTrigger>
      <AriaButton className="button primary">
        Export report
        <Icon name="down" size={11} />
      </AriaButton>
      <Popover className="popover" placement="bottom end" offset={4}>
        <Menu
          className="menu"
          aria-label="Format of the report"
          onAction={(id) => runCommand(String(id))}
        >
          {formats.map(({ id, title }) => (
            <MenuItem key={id} id={id} className="menu-item">
              {title}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
