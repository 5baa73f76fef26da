import { expect, it } from 'vitest';
import { safeJson } from './json-text';

it('escapes what a terminal would obey and changes no value', () => {
  const value = { name: 'a\u009b2Jb\u202ec\u007f\u001b[31m', other: 'الخادم ü' };
  const json = safeJson(JSON.stringify(value));
  expect(json).toBe('{"name":"a\\u009b2Jb\\u202ec\\u007f\\u001b[31m","other":"الخادم ü"}');
  expect(JSON.parse(json)).toEqual(value);
});
