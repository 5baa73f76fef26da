import type { ReactElement } from 'react';
import { CommandLine } from '../controls/command-line';
import { LinkButton } from '../controls/button';
import { StatusMark } from '../controls/status-mark';
import { bytes, counted, fileName } from '../controls/text';
import { openRaw } from '../stores/drawer';
import { useCaptures } from './use-captures';

/** Ways to capture, from the least to the most disturbing. */
const ways = [
  {
    title: 'pktmon, on Windows Server 2019 and later',
    text: 'Counts and captures at every layer of the network stack, with the reason of a drop. Stop it when the symptom was seen.',
    commands: [
      'pktmon start --capture --comp nics --pkt-size 128 -f C:\\pktmon.etl',
      'pktmon stop',
      'pktmon etl2txt C:\\pktmon.etl -o C:\\pktmon.txt',
    ],
  },
  {
    title: 'netsh trace, on every version',
    text: 'Captures packets with the events of the virtual switch and of VFP. The trace grows fast: give it a size.',
    commands: [
      'netsh trace start scenario=virtualization capture=yes maxsize=500 tracefile=C:\\server.etl',
      'netsh trace stop',
    ],
  },
  {
    title: 'startpacketcapture.ps1, beside collectlogs.ps1',
    text: 'Starts the traces that help with container networks, VFP and HNS together. Reproduce the symptom, then press a key.',
    commands: ['.\\startpacketcapture.ps1'],
  },
] as const;

/** Which captures were brought along; if none, how to make one. */
export function CapturesView(): ReactElement {
  const known = useCaptures();
  const captures = known ?? [];
  return (
    <div className="page-body">
      {known !== undefined && captures.length === 0 ? (
        <div className="notice">
          <StatusMark status="not-checked" label="Not checked" />
          <p>
            No capture is in this bundle, so packets were not looked at. Configuration tells which
            way a packet should go; a capture tells where it went. Make one while the symptom shows:
          </p>
        </div>
      ) : null}
      {captures.length === 0 ? null : (
        <ul className="card check-list" aria-label="Captures">
          {captures.map((file) => (
            <li key={file.path} className="check-row">
              <StatusMark status="info" />
              <div className="text">
                <LinkButton onPress={() => openRaw({ file: file.path, line: 1, endLine: 1 })}>
                  {fileName(file.path)}
                </LinkButton>
                <div className="reason">
                  {file.title} · {bytes(file.bytes)}
                  {file.lineCount > 0 ? ` · ${counted(file.lineCount, 'line')}` : ''}
                </div>
              </div>
            </li>
          ))}
        </ul>
      )}
      {ways.map((way) => (
        <section key={way.title} className="card capture-way">
          <h2>{way.title}</h2>
          <p className="dim">{way.text}</p>
          {way.commands.map((command) => (
            <CommandLine key={command} command={command} />
          ))}
        </section>
      ))}
    </div>
  );
}
