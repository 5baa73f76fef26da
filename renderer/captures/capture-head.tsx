import type { ReactElement } from 'react';
import {
  Button as AriaButton,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
  Tooltip,
  TooltipTrigger,
} from 'react-aria-components';
import type { CaptureInfoView } from '../../shared/ipc/capture-schemas';
import { call, sentenceOf } from '../bridge/call';
import { useCall } from '../bridge/use-call';
import { Button } from '../controls/button';
import { Icon } from '../controls/icons';
import { StatusMark } from '../controls/status-mark';
import { bytes, counted, fileName, number, second } from '../controls/text';
import { CaptureOnNode } from '../live/capture-button';
import { useSnapshot } from '../stores/case';
import { say } from '../stores/toasts';
import { lookAtFile } from '../stores/captures';

/** Which capture is shown, what it holds, and what a reader must know of it. */
export function CaptureHead({
  shown,
  readable,
}: {
  shown: CaptureInfoView;
  readable: readonly CaptureInfoView[];
}): ReactElement {
  const { read } = shown;
  return (
    <header className="capture-head">
      <div className="capture-title">
        {readable.length > 1 ? (
          <CaptureChoice shown={shown} readable={readable} />
        ) : (
          <h2 title={shown.file}>{fileName(shown.file)}</h2>
        )}
        {read === null ? null : (
          <p className="dim tabular">
            {bytes(shown.bytes)} · {counted(read.packets, 'packet')} · {counted(read.flows, 'flow')}
            {read.firstTime === null || read.lastTime === null ? null : (
              <>
                {' '}
                · {second(read.firstTime)} – {second(read.lastTime).slice(11)} UTC
              </>
            )}
            {read.places.length > 1
              ? ` · ${number(read.places.length)} ${read.fromPktmon ? 'components' : 'interfaces'}`
              : ''}
          </p>
        )}
        <span className="push" />
        <CaptureOnNode look="small" short />
        <WiresharkButton file={shown.file} />
      </div>
      <CaptureNotes shown={shown} />
    </header>
  );
}

function CaptureChoice({
  shown,
  readable,
}: {
  shown: CaptureInfoView;
  readable: readonly CaptureInfoView[];
}): ReactElement {
  return (
    <Select
      aria-label="Capture"
      selectedKey={shown.file}
      onSelectionChange={(key) => lookAtFile(String(key))}
    >
      <AriaButton className="button">
        <SelectValue className="capture-chosen">{fileName(shown.file)}</SelectValue>
        <Icon name="down" size={11} />
      </AriaButton>
      <Popover className="popover" offset={4}>
        <ListBox className="listbox" items={readable}>
          {(capture) => (
            <ListBoxItem id={capture.file} textValue={capture.file} className="menu-item">
              <span>{capture.file}</span>
              <span className="dim tabular">{bytes(capture.bytes)}</span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}

/** What limits what can be told: cut packets, losses, damage. */
function CaptureNotes({ shown }: { shown: CaptureInfoView }): ReactElement | null {
  const { read } = shown;
  if (read === null) return null;
  const lost = read.places.reduce((sum, place) => sum + place.lost, 0);
  const notes = [
    ...(lost > 0 ? [`The capturing system lost ${counted(lost, 'packet')}.`] : []),
    ...(read.innerCut > 0
      ? [`${counted(read.innerCut, 'packet')} in tunnels were cut before their inner addresses.`]
      : []),
    ...read.notes,
  ];
  if (notes.length === 0) return null;
  return (
    <ul className="capture-notes" aria-label="Notes on this capture">
      {notes.slice(0, 4).map((note) => (
        <li key={note}>
          <StatusMark status="warning" size={10} label="Note" /> {note}
        </li>
      ))}
      {notes.length > 4 ? <li className="dim">and {notes.length - 4} more, in its file</li> : null}
    </ul>
  );
}

function WiresharkButton({ file }: { file: string }): ReactElement {
  const { id: snapshotId } = useSnapshot();
  const { value } = useCall('captures:wireshark', {});
  const open = async (): Promise<void> => {
    try {
      await call('captures:open-in-wireshark', { snapshotId, file });
    } catch (error) {
      say(sentenceOf(error), { tone: 'error' });
    }
  };
  if (value?.installed === true)
    return (
      <Button look="small" onPress={() => void open()}>
        <Icon name="external" size={12} />
        Open in Wireshark
      </Button>
    );
  return (
    <TooltipTrigger delay={300}>
      <Button
        look="small quiet"
        onPress={() => say('Wireshark is not installed on this computer.')}
      >
        <Icon name="external" size={12} />
        Open in Wireshark
      </Button>
      <Tooltip className="tooltip" offset={6}>
        Wireshark is not installed on this computer.
      </Tooltip>
    </TooltipTrigger>
  );
}
