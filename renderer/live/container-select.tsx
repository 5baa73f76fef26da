import type { ReactElement } from 'react';
import type { Result } from '../../shared/ipc/contract';
import { Select } from '../controls/select';

export type ContainerChoice = Result<'live-action:containers'>['containers'][number];

/** Stands for no container. */
const none = 'none';

/** One of the containers of a node, or none where that is offered. */
export function ContainerSelect({
  label,
  containers,
  value,
  onChange,
  noneTitle,
}: {
  label: string;
  containers: readonly ContainerChoice[];
  value: string | null;
  onChange: (id: string | null) => void;
  noneTitle?: string;
}): ReactElement {
  return (
    <Select
      label={label}
      value={value ?? (noneTitle === undefined ? null : none)}
      placeholder={containers.length === 0 ? 'No container is known' : 'Choose a container'}
      isDisabled={containers.length === 0}
      options={[
        ...(noneTitle === undefined ? [] : [{ id: none, title: noneTitle }]),
        ...containers.map(({ container, detail }) => ({
          id: container.id,
          title: container.name,
          detail: [container.id.slice(0, 12), detail].filter((each) => each !== '').join(' · '),
        })),
      ]}
      onChange={(id) => onChange(id === none ? null : id)}
    />
  );
}
