import { create } from 'zustand';
import type { Result } from '../../shared/ipc/contract';
import { call } from '../bridge/call';

type AppState = Result<'app:state'>;

/** What main says of the application: version, recent items, samples. */
export const useAppInfo = create<{ readonly info: AppState | null }>(() => ({ info: null }));

/** Asks main again, after something was opened. */
export async function readAppInfo(): Promise<AppState> {
  const info = await call('app:state', {});
  useAppInfo.setState({ info });
  return info;
}

/** True on macOS, where the command key takes the place of Ctrl. */
export function isMac(): boolean {
  return (
    (useAppInfo.getState().info?.platform ?? '') === 'darwin' ||
    navigator.userAgent.includes('Macintosh')
  );
}
