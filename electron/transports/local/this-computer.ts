import type { TestedWay } from '../test-connection';
import type { NodeWay } from '../transport';
import { runProgram, systemPowershell } from './powershell';

/**
 * The node that this program runs on itself: the same commands, by this computer's PowerShell.
 * @param powershell in place of the system's, for tests
 * @throws TransportError where this is no Windows
 */
export function thisComputer(powershell: string = systemPowershell()): NodeWay {
  return {
    runner: {
      run: (command, options) => {
        const [, ...args] = command.split(' ');
        return runProgram(powershell, args, options);
      },
    },
    close: () => undefined,
  };
}

/** This computer as `testConnection` takes it. */
export const testedThisComputer = (powershell?: string): TestedWay => ({
  host: undefined,
  open: (passed) => {
    const way = thisComputer(powershell);
    passed('port', 'This computer itself: there is no port.');
    passed('host-key', 'This computer itself: there is nobody in between.');
    passed('authentication', 'The user who runs this program.');
    return Promise.resolve(way);
  },
});
