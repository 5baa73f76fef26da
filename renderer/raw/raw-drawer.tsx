import { useEffect, useState, type ReactElement } from 'react';
import { runCommand } from '../commands/run';
import { useCall } from '../bridge/use-call';
import { IconButton } from '../controls/button';
import { Icon } from '../controls/icons';
import { fileName, number } from '../controls/text';
import { closeRaw, showRawTool, useDrawer } from '../stores/drawer';
import { useLayout } from '../stores/layout';
import { FindBar, type Found } from './find-bar';
import { GoToLineBar } from './go-to-line-bar';
import { RawLines } from './raw-lines';

/** The raw file, at the lines that something stated. */
export function RawDrawer({ height }: { height: number }): ReactElement | null {
  const target = useDrawer((state) => state.target);
  const request = useDrawer((state) => state.request);
  const tool = useDrawer((state) => state.tool);
  const wrap = useLayout((state) => state.settings.rawWrap);
  const [found, setFound] = useState<Found | null>(null);
  const file = target?.file ?? '';
  const { value: info } = useCall('file:info', target === null ? null : { path: file });
  useEffect(() => setFound(null), [file]);
  if (target === null) return null;
  const name = fileName(file);
  const folder = file.slice(0, file.length - name.length).replace(/[/\\]$/, '');
  const lineCount = info?.lineCount;
  return (
    <section className="raw-drawer" style={{ height }} aria-label="Raw file" data-region="drawer">
      <div className="raw-head">
        <h2>{name}</h2>
        <span className="position tabular">
          line {number(found?.line ?? target.line)}
          {lineCount === undefined ? '' : ` of ${number(lineCount)}`}
        </span>
        <span className="where">{[folder, info?.title].filter(Boolean).join(' · ')}</span>
        <span className="push" />
        <IconButton label="Find" shortcut="Ctrl+F" onPress={() => runCommand('find-in-raw')}>
          <Icon name="search" />
        </IconButton>
        <IconButton label="Go to line" shortcut="Ctrl+G" onPress={() => runCommand('go-to-line')}>
          <Icon name="line" />
        </IconButton>
        <IconButton
          label="Wrap long lines"
          shortcut="Alt+Z"
          pressed={wrap}
          onPress={() => runCommand('wrap-raw')}
        >
          <Icon name="wrap" />
        </IconButton>
        <IconButton label="Close raw file" shortcut="Esc" onPress={closeRaw}>
          <Icon name="close" />
        </IconButton>
      </div>
      {tool === 'find' ? (
        <FindBar
          file={file}
          lineCount={lineCount ?? 1}
          start={found?.line ?? target.line}
          onFound={setFound}
          onClose={() => showRawTool('none')}
        />
      ) : null}
      {tool === 'go-to-line' ? (
        <GoToLineBar file={file} lineCount={lineCount ?? 1} onClose={() => showRawTool('none')} />
      ) : null}
      <RawLines key={file} target={target} request={request} found={found} wrap={wrap} />
    </section>
  );
}
