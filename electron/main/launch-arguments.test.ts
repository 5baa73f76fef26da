import path from 'node:path';
import { expect, test } from 'vitest';
import { readLaunchArguments } from './launch-arguments';

test('in development the first name is the application itself', () => {
  const argv = ['/x/electron', '--no-sandbox', '/project', 'logs', '--capture=/tmp/a.png'];
  expect(readLaunchArguments(argv, '/home/me', true)).toEqual({
    paths: [path.resolve('/home/me/logs')],
    capture: '/tmp/a.png',
    sample: undefined,
  });
});

test('an installed application takes every name as a bundle', () => {
  const argv = ['/opt/hns-workbench', '/a/b.zip', 'c', '--sample=healthy-overlay'];
  expect(readLaunchArguments(argv, '/w', false)).toEqual({
    paths: [path.resolve('/a/b.zip'), path.resolve('/w/c')],
    capture: undefined,
    sample: 'healthy-overlay',
  });
});
