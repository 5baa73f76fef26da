import { useLayoutEffect, useState, type ReactElement } from 'react';
import { sentenceOf } from '../bridge/call';
import { useCase } from '../stores/case';
import { openCase, openText } from '../stores/case-actions';
import { showDialog, useDialog } from '../stores/dialogs';
import { say } from '../stores/toasts';

/** Takes what is dropped or pasted anywhere on the window. */
export function DropAnywhere(): ReactElement | null {
  const [over, setOver] = useState(false);
  const caseOpen = useCase((state) => state.summary !== null);
  // With the first frame: what is dropped on it is not lost.
  useLayoutEffect(() => {
    let depth = 0;
    const hasFiles = (event: DragEvent): boolean =>
      event.dataTransfer?.types.includes('Files') ?? false;
    const enter = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      depth += 1;
      setOver(true);
    };
    const leave = (): void => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const hover = (event: DragEvent): void => {
      if (hasFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent): void => {
      depth = 0;
      setOver(false);
      if (event.defaultPrevented || !hasFiles(event)) return;
      event.preventDefault();
      void takeFiles([...(event.dataTransfer?.files ?? [])]);
    };
    const paste = (event: ClipboardEvent): void => {
      if (isTextInput(event.target) || useDialog.getState().open !== null) return;
      const files = [...(event.clipboardData?.files ?? [])];
      const text = event.clipboardData?.getData('text/plain') ?? '';
      if (files.length > 0) void takeFiles(files);
      else if (text.trim() !== '') takeText(text);
    };
    window.addEventListener('dragenter', enter);
    window.addEventListener('dragleave', leave);
    window.addEventListener('dragover', hover);
    window.addEventListener('drop', drop);
    window.addEventListener('paste', paste);
    return () => {
      window.removeEventListener('dragenter', enter);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('dragover', hover);
      window.removeEventListener('drop', drop);
      window.removeEventListener('paste', paste);
    };
  }, []);
  if (!over) return null;
  return (
    <div className="drop-veil">
      {caseOpen ? 'Drop to add as evidence, or to open' : 'Drop to open'}
    </div>
  );
}

const isTextInput = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;

/** Opens files when nothing is open; asks what to do with them when something is. */
async function takeFiles(files: readonly File[]): Promise<void> {
  try {
    const known = (await window.workbench.register(files)).filter(({ token }) => token !== '');
    if (known.length === 0) {
      say('What was dropped has no file on this computer. Save it first, or paste its text.');
      return;
    }
    const tokens = known.map(({ token }) => token);
    const name = known.map((each) => each.name).join(', ');
    if (useCase.getState().summary === null) {
      await openCase(
        tokens.map((token) => ({ kind: 'token', token })),
        name,
      );
    } else {
      showDialog({ kind: 'evidence', tokens, openInstead: known });
    }
  } catch (error) {
    say(sentenceOf(error), { tone: 'error' });
  }
}

/** Opens text when nothing is open, else offers to add it. */
function takeText(text: string): void {
  if (useCase.getState().summary === null) {
    void openText(text);
    return;
  }
  showDialog({ kind: 'evidence', text });
}
