import type { FindingView } from '../../shared/ipc/finding-schemas';

/**
 * Which findings of a step get a card: those whose cause is not among them (the others are folded
 * under their cause), and the one that was asked for, first unless it has its place.
 */
export function shownFindings(
  findings: readonly FindingView[],
  asked: FindingView | undefined,
  step: number,
): readonly FindingView[] {
  const here = new Set(findings.map(({ index }) => index));
  const roots = findings.filter(({ causedBy }) => causedBy === null || !here.has(causedBy));
  const missing = asked?.step === step && !roots.some(({ index }) => index === asked.index);
  return missing ? [asked, ...roots] : roots;
}
