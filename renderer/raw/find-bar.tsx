import { useEffect, useRef, useState, type ReactElement } from 'react';
import { call, sentenceOf } from '../bridge/call';
import { IconButton } from '../controls/button';
import { Icon } from '../controls/icons';

/** Where a text was found; column 0-based. */
export interface Found {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** Finds a text in the whole file, line by line, from where one is; goes round at the ends. */
export function FindBar({
  file,
  lineCount,
  start,
  onFound,
  onClose,
}: {
  file: string;
  lineCount: number;
  start: number;
  onFound: (found: Found | null) => void;
  onClose: () => void;
}): ReactElement {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [matchCase, setMatchCase] = useState(false);
  const [said, setSaid] = useState('');
  useEffect(() => input.current?.select(), []);

  const find = async (backwards: boolean, again: boolean): Promise<void> => {
    if (text === '') return;
    const search = (from: number) =>
      call('file:search', { path: file, text, from, backwards, matchCase });
    try {
      const next = again ? (backwards ? start - 1 : start + 1) : start;
      const ends = backwards ? next < 1 : next > lineCount;
      let answer = ends ? { line: null, column: 0 } : await search(next);
      let around = false;
      if (answer.line === null) {
        around = true;
        answer = await search(backwards ? lineCount : 1);
      }
      if (answer.line === null) {
        setSaid('Not found');
        onFound(null);
        return;
      }
      setSaid(around ? 'Went round' : '');
      onFound({ line: answer.line, column: answer.column, length: text.length });
    } catch (error) {
      setSaid(sentenceOf(error));
    }
  };
  return (
    <div
      className="raw-tool"
      role="search"
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.preventDefault();
          event.stopPropagation();
          onClose();
        } else if (event.key === 'Enter' && event.target === input.current) {
          event.preventDefault();
          void find(event.shiftKey, said !== 'Not found');
        }
      }}
    >
      <span className="field">
        <Icon name="search" size={13} />
        <input
          ref={input}
          autoFocus
          aria-label="Find in file"
          placeholder="Find in file"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setSaid('');
          }}
        />
      </span>
      <IconButton label="Previous match" onPress={() => void find(true, true)}>
        <Icon name="up" />
      </IconButton>
      <IconButton label="Next match" onPress={() => void find(false, true)}>
        <Icon name="down" />
      </IconButton>
      <label>
        <input
          type="checkbox"
          checked={matchCase}
          onChange={(event) => setMatchCase(event.target.checked)}
        />{' '}
        Match case
      </label>
      <span className="dim" role="status">
        {said}
      </span>
      <span className="push" />
      <IconButton label="Close find" onPress={onClose}>
        <Icon name="close" size={12} />
      </IconButton>
    </div>
  );
}
