import type { ReactElement } from 'react';
import { PageHead } from '../frame/page-head';
import { steps, stepTitles } from '../steps/step-titles';
import { CollectedFilesLesson } from './collected-files-lesson';
import { CounterpartsLesson } from './counterparts-lesson';
import { lessons } from './lessons';

/** Everything the steps teach, in one place. */
export function LearnView(): ReactElement {
  return (
    <>
      <PageHead title="Learn">
        How container networks work on a Windows node, who does what in them, and where to look when
        they do not.
      </PageHead>
      <div className="page-body" tabIndex={0} role="group" aria-label="Lessons">
        <Lesson title="Windows and Linux, side by side">
          <CounterpartsLesson />
        </Lesson>
        {steps.map((step) => {
          const Text = lessons[step];
          return (
            <Lesson key={step} title={`${step} · ${stepTitles[step].title}`}>
              <Text />
            </Lesson>
          );
        })}
        <Lesson title="What collectlogs.ps1 brings along">
          <CollectedFilesLesson />
        </Lesson>
      </div>
    </>
  );
}

function Lesson({ title, children }: { title: string; children: ReactElement }): ReactElement {
  return (
    <section className="card learn-panel">
      <h2>{title}</h2>
      <div className="learn-text">{children}</div>
    </section>
  );
}
