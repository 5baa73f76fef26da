import type { Page } from 'playwright';
import { goToStep, goToView, inspector, rawFile, welcome } from './window';

/** The title of what is broken on the sample that most pictures show. */
export const finding = /10\.244\.19\.29 does not reach all backends/;

/** A screen worth a picture, and the way to it. */
interface Picture {
  readonly name: string;
  /** The sample it is taken of, by its title; undefined is the welcome screen. */
  readonly sample?: string;
  readonly show: (page: Page) => Promise<void>;
  /** Taken in the smallest window, too. */
  readonly small?: boolean;
}

const service = 'A service loses a backend on one pod';
const start = 'Pods never leave ContainerCreating';

/** In the order they are taken: a sample stays open as long as the next picture is of it, the last for the report. */
export const pictures: readonly Picture[] = [
  { name: 'welcome', show: (page) => welcome(page).waitFor(), small: true },
  {
    name: 'step-8-captures',
    sample: 'Pods of one peer are out of reach',
    show: async (page) => {
      await goToStep(page, 8, 'Captures');
      await page.getByRole('grid', { name: 'Flows' }).getByText('unanswered').first().click();
      await page.getByRole('tree', { name: 'Layers of the packet' }).waitFor();
    },
    small: true,
  },
  {
    name: 'step-1-installed-and-running',
    sample: service,
    show: async (page) => {
      await goToStep(page, 1, 'Processes and services');
      await page
        .getByRole('grid', { name: 'Windows services' })
        .getByRole('gridcell')
        .first()
        .waitFor();
    },
  },
  {
    name: 'step-2-basic-connectivity',
    sample: service,
    show: async (page) => {
      await goToStep(page, 2, 'Tests and lookups');
      await page.getByRole('grid', { name: 'DNS lookups' }).getByRole('gridcell').first().waitFor();
    },
  },
  {
    name: 'step-3-kubernetes-events',
    sample: start,
    show: async (page) => {
      await goToStep(page, 3, 'Events and pods');
      await page.getByRole('grid', { name: 'Pods' }).getByRole('gridcell').first().waitFor();
    },
  },
  {
    name: 'step-4-component-logs',
    sample: service,
    show: async (page) => {
      await goToStep(page, 4, 'Logs');
      await page
        .getByText(/kubelet\.log/)
        .first()
        .waitFor();
    },
  },
  {
    name: 'step-5-cni-configuration',
    sample: start,
    show: async (page) => {
      await goToStep(page, 5, 'Configuration files');
      await page
        .getByRole('group', { name: /^Text of / })
        .first()
        .waitFor();
    },
  },
  {
    name: 'step-6-hns-state',
    sample: service,
    show: async (page) => {
      await goToStep(page, 6, 'Tables');
      await page.getByRole('grid', { name: 'Endpoints' }).getByRole('gridcell').first().waitFor();
    },
  },
  {
    name: 'step-7-snapshot-analysis',
    sample: service,
    show: async (page) => {
      await goToStep(page, 7, 'Symptom paths');
      await page.getByRole('region', { name: /^Services/ }).waitFor();
    },
    small: true,
  },
  {
    name: 'step-8-trace',
    sample: service,
    show: async (page) => {
      await goToStep(page, 8, 'Trace');
      await page.getByRole('region', { name: 'How it ends' }).getByText('Delivered').waitFor();
    },
    small: true,
  },
  {
    name: 'step-8-walk-through',
    sample: service,
    show: async (page) => {
      await goToStep(page, 8, 'Walk-throughs');
      const stage = page.getByRole('group', { name: /^Walk-through, / });
      await stage.focus();
      await page.keyboard.press('Home');
      for (let at = 0; at < 3; at += 1) await page.keyboard.press('ArrowRight');
    },
  },
  {
    name: 'step-8-reachability',
    sample: 'One pod does not reach the internet',
    show: async (page) => {
      await goToStep(page, 8, 'Reachability');
      await page.getByRole('grid', { name: 'Who reaches what' }).waitFor();
    },
  },
  {
    name: 'step-8-packets-and-flows',
    sample: service,
    show: async (page) => {
      await goToStep(page, 8, 'Captures');
      await page
        .getByText(/^pktmon/)
        .first()
        .waitFor();
    },
  },
  {
    name: 'hns-graph',
    sample: service,
    show: async (page) => {
      await page.keyboard.press('Control+Shift+G');
      const graph = page.getByRole('listbox', { name: 'HNS objects' });
      await graph.getByRole('option', { name: /^Endpoint 10\.244\.19\.29/ }).click();
      await inspector(page).getByRole('article').first().waitFor();
    },
  },
  {
    name: 'vfp',
    sample: service,
    show: async (page) => {
      await goToView(page, 'VFP');
      await page
        .getByRole('group', { name: 'VFP ports' })
        .getByRole('button', { name: /10\.244\.19\.29/ })
        .click();
      await page.getByRole('button', { name: /LB_IPv4_OUT/ }).click();
      await page.keyboard.press('Control+i');
      await page
        .getByRole('grid', { name: /^Rules of / })
        .getByRole('gridcell')
        .first()
        .waitFor();
    },
  },
  {
    name: 'load-balancers',
    sample: service,
    show: async (page) => {
      await goToView(page, 'Load balancers');
      await page
        .getByRole('grid', { name: 'Load balancers' })
        .getByRole('row')
        .filter({ hasText: '10.102.220.146' })
        .getByRole('gridcell')
        .first()
        .click();
      await page
        .getByRole('grid', { name: /^Backends of / })
        .getByRole('gridcell')
        .first()
        .waitFor();
    },
  },
  {
    name: 'files',
    sample: service,
    show: async (page) => {
      await goToView(page, 'Files');
      await page.getByRole('button', { name: 'vfpOutput.txt', exact: true }).waitFor();
    },
  },
  {
    name: 'learn',
    sample: service,
    show: (page) => goToView(page, 'Learn'),
  },
  {
    name: 'finding-raw',
    sample: service,
    show: async (page) => {
      await goToStep(page, 7, 'Findings');
      const article = page.getByRole('main').getByRole('article', { name: finding });
      await article
        .getByRole('button', { name: /^vfpOutput\.txt:/ })
        .first()
        .click();
      await rawFile(page).locator('[data-line].marked').first().waitFor();
    },
    small: true,
  },
];
