import type { Container } from '../../model/system';
import { LineAccount, pastedLines } from '../line-account';
import type { Parser } from '../parser';
import { promptAt } from '../powershell/prompt';
import { containerTables } from './container-table';

const HEADER = /^\s*CONTAINER ID\s+IMAGE\s+COMMAND\s+/;
const PAUSE = /\bpause\b|kubeletwin\/pause/i;

/** `docker ps -a`. The kubelet names containers `k8s_<container>_<pod>_<namespace>_<uid>_<attempt>`. */
export const dockerPsParser: Parser = {
  kind: 'docker-ps',
  title: 'Docker containers of the node',
  command: 'docker ps -a',
  recognise(region, head) {
    if (head.some((line) => HEADER.test(line))) return 92;
    return /(^|\/)docker\.txt$/i.test(region.file.path) ? 30 : 0;
  },
  parse(region) {
    const account = new LineAccount(region);
    const lines = pastedLines(region);
    const items: Container[] = [];
    const tables = containerTables(lines, HEADER);
    for (const { n, text } of lines)
      if (/\bdocker\s+ps\b/i.test(promptAt(text)?.command ?? '')) account.claim(n);
    for (const { headerLine, rows } of tables) {
      account.claim(headerLine);
      for (const row of rows) {
        const id = row.cell('CONTAINER ID');
        if (!/^[0-9a-f]{6,64}$/i.test(id)) {
          account.skip('A row without a container id', row.line);
          continue;
        }
        account.claim(row.line);
        const name = row.cell('NAMES') || undefined;
        const [prefix, container, pod, namespace] = (name ?? '').split('_');
        const kubelet = prefix === 'k8s' && pod !== undefined && namespace !== undefined;
        const image = row.cell('IMAGE') || undefined;
        items.push({
          id: id.toLowerCase(),
          image,
          name,
          state: row.cell('STATUS').split(/\s/)[0] || undefined,
          runtime: 'docker',
          isPause: (kubelet && container === 'POD') || PAUSE.test(image ?? ''),
          podName: kubelet ? pod : undefined,
          podNamespace: kubelet ? namespace : undefined,
          evidence: [account.at(row.line)],
        });
      }
    }
    return account.result(...(tables.length > 0 ? [{ kind: 'containers', items } as const] : []));
  },
};
