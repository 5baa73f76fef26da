import type { ReactElement } from 'react';
import type { StepNumber } from '../stores/navigation';
import { stepTitles } from '../steps/step-titles';
import { lessons } from './lessons';

/** What a step teaches, folded out between its tabs and its content. */
export function LearnPanel({ step }: { step: StepNumber }): ReactElement {
  const Lesson = lessons[step];
  return (
    <aside
      className="card learn-panel in-step"
      tabIndex={0}
      aria-label={`Learn: ${stepTitles[step].title}`}
    >
      <div className="learn-text">
        <Lesson />
      </div>
    </aside>
  );
}
