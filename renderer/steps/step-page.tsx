import { lazy, Suspense, type ReactElement } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { Button } from '../controls/button';
import { Icon } from '../controls/icons';
import { FindingList } from '../findings/finding-list';
import { OnThisNode } from '../live/on-this-node';
import { LearnPanel } from '../learn/learn-panel';
import { useSnapshot } from '../stores/case';
import { useLayout } from '../stores/layout';
import { goToStep, type StepNumber } from '../stores/navigation';
import { NotCheckedList } from './not-checked-list';
import { PassedList } from './passed-list';
import { stepCounts } from './step-counts';
import { stepTitles } from './step-titles';
import { StepView } from './step-view';

const HnsGraph = lazy(() => import('../graph/hns-graph'));

/** One of the eight steps: what it checks, its findings, its own views, passed, not checked. */
export function StepPage({
  step,
  tab,
  finding,
}: {
  step: StepNumber;
  tab: string;
  finding: number | undefined;
}): ReactElement {
  const snapshot = useSnapshot();
  const counts = stepCounts(snapshot, step);
  const { title, about, views } = stepTitles[step];
  const learnOpen = useLayout((state) => state.settings.learnOpen);
  const change = useLayout((state) => state.change);
  const found = counts.errors + counts.warnings + counts.infos;
  const findings = { id: 'findings', title: 'Findings', count: found };
  const own = views.map((view) => ({ ...view, count: undefined }));
  const tabs = [
    // Step 8 is where one looks for oneself; its checks are about what was captured.
    ...(step === 8 ? [...own, findings] : [findings, ...own]),
    { id: 'passed', title: 'Passed', count: counts.passed },
    { id: 'not-checked', title: 'Not checked', count: counts.notChecked },
  ];
  // Findings first; where nothing is wrong, what the step shows says more than an empty list.
  const looked = found > 0 || (counts.passed === 0 && step !== 8);
  const first = looked ? 'findings' : (views[0]?.id ?? 'findings');
  const shown = tabs.some(({ id }) => id === tab) ? tab : first;
  return (
    <>
      <header className="page-head">
        <div>
          <h1>
            {step} · {title}
          </h1>
          <p>{about}</p>
        </div>
        <OnThisNode step={step} />
        <Button
          look="quiet small"
          label="Learn about this step"
          pressed={learnOpen}
          onPress={() => change({ learnOpen: !learnOpen })}
        >
          <Icon name="book" />
          Learn
        </Button>
      </header>
      <Tabs
        className="tabs"
        selectedKey={shown}
        onSelectionChange={(key) => goToStep(step, String(key))}
      >
        <TabList className="tab-list" aria-label={`Step ${step}`}>
          {tabs.map(({ id, title: name, count }) => (
            <Tab key={id} id={id} className="tab">
              {count === undefined ? name : `${name} ${count}`}
            </Tab>
          ))}
        </TabList>
        {learnOpen ? <LearnPanel step={step} /> : null}
        <TabPanel id="findings" className="tab-panel">
          <FindingList step={step} focus={finding} />
        </TabPanel>
        {views.map((view) => (
          <TabPanel key={view.id} id={view.id} className="tab-panel">
            {step === 6 && view.id === 'graph' ? (
              <Suspense fallback={<div className="page-body dim">Drawing the graph…</div>}>
                <HnsGraph />
              </Suspense>
            ) : (
              <StepView step={step} view={view.id} />
            )}
          </TabPanel>
        ))}
        <TabPanel id="passed" className="tab-panel">
          <PassedList step={step} />
        </TabPanel>
        <TabPanel id="not-checked" className="tab-panel">
          <NotCheckedList step={step} />
        </TabPanel>
      </Tabs>
    </>
  );
}
