import { flowOfChain } from '../../../shared/chains/chain-flow';
import { objectView } from '../../../shared/inspect/object-view';
import { RULES } from '../../../shared/rules/catalogue';
import { blankSecrets } from '../../../shared/secrets/blank-secrets';
import { TABLES } from '../../../shared/tables';
import { orderOf, pageOf } from '../../../shared/tables/table';
import { cniDocuments } from '../../../shared/views/cni-documents';
import { logOrder, logRows, staleness } from '../../../shared/views/log-view';
import { search } from '../../../shared/views/search';
import { vfpPipeline } from '../../../shared/views/vfp-pipeline';
import { chainsOf } from './chains-of';
import { graphPage } from './graph-page';
import { contextOf, fitting, PAGE_BYTES, type Handlers } from './handler';

/** Related objects shown at once in the inspector. */
const MAX_RELATED = 100;

type ViewChannel =
  | 'table:page'
  | 'object:get'
  | 'graph:hns'
  | 'vfp:pipeline'
  | 'chains:get'
  | 'logs:summary'
  | 'logs:page'
  | 'cni:documents'
  | 'search';

export const viewCalls: Handlers<ViewChannel> = {
  'table:page': ({ snapshotId, table: id, scope, filter, sort, offset, limit }, about) => {
    const context = contextOf(about, snapshotId);
    const table = TABLES[id];
    const key = JSON.stringify([snapshotId, id, scope]);
    const source = about.case.keep('table', key, () => table.rows(context, scope));
    const order = about.case.keep('table-order', JSON.stringify([key, filter, sort]), () =>
      orderOf(source, table.columns, { filter, sort }),
    );
    const page = pageOf(source, order, offset, limit, PAGE_BYTES);
    const implied = new Set(scope === undefined ? [] : table.implied?.(scope, context));
    const isShown = table.columns.map((column) => !implied.has(column.id));
    return {
      columns: table.columns.filter((_, at) => isShown[at]),
      ...page,
      rows: page.rows.map(({ cells, ...row }) => ({
        ...row,
        cells: cells.filter((_, at) => isShown[at]).map(({ sort: _sort, ...cell }) => cell),
      })),
      ...(source.count === 0 ? { empty: table.empty } : {}),
    };
  },
  'object:get': ({ snapshotId, kind, id }, about) => {
    const view = objectView(contextOf(about, snapshotId), kind, id);
    if (!view) return null;
    const { contradictionNames: _names, ...shown } = view;
    return {
      ...shown,
      related: view.related.map((r) => ({
        title: r.title,
        refs: r.refs.slice(0, MAX_RELATED),
        total: r.refs.length,
      })),
      evidence: view.evidence.slice(0, 50),
      contradictions: view.contradictions.map(({ field, values }) => ({ field, values })),
    };
  },
  'graph:hns': ({ snapshotId, ...request }, about) =>
    graphPage(contextOf(about, snapshotId), request),
  'vfp:pipeline': ({ snapshotId, portId, direction }, about) =>
    vfpPipeline(contextOf(about, snapshotId), portId, direction) ?? null,
  'chains:get': ({ snapshotId, symptom }, about) => {
    const { snapshot } = contextOf(about, snapshotId);
    const { case: theCase } = about.case.state;
    const shown = chainsOf(about, snapshotId)
      .filter((chain) => chain.symptom === symptom)
      .map((chain) => ({ ...chain, flow: flowOfChain(chain, snapshot, theCase) }));
    return { chains: fitting(shown) };
  },
  'logs:summary': ({ snapshotId }, about) => {
    const context = contextOf(about, snapshotId);
    return {
      files: context.snapshot.logs.map((log) => ({
        path: log.file,
        component: log.component,
        format: log.format,
        entries: log.entryCount,
        errors: log.counts.error + log.counts.fatal,
        warnings: log.counts.warning,
        firstTime: log.firstTime,
        lastTime: log.lastTime,
        clock: log.clock,
        staleness: staleness(context, log),
      })),
    };
  },
  'logs:page': ({ snapshotId, offset, limit, ...request }, about) => {
    const context = contextOf(about, snapshotId);
    const order = about.case.keep('logs', JSON.stringify([snapshotId, request]), () =>
      logOrder(context, request),
    );
    return {
      entries: logRows(context, order, offset, limit, PAGE_BYTES).map(
        ({ key, component, entry, findings }) => ({
          key,
          component,
          level: entry.level,
          time: entry.time,
          text: blankSecrets([entry.text]).join('\n'),
          evidence: entry.evidence,
          findings,
        }),
      ),
      offset,
      matching: order.entries.length,
      total: order.total,
    };
  },
  'cni:documents': ({ snapshotId }, about) => ({
    documents: cniDocuments(contextOf(about, snapshotId)),
  }),
  search: ({ snapshotId, text, limit }, about) => ({
    results: search(contextOf(about, snapshotId), RULES, text, limit),
  }),
};
