import { useState, type ReactElement } from 'react';
import { sentenceOf } from '../bridge/call';
import { Button } from '../controls/button';
import { showDialog } from '../stores/dialogs';
import { addEvidence } from '../stores/evidence-actions';
import { callEvidence } from '../stores/evidence-calls';
import { useSnapshot } from '../stores/case';
import { say } from '../stores/toasts';
import { likelyTarget } from './targets';

/** A box for the output of a command: pasted or dropped, it is added and the checks run. */
export function PasteBox({ what }: { what: string }): ReactElement {
  const { node } = useSnapshot();
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [over, setOver] = useState(false);

  const add = async (): Promise<void> => {
    setBusy(true);
    try {
      const { items } = await callEvidence('evidence:propose', { text });
      await addEvidence(items.map((item) => ({ id: item.id, target: likelyTarget(item, node) })));
      setText('');
    } catch (error) {
      say(sentenceOf(error), { tone: 'error' });
    } finally {
      setBusy(false);
    }
  };
  const drop = async (files: readonly File[]): Promise<void> => {
    const known = await window.workbench.register(files);
    const tokens = known.map(({ token }) => token).filter((token) => token !== '');
    if (tokens.length > 0) showDialog({ kind: 'evidence', tokens });
  };

  return (
    <div className="paste-row">
      <textarea
        className="textarea"
        aria-label={`Paste ${what} here`}
        placeholder="Paste its output here, or drop the file"
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
        {...(over ? { 'data-drop': '' } : {})}
        onDragOver={(event) => {
          if (!event.dataTransfer.types.includes('Files')) return;
          event.preventDefault();
          event.stopPropagation();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          const files = [...event.dataTransfer.files];
          setOver(false);
          if (files.length === 0) return;
          event.preventDefault();
          event.stopPropagation();
          void drop(files);
        }}
      />
      <Button isDisabled={busy || text.trim() === ''} onPress={() => void add()}>
        Add and run
      </Button>
    </div>
  );
}
