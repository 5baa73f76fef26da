import { describe, expect, it } from 'vitest';
import { collectorCommand } from '../../collect/collector-command';
import { encodedCommand } from '../encoded-command';
import { inputAsArgument } from './input-as-argument';

describe('input in the command line', () => {
  it('is piped into the same script, and the collector fits', () => {
    const { command, input } = collectorCommand({});
    const argv = inputAsArgument(command, input);
    const script = argv.at(-1) ?? '';
    expect(argv.slice(0, -1)).toEqual([
      'powershell.exe',
      '-NoLogo',
      '-NoProfile',
      '-NonInteractive',
      '-Command',
    ]);
    const [packed = '', parameters = ''] = Buffer.from(input).toString().trim().split('\n');
    expect(script.startsWith(`'${packed}','${parameters}' | & {\n$ProgressPreference=`)).toBe(true);
    expect(script.length).toBeLessThan(31_000);
  });

  it('is refused where it does not fit, or could be read as more than a text', () => {
    const command = encodedCommand('$input');
    expect(() => inputAsArgument(command, Buffer.alloc(40_000, 'A'))).toThrow(/too long.*SSH/);
    expect(() => inputAsArgument(command, Buffer.from("'; calc; '"))).toThrow(/cannot be run/);
    expect(() => inputAsArgument('cmd.exe /c dir', Buffer.from('A'))).toThrow(/cannot be run/);
  });
});
