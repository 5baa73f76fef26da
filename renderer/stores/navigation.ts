import { create } from 'zustand';
import type { EntityLink } from '../../shared/ipc/finding-schemas';
import type { TableId } from '../../shared/ipc/table-schemas';
import { noteSelection } from './drawer';
import { useLayout } from './layout';
import { goBack, goForward, goOn, startWalk, type Walk } from './selection-history';

export type StepNumber = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** Where the centre of the window is. */
export type Place =
  | {
      readonly kind: 'step';
      readonly step: StepNumber;
      readonly tab: string;
      /** Index of the finding to bring into view. */
      readonly finding?: number;
    }
  | { readonly kind: 'files' }
  | { readonly kind: 'balancers' }
  | { readonly kind: 'vfp' }
  | { readonly kind: 'tables'; readonly table: TableId }
  | { readonly kind: 'nodes' }
  | { readonly kind: 'learn' };

/** A place with what is selected there: one selection for the whole window. */
export interface Spot {
  readonly place: Place;
  readonly selection: EntityLink | null;
}

interface Navigation {
  readonly walk: Walk<Spot>;
}

const home: Spot = { place: { kind: 'step', step: 1, tab: 'findings' }, selection: null };

/** Place and selection, with the way there. */
export const useNavigation = create<Navigation>(() => ({ walk: startWalk(home) }));

const sameSpot = (a: Spot, b: Spot): boolean => JSON.stringify(a) === JSON.stringify(b);

function move(change: (spot: Spot) => Spot): void {
  useNavigation.setState(({ walk }) => ({ walk: goOn(walk, change(walk.present), sameSpot) }));
}

export function goTo(place: Place): void {
  // Where the inspector floats, it would lie over what one goes to.
  if (useLayout.getState().floating) useLayout.getState().closeInspector();
  move((spot) => ({ ...spot, place }));
}

/** Goes to a step: to a tab of it, or to its findings if it has any, else to its own view. */
export function goToStep(step: StepNumber, tab = 'auto'): void {
  goTo({ kind: 'step', step, tab });
}

/** Shows a finding on the page of its step. */
export function goToFinding(finding: { readonly step: StepNumber; readonly index: number }): void {
  goTo({ kind: 'step', step: finding.step, tab: 'findings', finding: finding.index });
}

/** Selects an object. `reveal` opens the inspector, even where it closed itself. */
export function select(selection: EntityLink | null, options: { reveal?: boolean } = {}): void {
  move((spot) => ({ ...spot, selection }));
  noteSelection();
  if (options.reveal === true && selection !== null) useLayout.getState().revealInspector();
}

export function walkBack(): void {
  useNavigation.setState(({ walk }) => ({ walk: goBack(walk) }));
  noteSelection();
}

export function walkForward(): void {
  useNavigation.setState(({ walk }) => ({ walk: goForward(walk) }));
  noteSelection();
}

/** Begins anew, for another case. */
export function startAt(place: Place): void {
  useNavigation.setState({ walk: startWalk({ place, selection: null }) });
}

export const usePlace = (): Place => useNavigation((state) => state.walk.present.place);
export const useSelection = (): EntityLink | null =>
  useNavigation((state) => state.walk.present.selection);

/** True when `ref` is what is selected. */
export function isSelected(selection: EntityLink | null, ref: EntityLink | undefined): boolean {
  return (
    selection !== null &&
    ref !== undefined &&
    selection.kind === ref.kind &&
    selection.id === ref.id
  );
}
