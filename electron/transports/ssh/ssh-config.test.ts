import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ignoredOnWay } from './hops';
import { sshAddress } from './ssh-address';
import { SshConfig } from './ssh-config';

const CONFIG = `
Port 2200
Host win-* !win-old
  HostName %h.lab.example
  User = "LAB\\operator"   # a comment
  IdentityFile ~/.ssh/lab key
  IdentityFile "~/.ssh/lab key"
  ProxyJump bastion,ops@second:2222
Host bastion
	Port 22
	ProxyCommand nc %h %p
Match host win-1
  User somebody
Host *
  User fallback
  ForwardAgent yes
`;

describe('~/.ssh/config', () => {
  const config = SshConfig.parse(CONFIG, 'config');

  it('gives the first value found for a host', () => {
    expect(config.of('win-1')).toEqual({
      hostName: 'win-1.lab.example',
      user: 'LAB\\operator',
      port: 2200,
      identityFiles: [join(homedir(), '.ssh/lab'), join(homedir(), '.ssh/lab key')],
      proxyJump: ['bastion', 'ops@second:2222'],
    });
    expect(config.of('win-old')).toMatchObject({ hostName: undefined, user: 'fallback' });
    expect(config.of('bastion').port).toBe(2200);
  });

  it('says what it ignores, with the line', () => {
    expect(config.notes).toEqual([
      'config:11: ProxyCommand is ignored',
      'config:12: a Match block is ignored',
      'config:16: ForwardAgent is ignored',
    ]);
  });

  it('says of the hosts of a way what of theirs it ignores', () => {
    const way = (...jumps: string[]): readonly string[] =>
      ignoredOnWay({ target: { user: undefined, host: 'win-1', port: undefined }, jumps }, config);
    expect(way('other')).toEqual([
      'Ignored in ~/.ssh/config: a Match block (line 12), ForwardAgent (line 16).',
    ]);
    // By the settings themselves it goes through bastion.
    expect(way()[0]).toContain('ProxyCommand (line 11)');
    const plain = SshConfig.parse('Host a\n  User b\nHost c\n  ProxyCommand d', 'config');
    expect(
      ignoredOnWay({ target: { user: undefined, host: 'a', port: undefined }, jumps: [] }, plain),
    ).toEqual([]);
  });

  it('is empty where there is no file', async () => {
    const none = await SshConfig.read(join(homedir(), 'no/such/config'));
    expect(none.of('x').user).toBeUndefined();
  });
});

describe('addresses', () => {
  it.each([
    ['ssh://node', undefined, 'node', undefined],
    ['operator@node:2222', 'operator', 'node', 2222],
    ['ssh://LAB%5Coperator@node/', 'LAB\\operator', 'node', undefined],
    ['ssh://operator@lab.example@node', 'operator@lab.example', 'node', undefined],
    ['ssh://op@[fe80::1]:22', 'op', 'fe80::1', 22],
  ])('%s', (text, user, host, port) => {
    expect(sshAddress(text)).toEqual({ user, host, port });
  });

  it.each(['ssh://', 'ssh://a b', 'ssh://node:99999', 'ssh://-oProxyCommand=x', 'ssh://@node'])(
    '%s is none',
    (text) => expect(() => sshAddress(text)).toThrow(/is no address/),
  );

  it('with a password are refused without repeating it', () => {
    expect(() => sshAddress('ssh://op:hunter2@node')).toThrow(/^(?!.*hunter2).*password/);
  });
});
