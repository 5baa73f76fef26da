import { version } from '../../package.json';

/** Who made a report. */
export const TOOL = { name: 'hns-workbench', version } as const;
