import { expect, it } from 'vitest';
import { shown } from './shown';

it('shows what would reorder a text by its code, also among other children and in names', () => {
  expect(
    shown({ children: ['pod ', 'web\u202egnp.exe', 7], title: 'a\u2066b', id: 'x\u202e' }),
  ).toEqual({
    children: ['pod ', 'web<U+202E>gnp.exe', 7],
    title: 'a<U+2066>b',
    id: 'x\u202e',
  });
});

it('leaves everything else as it is', () => {
  const props = { children: ['الخادم', '14\u200e/05\u200e/2024', null], title: 'win-webserver' };
  expect(shown(props)).toBe(props);
});
