import type { ReactElement } from 'react';
import { LinkButton } from '../controls/button';
import { Checkbox } from '../controls/checkbox';

/** What can be tested from one place, each to be left out. */
export function LegList({
  title,
  legs,
  left,
  onLeft,
}: {
  title: string;
  legs: readonly string[];
  /** What is left out. */
  left: ReadonlySet<string>;
  onLeft: (left: ReadonlySet<string>) => void;
}): ReactElement | null {
  if (legs.length === 0) return null;
  const chosen = legs.filter((leg) => !left.has(leg)).length;
  const set = (which: readonly string[], on: boolean): void => {
    const next = new Set(left);
    for (const leg of which)
      if (on) next.delete(leg);
      else next.add(leg);
    onLeft(next);
  };
  return (
    <fieldset className="leg-list">
      <legend>
        {title}: {chosen} of {legs.length}{' '}
        <LinkButton onPress={() => set(legs, chosen < legs.length)}>
          {chosen < legs.length ? 'All' : 'None'}
        </LinkButton>
      </legend>
      {legs.map((leg) => (
        <Checkbox key={leg} isSelected={!left.has(leg)} onChange={(on) => set([leg], on)}>
          {leg}
        </Checkbox>
      ))}
    </fieldset>
  );
}
