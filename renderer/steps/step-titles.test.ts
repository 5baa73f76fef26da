import { expect, test } from 'vitest';
import { STEP_TITLES } from '../../shared/model/step-titles';
import { steps, stepTitles } from './step-titles';

test('the window calls a step what the report and the catalogue call it', () => {
  expect(Object.fromEntries(steps.map((step) => [step, stepTitles[step].title]))).toEqual(
    STEP_TITLES,
  );
});
