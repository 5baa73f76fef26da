import { describe, expect, it } from 'vitest';
import { SCENARIOS } from '../synthetic/scenarios';
import { caseOf } from '../synthetic/case-of';
import { RULES } from './catalogue';
import { argument, kubectlOnPod, quotedPart } from './commands';
import { analyse } from './engine';

describe('a name of the evidence in a command to copy', () => {
  it.each([
    'win-webserver-d4b9ed4438-t1s1l',
    '10.244.0.0/16',
    'fd00::1',
    'C:\\k\\cni\\cni.conf',
    '<pod>',
  ])('stands as it is where it is one plain word: %s', (text) => expect(argument(text)).toBe(text));

  it.each([
    ['web; Remove-Item C:\\ -Recurse', "'web; Remove-Item C:\\ -Recurse'"],
    ['$(calc)', "'$(calc)'"],
    ["a'; calc; '", "'a''; calc; '''"],
    // PowerShell takes typographic quotes for quotes.
    ['a’; calc', "'a’’; calc'"],
    ['a\nb', "'a b'"],
    ['', "''"],
  ])('is one argument in which nothing runs: %s', (text, written) =>
    expect(argument(text)).toBe(written),
  );

  it('is left to the reader where it would be an option', () => {
    expect(kubectlOnPod('delete', { name: '--all' })).toBe('kubectl delete pod <name>');
  });

  it('ends no quotes that are there already', () => {
    expect(quotedPart('a" ; $(calc) `')).toBe('a`" ; `$(calc) ``');
  });
});

it('a pod is named with its namespace, or left open', () => {
  expect(kubectlOnPod('describe', { name: 'web', namespace: 'shop' })).toBe(
    'kubectl describe pod web -n shop',
  );
  expect(kubectlOnPod('delete', undefined)).toBe('kubectl delete pod <pod>');
});

describe.each(SCENARIOS.filter(({ expectedRule }) => expectedRule !== undefined))(
  'forged names on $id',
  ({ bundle }) => {
    it('run nothing in the commands of remedies', () => {
      const forged = new Map(
        [...bundle()].map(([path, text]) => [
          path,
          text.replace(/\b(win-[0-9a-z]+(?:-[0-9a-z]+)*|cbr0|vxlan0)\b/g, '$1;calc'),
        ]),
      );
      const commands = analyse(caseOf(forged), RULES)
        .findings.flatMap(({ remedy }) => remedy)
        .flatMap(({ command, verify }) => [
          command ?? '',
          verify?.kind === 'command' ? verify.command : '',
        ]);
      expect(commands.length).toBeGreaterThan(0);
      expect(commands.filter((each) => each.replace(/'[^']*'/g, '').includes(';calc'))).toEqual([]);
    });
  },
);
