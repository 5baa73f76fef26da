import { create } from 'zustand';
import type { LiveAction } from '../../shared/ipc/live-action-schemas';
import type { Connection } from '../../shared/ipc/live-schemas';

/** The dialog that is open, at most one. */
export type OpenDialog =
  | { readonly kind: 'palette' }
  | { readonly kind: 'shortcuts' }
  | { readonly kind: 'about' }
  | { readonly kind: 'rejected' }
  /** A way to a node: new, to change, or to begin a new one with. */
  | { readonly kind: 'connect'; readonly from?: Connection; readonly copy: boolean }
  /** Something to do on the node of a collection: what will run, then how it goes. */
  | { readonly kind: 'node-action'; readonly key: string; readonly action: LiveAction }
  /** A log of the node of a collection is to be followed: what will run. */
  | { readonly kind: 'follow'; readonly key: string; readonly file: string }
  /** Which connections of the node of a snapshot are tested. */
  | { readonly kind: 'legs'; readonly snapshotId: string }
  /** Which container is looked into; `address`: that of the endpoint it is meant by. */
  | { readonly kind: 'inside'; readonly snapshotId: string; readonly address?: string }
  /** A packet capture on the node of a collection: what it changes, then how it goes. */
  | { readonly kind: 'node-capture'; readonly key: string }
  | {
      readonly kind: 'evidence';
      readonly text?: string;
      readonly tokens?: readonly string[];
      /** Files were dropped on an open case: opening them as a new case is offered too. */
      readonly openInstead?: readonly { readonly token: string; readonly name: string }[];
    };

export const useDialog = create<{ readonly open: OpenDialog | null }>(() => ({ open: null }));

export function showDialog(open: OpenDialog): void {
  useDialog.setState({ open });
}

export function closeDialog(): void {
  useDialog.setState({ open: null });
}
