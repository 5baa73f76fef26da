import type { ReactElement } from 'react';
import { Button } from 'react-aria-components';
import type { SnapshotSummary } from '../../shared/ipc/case-schemas';
import { call } from '../bridge/call';
import { CountPill, StatusMark } from '../controls/status-mark';
import { number } from '../controls/text';
import { isRunning, useLive } from '../live/live-store';
import { stepTitles, steps } from '../steps/step-titles';
import { useSnapshot } from '../stores/case';
import { useLayout } from '../stores/layout';
import { goTo, goToFinding, goToStep, usePlace, type Place } from '../stores/navigation';

/** The verdict, the eight steps with what they found, and the views. */
export function Rail(): ReactElement {
  const width = useLayout((state) => state.settings.railWidth);
  const snapshot = useSnapshot();
  return (
    <nav className="rail" style={{ width }} aria-label="Steps and views" data-region="rail">
      <Verdict snapshot={snapshot} />
      <StepList snapshot={snapshot} />
      <ViewList snapshot={snapshot} />
    </nav>
  );
}

function Verdict({ snapshot }: { snapshot: SnapshotSummary }): ReactElement {
  const { tone, title, detail, findingIndex } = snapshot.verdict;
  const show = async (): Promise<void> => {
    const finding =
      findingIndex === null ? null : await call('finding:get', { index: findingIndex });
    if (finding === null) goToStep(7, 'view');
    else goToFinding(finding);
  };
  return (
    <Button className={`verdict ${tone}`} onPress={() => void show()}>
      <span className="title">
        {tone === 'error' ? null : (
          <StatusMark status={tone === 'unknown' ? 'not-checked' : tone} size={12} />
        )}
        {title}
      </span>
      <span className="detail">{detail}</span>
      {snapshot.live?.running === true ? (
        <span className="detail">Still being collected; more may follow.</span>
      ) : snapshot.incomplete === undefined ? null : (
        <span className="detail gaps">
          <StatusMark status="warning" size={10} /> Incomplete collection. {snapshot.incomplete}
        </span>
      )}
    </Button>
  );
}

function StepList({ snapshot }: { snapshot: SnapshotSummary }): ReactElement {
  const place = usePlace();
  return (
    <ol className="rail-list">
      {steps.map((step) => {
        const status = snapshot.steps.find((each) => each.step === step);
        const current = place.kind === 'step' && place.step === step;
        return (
          <li key={step}>
            <Button
              className="rail-item"
              onPress={() => goToStep(step)}
              {...(current ? { 'aria-current': 'page' } : {})}
            >
              <span className="number">{step}</span>
              <span className="label">{stepTitles[step].title}</span>
              <span className="pills">
                <CountPill status="error" count={status?.errors ?? 0} />
                <CountPill status="warning" count={status?.warnings ?? 0} />
                <CountPill status="info" count={status?.infos ?? 0} />
                <CountPill status="ok" count={status?.passed ?? 0} />
                <CountPill status="not-checked" count={status?.notChecked ?? 0} />
              </span>
            </Button>
          </li>
        );
      })}
    </ol>
  );
}

function ViewList({ snapshot }: { snapshot: SnapshotSummary }): ReactElement {
  const place = usePlace();
  const { counts } = snapshot;
  const running = useLive((state) => state.live?.collections.filter(isRunning).length ?? 0);
  const views: readonly { title: string; count: string; place: Place; here: boolean }[] = [
    {
      title: 'Files',
      count: number(counts.files),
      place: { kind: 'files' },
      here: place.kind === 'files',
    },
    {
      title: 'Load balancers',
      count: number(counts.loadBalancers),
      place: { kind: 'balancers' },
      here: place.kind === 'balancers',
    },
    {
      title: 'VFP',
      count: `${number(counts.vfpPorts)} ${counts.vfpPorts === 1 ? 'port' : 'ports'}`,
      place: { kind: 'vfp' },
      here: place.kind === 'vfp',
    },
    {
      title: 'Tables',
      count: '',
      place: { kind: 'tables', table: 'endpoints' },
      here: place.kind === 'tables' && place.table !== 'contradictions',
    },
    ...(counts.contradictions === 0
      ? []
      : [
          {
            title: 'Contradictions',
            count: number(counts.contradictions),
            place: { kind: 'tables', table: 'contradictions' } as const,
            here: place.kind === 'tables' && place.table === 'contradictions',
          },
        ]),
    {
      title: 'Nodes',
      count: running === 0 ? '' : `reading ${running}`,
      place: { kind: 'nodes' },
      here: place.kind === 'nodes',
    },
    { title: 'Learn', count: '', place: { kind: 'learn' }, here: place.kind === 'learn' },
  ];
  return (
    <section aria-labelledby="rail-views">
      <h2 className="caption" id="rail-views">
        Views
      </h2>
      <ul className="rail-list">
        {views.map((view) => (
          <li key={view.title}>
            <Button
              className="rail-item view"
              onPress={() => goTo(view.place)}
              {...(view.here ? { 'aria-current': 'page' } : {})}
            >
              <span className="label">{view.title}</span>
              <span className="count tabular">{view.count}</span>
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
