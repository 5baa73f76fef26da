import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nestedValue } from './nested-value';

describe('nested values', () => {
  it('reads objects in lists, with values that hold the separators', () => {
    const value = nestedValue(
      '{@{Type=OutBoundNAT; ExceptionList=System.Object[]}, @{Name=a; b=c, d; Path=x;y}}',
    );
    expect(value.kind === 'list' && value.items.length).toBe(2);
    const [first, second] = value.kind === 'list' ? value.items : [];
    expect(first?.kind === 'object' && first.fields.get('exceptionlist')?.kind).toBe('hidden');
    expect(second?.kind === 'object' && [...second.fields.keys()]).toEqual(['name', 'b', 'path']);
    expect(second?.kind === 'object' && second.fields.get('path')).toEqual({
      kind: 'text',
      text: 'x;y',
    });
  });

  it.each(['{a, b, c, d...}', '{a, b, c, d…}', '{a, b, c, d, ...}'])(
    'knows %s was cut after four',
    (text) => {
      const value = nestedValue(text);
      expect(value.kind === 'list' && [value.items.length, value.complete]).toEqual([4, false]);
    },
  );

  it('drops the half field of a cut object', () => {
    const value = nestedValue('@{LastErrorCode=0; LastUpdateTime=1319');
    expect(value.kind === 'object' && [value.complete, [...value.fields.keys()]]).toEqual([
      false,
      ['lasterrorcode'],
    ]);
  });

  it('reads nested objects and empty ones', () => {
    const value = nestedValue(
      '@{AdditionalParams=; Settings=@{Exceptions={10.0.0.0/8, 10.1.0.0/16}}; L={}}',
    );
    const settings = value.kind === 'object' ? value.fields.get('settings') : undefined;
    const exceptions = settings?.kind === 'object' ? settings.fields.get('exceptions') : undefined;
    expect(exceptions?.kind === 'list' && exceptions.items.length).toBe(2);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('{', '}', '@{', ';', ',', '=', 'a', ' ', '...')),
        (parts) => {
          nestedValue(parts.join(''));
        },
      ),
    );
    nestedValue('@{a='.repeat(50_000));
  });
});
