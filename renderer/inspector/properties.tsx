import { Fragment, type ReactElement } from 'react';
import type { ObjectView } from '../../shared/ipc/object-schemas';
import { LinkButton } from '../controls/button';
import { EntityLinks } from '../controls/links';
import { openRaw } from '../stores/drawer';

/** Label and value; a value is a link to the objects it names, or else to its lines. */
export function Properties({
  properties,
}: {
  properties: ObjectView['properties'];
}): ReactElement | null {
  if (properties.length === 0) return null;
  return (
    <dl className="properties">
      {properties.map((property, index) => (
        <Fragment key={index}>
          {/* Several of one kind stand under one label. */}
          {properties[index - 1]?.label === property.label ? null : <dt>{property.label}</dt>}
          <dd
            className={`${property.mono === true ? 'mono' : ''} ${property.tone === undefined ? '' : `tone-${property.tone}`}`}
          >
            <Value property={property} />
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}

function Value({ property }: { property: ObjectView['properties'][number] }): ReactElement {
  const { refs = [], evidence, value } = property;
  if (refs.length > 0) return <EntityLinks to={refs} />;
  if (evidence === undefined) return <>{value}</>;
  return (
    <LinkButton label={`${value}, show its line`} onPress={() => openRaw(evidence)}>
      {value}
    </LinkButton>
  );
}
