import { LineAccount, pastedLines } from '../line-account';
import type { Parser } from '../parser';
import { nestedValue } from '../powershell/nested-value';
import { readObjectTables, type ObjectTable, type TableRow } from '../powershell/object-table';
import { CollectedHns, type HnsListKind } from './collected';
import { hnsEndpoint } from './endpoint';
import { valueOfList, type HnsObject } from './hns-value';
import { commandAbove, listingCommands } from './listing-command';
import { hcnLoadBalancer } from './load-balancer';
import { hnsNamespace } from './namespace';
import { hnsNetwork } from './network';
import type { At } from './policy';

/** Columns that tell a table of HNS objects from other tables, by kind. */
const TABLES: readonly {
  readonly kind: HnsListKind;
  readonly columns: readonly (readonly string[])[];
}[] = [
  { kind: 'endpoints', columns: [['ipaddress', 'ipconfigurations'], ['macaddress']] },
  {
    kind: 'endpoints',
    columns: [
      ['virtualnetwork', 'virtualnetworkname', 'hostcomputenetwork'],
      ['id', 'name'],
    ],
  },
  { kind: 'load-balancers', columns: [['frontendvips', 'hostcomputeendpoints', 'references']] },
  { kind: 'namespaces', columns: [['compartmentid', 'compartmentguid', 'namespaceid'], ['id']] },
  {
    kind: 'networks',
    columns: [
      ['name'],
      ['type'],
      ['id'],
      ['addressprefix', 'managementip', 'state', 'subnets', 'ipams'],
    ],
  },
  { kind: 'networks', columns: [['name'], ['managementip', 'subnets']] },
];

/** The table that collectlogs.ps1 puts before the JSON: `Get-HnsNetwork | select Name, Type, Id, AddressPrefix`. */
export const hnsTableParser: Parser = {
  kind: 'hns-table',
  title: 'HNS objects as a PowerShell table',
  command: 'Get-HnsNetwork | select Name, Type, Id, AddressPrefix',
  recognise: (_region, head) =>
    readObjectTables(head.map((text, index) => ({ n: index + 1, text }))).some(tableKind) ? 80 : 0,
  parse(region) {
    const account = new LineAccount(region);
    const lines = pastedLines(region);
    const commands = listingCommands(lines, account);
    const collected = new CollectedHns(account);
    for (const table of readObjectTables(lines)) {
      const kind = tableKind(table);
      if (!kind) continue;
      account.claim(table.line, table.endLine);
      if (!table.columns.some((column) => column.toLowerCase() === 'id')) {
        account.note(
          'info',
          'The table names no ids, so its rows cannot be told from the same objects elsewhere',
          table.line,
          table.endLine,
        );
        continue;
      }
      collected.list(kind);
      if (commandAbove(commands, table.line)?.filtered === true) collected.cut(kind);
      for (const row of table.rows) {
        if (keepRow(kind, row, collected, (range) => account.at(range.line, range.endLine)))
          continue;
        collected.cut(kind);
        account.note('skipped', 'A row without a whole id', row.line);
      }
    }
    return account.result(...collected.facts());
  },
};

function tableKind(table: ObjectTable): HnsListKind | undefined {
  const has = new Set(table.columns.map((column) => column.toLowerCase()));
  return TABLES.find(({ columns }) => columns.every((names) => names.some((name) => has.has(name))))
    ?.kind;
}

function keepRow(kind: HnsListKind, row: TableRow, collected: CollectedHns, at: At): boolean {
  const object = rowObject(row);
  switch (kind) {
    case 'networks': {
      const network = hnsNetwork(object, at);
      if (network) collected.network(network);
      return network !== undefined;
    }
    case 'endpoints': {
      const endpoint = hnsEndpoint(object, at);
      if (endpoint) collected.endpoint(endpoint);
      return endpoint !== undefined;
    }
    case 'load-balancers': {
      const loadBalancer = hcnLoadBalancer(object, at);
      if (loadBalancer) collected.loadBalancer(loadBalancer);
      return loadBalancer !== undefined;
    }
    case 'namespaces': {
      const namespace = hnsNamespace(object, at);
      if (namespace) collected.namespace(namespace);
      return namespace !== undefined;
    }
  }
}

/** A row as an object; values that the table cut short are left out. */
function rowObject(row: TableRow): HnsObject {
  const properties = new Map(
    [...row.cells]
      .filter(
        ([name, text]) => text !== '' && (!row.cut.has(name) || nestedValue(text).kind === 'list'),
      )
      .map(([name, value]) => [name, { name, value, line: row.line, endLine: row.line }]),
  );
  return valueOfList({ properties, line: row.line, endLine: row.line, complete: true });
}
