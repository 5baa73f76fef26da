import type { ReactElement } from 'react';
import type { CaptureInfoView } from '../../shared/ipc/capture-schemas';
import { CommandLine } from '../controls/command-line';
import { LinkButton } from '../controls/button';
import { StatusMark } from '../controls/status-mark';
import { bytes, fileName } from '../controls/text';
import { CaptureOnNode } from '../live/capture-button';
import { useSnapshot } from '../stores/case';
import { openRaw } from '../stores/drawer';

/** Ways to capture, from the least to the most disturbing. */
const ways = [
  {
    title: 'pktmon, on Windows Server 2019 and later',
    text: 'Captures at every layer of the network stack, so that one packet is seen on its way through the node. Stop it when the symptom was seen.',
    commands: [
      'pktmon start --capture --comp all --pkt-size 256 -f C:\\pktmon.etl',
      'pktmon stop',
      'pktmon etl2pcap C:\\pktmon.etl --out C:\\pktmon.pcapng',
      'pktmon etl2txt C:\\pktmon.etl --out C:\\pktmon.txt',
    ],
  },
  {
    title: 'netsh trace, on every version',
    text: 'Captures packets with the events of the virtual switch and of VFP. The trace grows fast: give it a size.',
    commands: [
      'netsh trace start scenario=virtualization capture=yes maxsize=500 tracefile=C:\\server.etl',
      'netsh trace stop',
      'etl2pcapng.exe C:\\server.etl C:\\server.pcapng',
    ],
  },
  {
    title: 'startpacketcapture.ps1, beside collectlogs.ps1',
    text: 'Starts the traces that help with container networks, VFP and HNS together. Reproduce the symptom, then press a key.',
    commands: ['.\\startpacketcapture.ps1', 'etl2pcapng.exe C:\\server.etl C:\\server.pcapng'],
  },
] as const;

export function NoCaptures(): ReactElement {
  const { live } = useSnapshot();
  const known =
    'so packets were not looked at. Configuration tells which way a packet should go; a capture tells where it went.';
  return (
    <div className="notice">
      <StatusMark status="not-checked" label="Not checked" />
      {live === undefined ? (
        <p>
          No capture is in this bundle, {known} Make one while the symptom shows, then drop the
          .pcapng or .pcap file here:
        </p>
      ) : (
        <div className="capture-here">
          <p>
            No capture of this node is here, {known} Make one while the symptom shows: it is started
            on the node, fetched, and removed from there. Or make one by hand, and drop the .pcapng
            or .pcap file here.
          </p>
          <CaptureOnNode look="primary" />
        </div>
      )}
    </div>
  );
}

export function HowToCapture(): ReactElement {
  return (
    <>
      {ways.map((way) => (
        <section key={way.title} className="card capture-way">
          <h2>{way.title}</h2>
          <p className="dim">{way.text}</p>
          {way.commands.map((command) => (
            <CommandLine key={command} command={command} />
          ))}
        </section>
      ))}
    </>
  );
}

/** Windows traces are not read here: what turns them into something that is. */
export function ConvertTraces({ traces }: { traces: readonly CaptureInfoView[] }): ReactElement {
  return (
    <section className="card capture-way">
      <h2>Windows traces have to be converted first</h2>
      <p>
        An .etl file can only be read on Windows. Convert it there, then drop the result here; it
        joins this node. The text keeps the reasons of drops, which .pcapng has no place for.
      </p>
      <ul className="capture-traces" aria-label="Traces to convert">
        {traces.map((trace) => (
          <li key={trace.file}>
            <LinkButton onPress={() => openRaw({ file: trace.file, line: 1, endLine: 1 })}>
              {fileName(trace.file)}
            </LinkButton>{' '}
            <span className="dim tabular">{bytes(trace.bytes)}</span>
          </li>
        ))}
      </ul>
      <p className="dim">A trace of pktmon:</p>
      <CommandLine command={`pktmon etl2pcap ${nameOf(traces)} --out pktmon.pcapng`} />
      <CommandLine command={`pktmon etl2txt ${nameOf(traces)} --out pktmon.txt`} />
      <p className="dim">
        A trace of netsh or startpacketcapture.ps1, with etl2pcapng of Microsoft:
      </p>
      <CommandLine command={`etl2pcapng.exe ${nameOf(traces)} server.pcapng`} />
    </section>
  );
}

const nameOf = (traces: readonly CaptureInfoView[]): string =>
  fileName(traces[0]?.file ?? 'trace.etl');
