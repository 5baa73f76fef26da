import type { ReactElement } from 'react';
import { copyText } from '../stores/evidence-actions';
import { IconButton } from './button';
import { Icon } from './icons';

/** A command to run on the node, with a button that copies it. */
export function CommandLine({ command }: { command: string }): ReactElement {
  return (
    <div className="command">
      <code>{command}</code>
      <IconButton label="Copy command" onPress={() => void copyText(command, 'Command copied.')}>
        <Icon name="copy" />
      </IconButton>
    </div>
  );
}
