import { z } from 'zod';
import { ApiFailure } from './api-failure';
import type { ApiServer, Query } from './api-server';

/** An object of the API, as it came. */
export type ApiObject = Readonly<Record<string, unknown>>;

const listBody = z.object({
  kind: z.string(),
  apiVersion: z.string(),
  metadata: z
    .object({ resourceVersion: z.string().optional(), continue: z.string().optional() })
    .optional(),
  items: z.array(z.record(z.string(), z.unknown())).nullable(),
});

export interface ListOptions {
  readonly signal: AbortSignal;
  readonly query?: Query;
  readonly pageSize?: number;
  /** Objects of a page, each with its kind and apiVersion, which typed lists leave out. */
  readonly onPage: (items: readonly ApiObject[]) => void;
  /** The list expired while it was read: it begins anew, and what came before does not count. */
  readonly onRestart: () => void;
}

const PAGE = 500;
const RESTARTS = 3;
/** A server that always says "continue" ends here. */
const PAGES = 20_000;

/**
 * Reads a list page by page (limit and continue). A list that expired (410 Gone) begins anew.
 * @returns the version of the list, from which a watch may go on
 * @throws ApiFailure, TransportError
 */
export async function readList(
  api: ApiServer,
  path: string,
  options: ListOptions,
): Promise<{ readonly resourceVersion: string | undefined }> {
  const { signal, onPage, onRestart } = options;
  let next: string | undefined;
  let restarts = 0;
  for (let page = 0; page < PAGES; page += 1) {
    const query = { ...options.query, limit: options.pageSize ?? PAGE, continue: next };
    let body: unknown;
    try {
      body = await api.json(path, query, signal);
    } catch (error) {
      const expired = error instanceof ApiFailure && error.status === 410 && next !== undefined;
      if (!expired || restarts >= RESTARTS) throw error;
      restarts += 1;
      next = undefined;
      onRestart();
      continue;
    }
    const { success, data } = listBody.safeParse(body);
    if (!success) throw new ApiFailure(0, `${path}: the answer is no list`, false);
    const kind = data.kind.replace(/List$/, '');
    onPage((data.items ?? []).map((item) => ({ kind, apiVersion: data.apiVersion, ...item })));
    next = data.metadata?.continue === '' ? undefined : data.metadata?.continue;
    if (next === undefined) return { resourceVersion: data.metadata?.resourceVersion };
  }
  throw new ApiFailure(0, `${path}: the list does not end`, false);
}
