import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright';
import { atRest } from './at-rest';

/** What axe holds against the page once it is at rest, one line each: impact, rule, where. Empty is good. */
export async function seriousViolations(page: Page): Promise<string[]> {
  await atRest(page);
  // The legacy mode needs no second page, which an Electron window cannot open.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, impact, nodes }) =>
      nodes.map(({ target, failureSummary }) => {
        const why = (failureSummary ?? '').replace(/\s+/g, ' ').slice(0, 240);
        return `${impact} ${id} at ${target.join(' ')}: ${why}`;
      }),
    );
}
