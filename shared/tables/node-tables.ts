import { nodeFacts } from '../views/node-facts';
import type { LogLevel } from '../model/logs';
import { evidenceCell, plain, source, text, time } from './cells';
import { rowsOf, type CellTone, type Table } from './table';

export const nodeFactsTable: Table = {
  columns: [
    { id: 'area', title: 'Area', width: 110 },
    { id: 'name', title: 'Fact', width: 240, middle: true },
    { id: 'value', title: 'Value', width: 420 },
    { id: 'source', title: 'Evidence', width: 160, mono: true },
  ],
  empty: {
    text: 'No versions and settings of the node were collected. The collector writes them; a CollectLogs folder holds only winver.txt.',
    command: 'kubelet.exe --version; kube-proxy.exe --version; Get-HotFix; Get-NetNat',
  },
  rows: (context) =>
    rowsOf(
      nodeFacts(context.snapshot).map((fact, index) => ({
        key: `${fact.area} ${fact.name}#${index}`,
        evidence: fact.evidence,
        cells: [text(fact.area), text(fact.name), text(fact.value), evidenceCell(fact.evidence)],
      })),
    ),
};

export const tcpConnectionsTable: Table = {
  columns: [
    { id: 'state', title: 'State', width: 110 },
    { id: 'local', title: 'Local address', width: 200, mono: true, middle: true },
    { id: 'localport', title: 'Local port', width: 90, align: 'end' },
    { id: 'remote', title: 'Remote address', width: 200, mono: true, middle: true },
    { id: 'remoteport', title: 'Remote port', width: 100, align: 'end' },
    { id: 'process', title: 'Process', width: 180 },
    { id: 'source', title: 'Evidence', width: 180, mono: true },
  ],
  empty: {
    text: 'No TCP connections were collected. They are in tcpconnections.txt.',
    command: 'Get-NetTCPConnection',
  },
  rows: ({ snapshot }) => {
    const names = new Map(snapshot.processes.map(({ pid, name }) => [pid, name]));
    return rowsOf(
      snapshot.tcpConnections.map((connection, index) => {
        const { pid } = connection;
        const name = pid === undefined ? undefined : names.get(pid);
        return {
          key: `${connection.localAddress ?? ''}:${connection.localPort}#${index}`,
          evidence: connection.evidence[0],
          cells: [
            text(connection.state),
            text(connection.localAddress),
            plain(connection.localPort),
            text(connection.remoteAddress),
            plain(connection.remotePort),
            text(name === undefined ? pid : `${name} (${pid})`),
            source(connection),
          ],
        };
      }),
    );
  },
};

const LEVEL_TONE: Readonly<Partial<Record<LogLevel, CellTone>>> = {
  fatal: 'error',
  error: 'error',
  warning: 'warning',
};

export const windowsEventsTable: Table = {
  columns: [
    { id: 'time', title: 'Time', width: 150 },
    { id: 'level', title: 'Level', width: 80 },
    { id: 'provider', title: 'Provider', width: 200, middle: true },
    { id: 'id', title: 'Event', width: 70, align: 'end' },
    { id: 'message', title: 'Message', width: 520 },
    { id: 'log', title: 'Log', width: 120, middle: true },
    { id: 'source', title: 'Evidence', width: 150, mono: true },
  ],
  empty: {
    text: 'No entries of Windows event logs were collected. Binary logs (.evtx) are listed, not read.',
    command:
      "Get-WinEvent -FilterHashtable @{ LogName = 'System'; StartTime = (Get-Date).AddDays(-1) } | select TimeCreated, Level, LevelDisplayName, ProviderName, Id, Message | ConvertTo-Csv -NoTypeInformation",
  },
  rows: ({ snapshot }) => {
    // The newest first, as event viewers show them.
    const events = [...snapshot.windowsEvents].sort((a, b) => (b.time ?? 0) - (a.time ?? 0));
    return rowsOf(
      events.map((event, index) => ({
        key: `${event.log} ${event.evidence[0]?.line ?? 0}#${index}`,
        evidence: event.evidence[0],
        cells: [
          time(event.time),
          text(event.level, LEVEL_TONE[event.level]),
          text(event.provider),
          plain(Number.isFinite(event.id) ? event.id : undefined),
          text(event.message.replace(/\s+/g, ' ').trim()),
          text(event.log),
          source(event),
        ],
      })),
    );
  },
};
