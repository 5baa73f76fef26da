import { useEffect, type ReactElement } from 'react';
import { call, callsUnderWay } from '../bridge/call';
import { OpenDialogs } from '../dialogs/open-dialogs';
import { DropAnywhere } from '../evidence/drop-anywhere';
import { FailedView } from '../loading/failed-view';
import { LoadingView } from '../loading/loading-view';
import { NodesScreen } from '../live/nodes-screen';
import { useAppInfo } from '../stores/app-info';
import { screenOf, useCase } from '../stores/case';
import { narrowWidth, useLayout } from '../stores/layout';
import { WelcomeView } from '../welcome/welcome-view';
import { CaseFrame } from './case-frame';
import { ObjectMenu } from './object-menu';
import { StatusBar } from './status-bar';
import { Toasts } from './toasts';
import { TopBar } from './top-bar';

/** The whole window. */
export function App(): ReactElement {
  useWindowWidth();
  useReadySignal();
  const screen = useCase(screenOf);
  return (
    <>
      <div className="frame">
        <TopBar />
        <div className="frame-body">
          {screen === 'welcome' ? <WelcomeView /> : null}
          {screen === 'loading' ? <LoadingView /> : null}
          {screen === 'failed' ? <FailedView /> : null}
          {screen === 'nodes' ? <NodesScreen /> : null}
          {screen === 'case' ? <CaseFrame /> : null}
        </div>
        <StatusBar />
      </div>
      <DropAnywhere />
      <ObjectMenu />
      <OpenDialogs />
      <Toasts />
    </>
  );
}

function useWindowWidth(): void {
  const setNarrow = useLayout((state) => state.setNarrow);
  useEffect(() => {
    const query = window.matchMedia(`(width < ${narrowWidth}px)`);
    const tell = (): void => setNarrow(query.matches);
    tell();
    query.addEventListener('change', tell);
    return () => query.removeEventListener('change', tell);
  }, [setNarrow]);
}

/** An answer is drawn, and what it leads to is asked for, within two frames. */
const quietFrames = 3;

/** Tells main once that a screen with its content is painted. */
function useReadySignal(): void {
  const screen = useCase(screenOf);
  const known = useAppInfo((state) => state.info !== null);
  // What failed to open has its say, too.
  const painted = screen === 'case' ? 'case' : 'welcome';
  const ready = known && screen !== 'loading' ? painted : null;
  useEffect(() => {
    if (ready === null) return;
    let frame = 0;
    const wait = (quiet: number): void => {
      frame = requestAnimationFrame(() => {
        if (quiet < quietFrames) wait(callsUnderWay() === 0 ? quiet + 1 : 0);
        else void call('app:ready', { screen: ready }).catch(() => undefined);
      });
    };
    wait(0);
    return () => cancelAnimationFrame(frame);
  }, [ready]);
}
