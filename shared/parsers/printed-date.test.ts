import { describe, expect, it } from 'vitest';
import { dateOrderOf, printedDate } from './printed-date';

const at = (text: string, order?: 'month-first' | 'day-first'): string | undefined => {
  const date = printedDate(text, order);
  return date && `${new Date(date.time).toISOString().slice(0, 19)} ${date.zone}`;
};

describe('dates as Windows prints them', () => {
  it.each([
    ['2024-05-14T09:20:00.1234567+02:00', '2024-05-14T07:20:00 utc'],
    ['2024-05-14T09:20:00Z', '2024-05-14T09:20:00 utc'],
    ['2024-05-14T09:20:00.1234567', '2024-05-14T09:20:00 local'],
    ['2024-05-14', '2024-05-14T00:00:00 local'],
    ['20240514092000.123456+120', '2024-05-14T07:20:00 utc'],
    ['/Date(1715678400000)/', '2024-05-14T09:20:00 utc'],
    ['5/14/2024 9:20:00 AM', '2024-05-14T09:20:00 local'],
    ['5/14/2024 12:05:00 AM', '2024-05-14T00:05:00 local'],
    ['5/14/2024 12:05:00\u202fPM', '2024-05-14T12:05:00 local'],
    ['14/05/2024 21:20:00', '2024-05-14T21:20:00 local'],
    ['04.05.2024 09:20:00', '2024-05-04T09:20:00 local'],
    ['2024/5/14 9:20:00', '2024-05-14T09:20:00 local'],
    ['2024/5/14 下午 09:20:00', '2024-05-14T21:20:00 local'],
    ['2024. 05. 14. 9:20:00', '2024-05-14T09:20:00 local'],
    ['5/5/2024 9:20', '2024-05-05T09:20:00 local'],
  ])('reads %s', (text, expected) => {
    expect(at(text)).toBe(expected);
  });

  it('does not guess whether day or month comes first', () => {
    expect(at('4/5/2024 9:20:00')).toBeUndefined();
    expect(at('4-5-2024 9:20:00')).toBeUndefined();
    expect(at('4/5/2024 9:20:00', 'month-first')).toBe('2024-04-05T09:20:00 local');
    expect(at('4/5/2024 9:20:00', 'day-first')).toBe('2024-05-04T09:20:00 local');
  });

  it('tells the order by dates that allow only one', () => {
    expect(dateOrderOf(['4/5/2024', '4/13/2024 9:00:00'])).toBe('month-first');
    expect(dateOrderOf(['4/5/2024', '13/4/2024'])).toBe('day-first');
    expect(dateOrderOf(['4/5/2024'])).toBeUndefined();
    expect(dateOrderOf(['13/4/2024', '4/13/2024'])).toBeUndefined();
  });

  it.each(['', 'yesterday', '31/2/2024 9:00', '5/14/2024 9:20:00 xy', '99/99/2024', '14 mai 2024'])(
    'leaves %s alone',
    (text) => {
      expect(at(text)).toBeUndefined();
    },
  );
});
