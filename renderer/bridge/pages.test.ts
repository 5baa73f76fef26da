import { describe, expect, it, vi } from 'vitest';
import { PagedList } from './pages';

const numbers = Array.from({ length: 950 }, (_, index) => index);

describe('a paged list', () => {
  it('reads only the pages that are wanted, and each once', async () => {
    const read = vi.fn((offset: number, limit: number) =>
      Promise.resolve({
        items: numbers.slice(offset, offset + limit),
        offset,
        matching: numbers.length,
      }),
    );
    const list = new PagedList(read);
    list.want(0, 20);
    list.want(5, 25);
    await vi.waitFor(() => expect(list.at(99)).toBe(99));
    expect(list.matching).toBe(950);
    expect(list.at(500)).toBeUndefined();
    list.want(940, 949);
    await vi.waitFor(() => expect(list.at(949)).toBe(949));
    expect(read.mock.calls.map(([offset]) => offset)).toEqual([0, 900]);
  });

  it('goes on reading when an answer was cut', async () => {
    const list = new PagedList((offset) =>
      Promise.resolve({ items: numbers.slice(offset, offset + 30), offset, matching: 950 }),
    );
    list.want(0, 10);
    await vi.waitFor(() => expect(list.at(99)).toBe(99));
  });

  it('tells of an error and may try again', async () => {
    let fails = true;
    const list = new PagedList((offset) =>
      fails
        ? Promise.reject(new Error('gone'))
        : Promise.resolve({ items: [7], offset, matching: 1 }),
    );
    list.want(0, 0);
    await vi.waitFor(() => expect(list.error).toBeInstanceOf(Error));
    fails = false;
    list.want(0, 0);
    await vi.waitFor(() => expect(list.at(0)).toBe(7));
  });

  it('forgets pages far from what is seen', async () => {
    const list = new PagedList(
      (offset, limit) =>
        Promise.resolve({ items: numbers.slice(offset, offset + limit), offset, matching: 950 }),
      { pageSize: 10, keepPages: 4 },
    );
    for (let at = 0; at < 900; at += 10) {
      list.want(at, at);
      await vi.waitFor(() => expect(list.at(at)).toBe(at));
    }
    expect(list.at(0)).toBeUndefined();
    expect(list.at(890)).toBe(890);
  });
});
