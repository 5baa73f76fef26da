import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { useCase } from '../stores/case';
import { PagedList, type Page } from './pages';

/**
 * A paged list that starts anew when `key` or the case changes. The list before stays on screen
 * until the new one has its first answer.
 */
export function usePages<T>(
  key: string,
  read: (offset: number, limit: number) => Promise<Page<T>>,
  pageSize = 100,
): PagedList<T> {
  const revision = useCase((state) => state.revision);
  // `key` stands for everything that `read` closes over.
  const pages = useMemo(() => new PagedList(read, { pageSize }), [key, revision, pageSize]);
  const shown = useRef(pages);
  useSyncExternalStore(pages.subscribe, () => pages.version);
  useEffect(() => pages.want(0, 0), [pages]);
  if (pages.matching !== undefined || pages.error !== undefined) shown.current = pages;
  return shown.current;
}
