import type { SearchResult } from '../../shared/ipc/object-schemas';
import { call, sentenceOf } from '../bridge/call';
import { commands } from '../commands/all';
import type { CommandContext } from '../commands/command';
import { openRaw } from '../stores/drawer';
import { goToFinding, goToStep, select } from '../stores/navigation';
import { say } from '../stores/toasts';

export interface PaletteEntry {
  readonly key: string;
  readonly group: SearchResult['group'] | 'commands';
  readonly title: string;
  readonly subtitle: string;
  readonly shortcut?: string;
  /** Why it cannot run now. */
  readonly disabled?: string;
  readonly run: () => void;
}

/** Commands whose titles hold all words of the text; all of them for no text. */
export function commandEntries(text: string, context: CommandContext): readonly PaletteEntry[] {
  const words = text.replace(/^>/, '').trim().toLowerCase().split(/\s+/).filter(Boolean);
  return commands
    .filter(({ keyOnly, id }) => keyOnly !== true && id !== 'search')
    .filter(({ title, group }) => {
      const searched = `${group} ${title}`.toLowerCase();
      return words.every((word) => searched.includes(word));
    })
    .map((command): PaletteEntry => {
      const enabled = command.enabled(context);
      return {
        key: `command ${command.id}`,
        group: 'commands',
        title: command.title,
        subtitle: enabled === true ? '' : enabled,
        ...(command.shortcut === undefined ? {} : { shortcut: command.shortcut }),
        ...(enabled === true ? {} : { disabled: enabled }),
        run: () => void command.run(),
      };
    })
    .sort((a, b) => Number(a.disabled !== undefined) - Number(b.disabled !== undefined));
}

/** What the search found, each with the way to it. */
export function resultEntries(results: readonly SearchResult[]): readonly PaletteEntry[] {
  return results.map((result, index) => ({
    key: `result ${index}`,
    group: result.group,
    title: result.title,
    subtitle: result.subtitle,
    run: () => {
      follow(result).catch((error: unknown) => say(sentenceOf(error), { tone: 'error' }));
    },
  }));
}

async function follow(result: SearchResult): Promise<void> {
  if (result.finding !== undefined) {
    const finding = await call('finding:get', { index: result.finding });
    if (finding !== null) goToFinding(finding);
  } else if (result.group === 'files' || result.group === 'text') {
    if (result.evidence !== undefined) openRaw(result.evidence);
    else if (result.ref !== undefined) openRaw({ file: result.ref.id, line: 1, endLine: 1 });
  } else if (result.ref !== undefined) {
    select(result.ref, { reveal: true });
  } else if (result.ruleId !== undefined) {
    const rule = await call('rule:get', { ruleId: result.ruleId });
    if (rule !== null) goToStep(rule.step);
  } else if (result.evidence !== undefined) {
    openRaw(result.evidence);
  }
}
