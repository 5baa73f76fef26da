import type { Args, Result } from '../../shared/ipc/contract';
import { call, sentenceOf } from '../bridge/call';
import { counted } from '../controls/text';
import { callEvidence } from './evidence-calls';
import { say } from './toasts';

type Items = Args<'evidence:add'>['items'];

/** Adds proposed evidence and says what it changed, with a way back. */
export async function addEvidence(items: Items): Promise<void> {
  sayWhatChanged(await callEvidence('evidence:add', { items }));
}

/** Opens an archive that lies inside of what is open. */
export async function openNested(path: string): Promise<void> {
  try {
    sayWhatChanged(await callEvidence('evidence:open-nested', { path }));
  } catch (error) {
    say(sentenceOf(error), { tone: 'error' });
  }
}

function sayWhatChanged({ newlyChecked, newFindings }: Result<'evidence:add'>): void {
  say(`${counted(newlyChecked, 'check')} ran now, ${counted(newFindings, 'new finding')}.`, {
    tone: 'ok',
    action: { title: 'Undo', run: () => void undoEvidence() },
  });
}

/** Takes back the evidence added last. */
export async function undoEvidence(): Promise<void> {
  try {
    const { undone } = await callEvidence('evidence:undo', {});
    say(undone === null ? 'There is nothing to take back.' : `Taken back: ${undone}.`);
  } catch (error) {
    say(sentenceOf(error), { tone: 'error' });
  }
}

/** Shows the save dialog and writes the report. */
export async function exportReport(format: 'html' | 'json' | 'sarif' | 'text'): Promise<void> {
  try {
    const { saved } = await call('report:export', { format });
    if (saved !== null) say(`Report saved: ${saved}`, { tone: 'ok' });
  } catch (error) {
    say(sentenceOf(error), { tone: 'error' });
  }
}

export async function copyText(text: string, said = 'Copied.'): Promise<void> {
  try {
    await call('app:copy', { text });
    say(said);
  } catch (error) {
    say(sentenceOf(error), { tone: 'error' });
  }
}
