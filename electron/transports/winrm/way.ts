import type { TestedWay } from '../test-connection';
import { connectWinrm, type WinrmOptions } from './connect';
import type { WinrmTarget } from './socket';

/** WinRM as `testConnection` takes it. */
export const testedWinrm = (
  target: WinrmTarget,
  options: Omit<WinrmOptions, 'signal' | 'onPassed'>,
): TestedWay => ({
  host: target.host,
  open: (passed, signal) => connectWinrm(target, { ...options, signal, onPassed: passed }),
});
