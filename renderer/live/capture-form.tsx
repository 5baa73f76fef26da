import { useState, type ReactElement } from 'react';
import type { CaptureFilter, CaptureWish } from '../../shared/ipc/live-capture-schemas';
import { Select } from '../controls/select';
import { TextField } from '../controls/text-field';
import { isAddress } from './capture-actions';

const times = [30, 60, 120, 300, 600, 1800].map((seconds) => ({
  id: String(seconds),
  title:
    seconds < 60 ? `${seconds} seconds` : seconds === 60 ? '1 minute' : `${seconds / 60} minutes`,
}));
const sizes = [50, 100, 200, 400].map((megabytes) => ({
  id: String(megabytes),
  title: `${megabytes} MB`,
}));
const packetSizes = [
  { id: '128', title: '128 bytes', detail: 'Headers' },
  { id: '256', title: '256 bytes', detail: 'Headers in tunnels, and DNS' },
  { id: '1024', title: '1,024 bytes', detail: 'The beginning of what is sent' },
  { id: '0', title: 'Whole packets', detail: 'With all they carry: passwords and tokens, too' },
];
const protocols = [
  { id: 'any', title: 'Any' },
  { id: 'tcp', title: 'TCP' },
  { id: 'udp', title: 'UDP' },
  { id: 'icmp', title: 'ICMP' },
];

/** Limits of a capture, and which packets. @param onWish undefined: something typed is not right yet */
export function CaptureForm({
  wish,
  onWish,
}: {
  wish: CaptureWish;
  onWish: (wish: CaptureWish, isRight: boolean) => void;
}): ReactElement {
  const { filter } = wish;
  const [address, setAddress] = useState(filter.address ?? '');
  const [port, setPort] = useState(filter.port === null ? '' : String(filter.port));
  const badAddress = address.trim() !== '' && !isAddress(address.trim());
  const badPort = port.trim() !== '' && !isPort(port.trim());
  const change = (changes: Partial<CaptureWish>): void =>
    onWish({ ...wish, ...changes }, !badAddress && !badPort);
  const narrow = (changes: Partial<CaptureFilter>, isRight: boolean): void =>
    onWish({ ...wish, filter: { ...filter, ...changes } }, isRight);
  return (
    <>
      <div className="form-row">
        <Select
          label="Stops after"
          placeholder=""
          value={String(wish.seconds)}
          options={times}
          onChange={(id) => change({ seconds: Number(id) })}
        />
        <Select
          label="Keeps the last"
          placeholder=""
          value={String(wish.megabytes)}
          options={sizes}
          onChange={(id) => change({ megabytes: Number(id) })}
        />
        <Select
          label="Of each packet"
          placeholder=""
          value={String(wish.packetBytes)}
          options={packetSizes}
          onChange={(id) => change({ packetBytes: Number(id) })}
        />
      </div>
      <div className="form-row">
        <TextField
          label="Only from or to address"
          placeholder="Any"
          value={address}
          hint={badAddress ? <span className="problem">This is no IP address.</span> : undefined}
          onChange={(text) => {
            setAddress(text);
            const typed = text.trim();
            narrow({ address: isAddress(typed) ? typed : null }, !badPort && isOrNone(typed));
          }}
        />
        <TextField
          label="Only port"
          look="short"
          placeholder="Any"
          value={port}
          hint={badPort ? <span className="problem">1 to 65535</span> : undefined}
          onChange={(text) => {
            setPort(text);
            const typed = text.trim();
            const isRight = typed === '' || isPort(typed);
            narrow({ port: isPort(typed) ? Number(typed) : null }, !badAddress && isRight);
          }}
        />
        <Select
          label="Only protocol"
          placeholder=""
          value={filter.protocol ?? 'any'}
          options={protocols}
          onChange={(id) =>
            change({
              filter: {
                ...filter,
                protocol: id === 'tcp' || id === 'udp' || id === 'icmp' ? id : null,
              },
            })
          }
        />
      </div>
      <p className="dim">
        Services and NAT change addresses and ports on the way: what is limited to the address of a
        pod shows its packets as they leave and reach it, not what becomes of them behind it.
      </p>
    </>
  );
}

const isOrNone = (text: string): boolean => text === '' || isAddress(text);
const isPort = (text: string): boolean =>
  /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
