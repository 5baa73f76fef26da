import { useState, type ReactElement } from 'react';
import type { InsideAsk } from '../../shared/ipc/live-action-schemas';
import { useCall } from '../bridge/use-call';
import { Button } from '../controls/button';
import { Checkbox } from '../controls/checkbox';
import { Unreadable } from '../controls/empty-state';
import { Modal } from '../controls/modal';
import { Select } from '../controls/select';
import { TextField } from '../controls/text-field';
import { closeDialog } from '../stores/dialogs';
import { ContainerSelect } from './container-select';
import { doOnNode } from './node-action';

/** Stands for the server that the container is set to. */
const own = 'own';
const dnsName = /^[0-9A-Za-z_](?:[0-9A-Za-z_.-]{0,251}[0-9A-Za-z_.])?$/;

/**
 * Which container is looked into, and what for; then what will run.
 * @param address of the endpoint whose container is meant
 */
export function InsideDialog({
  snapshotId,
  address,
}: {
  snapshotId: string;
  address?: string;
}): ReactElement {
  const { value, error } = useCall('live-action:containers', { snapshotId });
  const [id, setId] = useState<string | null>(null);
  const [addresses, setAddresses] = useState(true);
  const [typed, setTyped] = useState<string | null>(null);
  const [server, setServer] = useState(own);
  const containers = value?.containers ?? [];
  const meant = containers.find(
    (each) => address !== undefined && each.addresses.includes(address),
  );
  // Meant by its address, no other container stands in for it.
  const chosen =
    containers.find(({ container }) => container.id === id) ??
    (address === undefined ? containers[0] : meant);
  const name = (typed ?? value?.name ?? '').trim();
  const wrong = name !== '' && !dnsName.test(name);
  const asks = chosen === undefined ? [] : asksOf(chosen.container);
  function asksOf(container: InsideAsk['container']): InsideAsk[] {
    const inside = `inside of ${container.name}`;
    const at = server === own ? '' : ` at ${server}`;
    return [
      ...(addresses
        ? [{ program: 'ipconfig' as const, container, test: `Addresses ${inside}` }]
        : []),
      ...(name === '' || wrong
        ? []
        : [
            {
              program: 'nslookup' as const,
              container,
              test: `Lookup of ${name}${at} ${inside}`,
              name,
              server: server === own ? null : server,
            },
          ]),
    ];
  }
  return (
    <Modal
      title="Look inside a container"
      look="legs"
      onClose={closeDialog}
      foot={
        <>
          <Button onPress={closeDialog}>Cancel</Button>
          <Button
            look="primary"
            isDisabled={asks.length === 0 || wrong}
            onPress={() => doOnNode({ kind: 'inside', asks })}
          >
            Show what will run…
          </Button>
        </>
      }
    >
      {error === undefined ? null : <Unreadable message={error} />}
      {value === undefined ? null : (
        <>
          <ContainerSelect
            label="Container"
            containers={containers}
            value={chosen?.container.id ?? null}
            onChange={setId}
          />
          {containers.length === 0 ? (
            <p className="dim">
              The snapshot names no container of a pod. Lists of containers come with step 3, pods
              with the objects of the cluster.
            </p>
          ) : null}
          {address !== undefined && meant === undefined && containers.length > 0 ? (
            <p role="status">
              No container of this node is known to have {address}: it is of another node, or of a
              pod that the snapshot does not name.
            </p>
          ) : null}
          <Checkbox isSelected={addresses} onChange={setAddresses}>
            Its addresses, gateways and DNS servers (ipconfig /all)
          </Checkbox>
          <div className="form-row">
            <TextField
              label="Name to look up (nslookup)"
              value={typed ?? value.name}
              onChange={setTyped}
              hint={
                wrong
                  ? 'This is no name that can be looked up.'
                  : 'Empty: no lookup. End it with a dot to try no suffix.'
              }
            />
            <Select
              label="Server"
              value={server}
              placeholder=""
              options={[
                { id: own, title: 'The one the container is set to' },
                ...value.servers.map(({ ip, title }) => ({ id: ip, title })),
              ]}
              onChange={setServer}
            />
          </div>
          <p className="dim">
            The programs are those of the image. Nano Server often lacks them: then it is left at
            “not checked”.
          </p>
        </>
      )}
    </Modal>
  );
}
