import { canonicalIp } from '../model/ip';
import type { TcpConnection } from '../model/tcpip';
import { LineAccount, pastedLines } from './line-account';
import type { Parser } from './parser';
import { claimEchoes, hasColumns, printedNumber, printedObjects } from './printed-objects';

const address = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : canonicalIp(text);

/** `Get-NetTCPConnection`: connections and listeners of the host. Columns that do not fit are lost. */
export const tcpConnectionsParser: Parser = {
  kind: 'tcp-connections',
  title: 'TCP connections and listeners of the node',
  command: 'Get-NetTCPConnection',
  recognise(region, head) {
    if (hasColumns(head, 'localaddress', 'localport', 'state')) return 90;
    return /tcpconnections\.txt$/i.test(region.file.path) ? 38 : 0;
  },
  parse(region) {
    const account = new LineAccount(region);
    const lines = pastedLines(region);
    claimEchoes(lines, account, /Get-NetTCPConnection/i);
    const items: TcpConnection[] = [];
    const objects = printedObjects(lines, account, [['localaddress'], ['localport'], ['state']]);
    for (const object of objects) {
      const localPort = printedNumber(object.value('localport'));
      const state = object.value('state');
      if (localPort === undefined || state === undefined || account.endsInside(object.endLine)) {
        account.note('skipped', 'The connection is cut', object.line, object.endLine);
        continue;
      }
      items.push({
        localAddress: address(object.value('localaddress')),
        localPort,
        remoteAddress: address(object.value('remoteaddress')),
        remotePort: printedNumber(object.value('remoteport')),
        state,
        pid: printedNumber(object.value('owningprocess')),
        evidence: [account.at(object.line, object.endLine)],
      });
    }
    return account.result(
      ...(objects.length > 0 ? [{ kind: 'tcp-connections', items } as const] : []),
    );
  },
};
