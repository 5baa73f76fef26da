import type { ReactElement } from 'react';
import { Tooltip, TooltipTrigger } from 'react-aria-components';
import type { EntityLink, EvidenceLink } from '../../shared/ipc/finding-schemas';
import { openEvidence } from '../stores/open-evidence';
import { select } from '../stores/navigation';
import { LinkButton } from './button';
import { cutMiddle, evidenceText } from './text';

const longestName = 44;

/** A link to an object: selects it and opens the inspector. */
export function EntityLinkButton({ to }: { to: EntityLink }): ReactElement {
  const shown = cutMiddle(to.name === '' ? to.id : to.name, longestName);
  const link = (
    <LinkButton object={{ ref: to }} onPress={() => select(to, { reveal: true })}>
      {shown}
    </LinkButton>
  );
  if (shown === to.name) return link;
  return (
    <TooltipTrigger delay={400}>
      {link}
      <Tooltip className="tooltip" offset={6}>
        {to.name}
      </Tooltip>
    </TooltipTrigger>
  );
}

/** A list of links in a running line. */
export function EntityLinks({ to }: { to: readonly EntityLink[] }): ReactElement {
  return (
    <span className="entity-links">
      {to.map((ref, index) => (
        <span key={`${ref.kind} ${ref.id}`}>
          {index > 0 ? <span className="dim">, </span> : null}
          <EntityLinkButton to={ref} />
        </span>
      ))}
    </span>
  );
}

/** `vfpOutput.txt:48211`: opens the raw file at the line, or the packet in its capture. */
export function EvidenceChip({ to }: { to: EvidenceLink }): ReactElement {
  return (
    <LinkButton look="chip" onPress={() => openEvidence(to)}>
      {evidenceText(to)}
    </LinkButton>
  );
}

/** Evidence of a statement, at most `most` chips. */
export function EvidenceChips({
  of,
  most = 6,
}: {
  of: readonly EvidenceLink[];
  most?: number;
}): ReactElement | null {
  if (of.length === 0) return null;
  return (
    <span className="chips">
      {of.slice(0, most).map((evidence) => (
        <EvidenceChip key={`${evidence.file} ${evidenceText(evidence)}`} to={evidence} />
      ))}
      {of.length > most ? <span className="dim">and {of.length - most} more</span> : null}
    </span>
  );
}
