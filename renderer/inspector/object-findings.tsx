import type { ReactElement } from 'react';
import { useCall } from '../bridge/use-call';
import { FindingCard } from '../findings/finding-card';
import { FindingLink } from '../findings/finding-link';
import { goToFinding } from '../stores/navigation';

const mostCards = 2;
const mostLinks = 20;

/** The findings that concern an object: the first in full, the others as links. */
export function ObjectFindings({ indexes }: { indexes: readonly number[] }): ReactElement | null {
  if (indexes.length === 0) return null;
  return (
    <>
      {indexes.slice(0, mostLinks).map((index, at) => (
        <ObjectFinding key={index} index={index} full={at < mostCards} />
      ))}
      {indexes.length > mostLinks ? (
        <p className="dim">and {indexes.length - mostLinks} more findings</p>
      ) : null}
    </>
  );
}

function ObjectFinding({ index, full }: { index: number; full: boolean }): ReactElement | null {
  const { value } = useCall('finding:get', { index });
  if (value === undefined || value === null) return null;
  return full ? (
    <FindingCard finding={value} startsOpen={false} look="inspector" />
  ) : (
    <FindingLink finding={value} onPress={() => goToFinding(value)} />
  );
}
