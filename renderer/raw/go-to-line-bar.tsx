import { useState, type ReactElement } from 'react';
import { Button, IconButton } from '../controls/button';
import { Icon } from '../controls/icons';
import { number } from '../controls/text';
import { openRaw } from '../stores/drawer';

/** Asks for a line number and goes there. */
export function GoToLineBar({
  file,
  lineCount,
  onClose,
}: {
  file: string;
  lineCount: number;
  onClose: () => void;
}): ReactElement {
  const [text, setText] = useState('');
  const wanted = Number(text.replace(/[,\s]/g, ''));
  const valid = text.trim() !== '' && Number.isInteger(wanted) && wanted > 0;
  const go = (): void => {
    if (!valid) return;
    const line = Math.min(wanted, Math.max(1, lineCount));
    openRaw({ file, line, endLine: line });
    onClose();
  };
  return (
    <div
      className="raw-tool"
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.preventDefault();
          event.stopPropagation();
          onClose();
        } else if (event.key === 'Enter') {
          event.preventDefault();
          go();
        }
      }}
    >
      <span className="field">
        <input
          autoFocus
          inputMode="numeric"
          aria-label={`Line, 1 to ${number(lineCount)}`}
          placeholder={`Line, 1 to ${number(lineCount)}`}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </span>
      <Button look="small" isDisabled={!valid} onPress={go}>
        Go
      </Button>
      <IconButton label="Close go to line" onPress={onClose}>
        <Icon name="close" size={12} />
      </IconButton>
    </div>
  );
}
