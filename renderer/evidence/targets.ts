import type { Args } from '../../shared/ipc/contract';
import type { EvidenceProposal } from '../../shared/ipc/case-schemas';

export type Target = Args<'evidence:add'>['items'][number]['target'];

/** Where a proposed piece of evidence likely belongs; the node on screen where none is named. */
export function likelyTarget(proposal: EvidenceProposal, nodeOnScreen: string): Target {
  switch (proposal.suggestion) {
    case 'node':
      return { kind: 'node', node: proposal.suggestedNode ?? nodeOnScreen };
    case 'new-node':
      return { kind: 'new-node', name: proposal.suggestedNode ?? '' };
    case 'cluster':
      return { kind: 'cluster' };
  }
}

/** A folder or archive as the name of its node. */
export const nodeNameOf = (file: string): string => file.replace(/\.(zip|tar|tgz|tar\.gz)$/i, '');
