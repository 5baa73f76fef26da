import type { Page } from 'playwright';

/**
 * Waits until the screen is as it stays: nothing is being read for it, and nothing moves or fades.
 * Colours and sizes of before are those of a moment.
 */
export async function atRest(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document.querySelector('[aria-busy=true]') === null &&
      document
        .getAnimations()
        .every(
          ({ playState, effect }) =>
            playState !== 'running' || effect?.getComputedTiming().endTime === Infinity,
        ),
  );
}
