import { describe, expect, it } from 'vitest';
import { Budget, checkEntryPath, NameRegister } from './guards';

describe('names of archive entries', () => {
  it.each([
    ['network.txt', 'network.txt'],
    ['adapters\\vEthernet (nat)_int.txt', 'adapters/vEthernet (nat)_int.txt'],
    ['./wfp//filters.xml', 'wfp/filters.xml'],
    ['console.log', 'console.log'],
    ['..data/x', '..data/x'],
  ])('takes %j as %j', (name, path) => {
    expect(checkEntryPath(name)).toEqual({ path });
  });

  it.each([
    ['../../etc/passwd', /leads out/],
    ['a/../b', /leads out/],
    ['..\\..\\windows\\x', /leads out/],
    ['/etc/passwd', /absolute/],
    ['C:\\windows\\x', /drive/],
    ['\\\\server\\share\\x', /network path/],
    ['file.txt:stream', /colon/],
    ['a\0b', /NUL/],
    ['a\nb', /control/],
    ['nul', /device/],
    ['logs/COM1.txt', /device/],
    ['a./b', /dot or a blank/],
    ['b ', /dot or a blank/],
    ['', /empty/],
    [Array.from({ length: 33 }, () => 'd').join('/'), /folders deep/],
    ['x'.repeat(1025), /longer than/],
  ])('refuses %j', (name, reason) => {
    const checked = checkEntryPath(name);
    expect('reason' in checked ? checked.reason : '').toMatch(reason);
  });

  it('refuses a second entry of a name, in any case', () => {
    const names = new NameRegister();
    expect(names.refuse('Network.txt')).toBeUndefined();
    expect(names.refuse('Network.txt')).toMatch(/second entry/);
    expect(names.refuse('network.TXT')).toMatch(/only in case/);
  });
});

describe('the budget', () => {
  it('asks once and goes on when told to', async () => {
    const asked: string[] = [];
    const budget = new Budget({
      limits: { totalBytes: 10 },
      confirmLarge: ({ what }) => {
        asked.push(what);
        return Promise.resolve(true);
      },
    });
    expect(await budget.admit('a', 8)).toBe('yes');
    expect(await budget.admit('b', 8)).toBe('yes');
    expect(await budget.admit('c', 8)).toBe('yes');
    expect(asked).toEqual(['total']);
  });

  it('refuses what is over the limit when nobody agrees, and takes what still fits', async () => {
    const budget = new Budget({ limits: { totalBytes: 10, entryBytes: 6 } });
    expect(await budget.admit('a', 7)).toMatchObject({
      reason: expect.stringMatching(/for one file/),
    });
    expect(await budget.admit('b', 6)).toBe('yes');
    expect(await budget.admit('c', 6)).toMatchObject({ reason: expect.stringMatching(/in all/) });
    expect(await budget.admit('d', 4)).toBe('yes');
  });

  it('refuses files that cannot be held, whatever the answer', async () => {
    const budget = new Budget({ confirmLarge: () => Promise.resolve(true) });
    expect(await budget.admit('a', 5 * 1024 ** 3)).toMatchObject({
      reason: expect.stringMatching(/4 GiB/),
    });
  });
});
