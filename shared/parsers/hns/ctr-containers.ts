import type { Container } from '../../model/system';
import { LineAccount, pastedLines } from '../line-account';
import type { Parser } from '../parser';
import { promptAt } from '../powershell/prompt';
import { containerTables, type ContainerRow } from './container-table';

/** `ctr c ls`, `crictl ps`, `crictl pods`. */
const HEADER =
  /^\s*(?:CONTAINER\s+IMAGE\s+RUNTIME\b|CONTAINER(?: ID)?\s+IMAGE\s+CREATED\s+STATE\s+NAME\b|POD ID\s+CREATED\s+STATE\s+NAME\b)/;
const PAUSE = /\bpause\b/i;

/** Containers of containerd: `ctr -n k8s.io c ls`, and the tables of `crictl ps` and `crictl pods`. */
export const ctrContainersParser: Parser = {
  kind: 'ctr-containers',
  title: 'containerd containers and pod sandboxes of the node',
  command: 'ctr -n k8s.io c ls',
  recognise(region, head) {
    if (head.some((line) => HEADER.test(line))) return 92;
    return /(^|\/)containers\.txt$/i.test(region.file.path) ? 30 : 0;
  },
  parse(region) {
    const account = new LineAccount(region);
    const lines = pastedLines(region);
    for (const { n, text } of lines) {
      if (/\b(ctr|crictl)(\.exe)?\b/i.test(promptAt(text)?.command ?? '')) account.claim(n);
    }
    const tables = containerTables(lines, HEADER);
    const items: Container[] = [];
    for (const { headerLine, columns, rows } of tables) {
      account.claim(headerLine);
      const sandboxes = columns[0] === 'POD ID';
      for (const row of rows) {
        const id = row.cell(columns[0] ?? '').toLowerCase();
        // ctr keeps any id a client chose; those of the CRI are hex.
        if (!/^[\w.-]{3,}$/.test(id)) {
          account.skip('A row without a container id', row.line);
          continue;
        }
        account.claim(row.line);
        items.push(containerOf(row, id, sandboxes, account));
      }
    }
    return account.result(...(tables.length > 0 ? [{ kind: 'containers', items } as const] : []));
  },
};

function containerOf(
  row: ContainerRow,
  id: string,
  sandbox: boolean,
  account: LineAccount,
): Container {
  const image = row.cell('IMAGE') || undefined;
  const name = row.cell('NAME') || undefined;
  return {
    id,
    image: image === '-' ? undefined : image,
    name,
    state: row.cell('STATE') || row.cell('STATUS') || undefined,
    runtime: 'containerd',
    isPause: sandbox || PAUSE.test(image ?? ''),
    podName: sandbox ? name : row.cell('POD') || undefined,
    podNamespace: row.cell('NAMESPACE') || undefined,
    evidence: [account.at(row.line)],
  };
}
