import { macText } from '../../model/ids';
import type { HeaderLine } from '../../ipc/trace-schemas';
import { addressText, type PacketHeader } from '../../trace/packet';

/**
 * A header as short lines: its tunnels, source, destination, MACs. A line is marked as changed where
 * it differs from `before`; without it nothing is.
 */
export function headerLines(
  header: PacketHeader,
  before: PacketHeader | undefined = header,
): readonly HeaderLine[] {
  const known = new Map(lines(before).map(({ label, text }) => [label, text]));
  return lines(header).map((line) => ({ ...line, changed: known.get(line.label) !== line.text }));
}

/** Only what a step changed. */
export function changedLines(before: PacketHeader, after: PacketHeader): readonly HeaderLine[] {
  const out = headerLines(after, before).filter(({ changed }) => changed);
  if (after.encap.length >= before.encap.length) return out;
  return [{ label: 'tunnel', text: 'the outer header is gone', changed: true }, ...out];
}

function lines(header: PacketHeader): readonly Omit<HeaderLine, 'changed'>[] {
  const { sourceMac, destinationMac, protocol } = header;
  return [
    ...header.encap.map(({ sourceIp, destinationIp, vni }) => ({
      label: 'tunnel',
      text: `VXLAN ${vni ?? '?'}: ${sourceIp ?? '?'} → ${destinationIp}`,
    })),
    { label: 'from', text: address(header.sourceIp, header.sourcePort, protocol) },
    { label: 'to', text: address(header.destinationIp, header.destinationPort, protocol) },
    ...(sourceMac === undefined ? [] : [{ label: 'MAC', text: macText(sourceMac) }]),
    ...(destinationMac === undefined ? [] : [{ label: '→ MAC', text: macText(destinationMac) }]),
  ];
}

/** A port that is not known is left out: it is the sender's choice. */
const address = (ip: string, port: number | undefined, protocol: number): string =>
  port === undefined ? ip : addressText(ip, port, protocol);
