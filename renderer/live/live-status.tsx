import type { ReactElement } from 'react';
import { LinkButton } from '../controls/button';
import { bytes, counted } from '../controls/text';
import { showNodes } from './live-actions';
import { isRunning, useLive } from './live-store';

/** What is being collected, in the status bar; leads to how it goes. */
export function LiveStatus(): ReactElement | null {
  const collections = useLive((state) => state.live?.collections ?? none);
  const running = collections.filter(isRunning);
  if (running.length === 0) return null;
  const sum = (of: (each: (typeof running)[number]) => number): number =>
    running.reduce((total, each) => total + of(each), 0);
  return (
    <LinkButton onPress={showNodes}>
      Collecting from {counted(running.length, 'node')}: {sum((each) => each.sectionsDone)} of{' '}
      {sum((each) => each.sectionsTotal)} sections, {bytes(sum((each) => each.bytes))}
    </LinkButton>
  );
}

const none: never[] = [];
