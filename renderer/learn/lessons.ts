import type { ReactElement } from 'react';
import type { StepNumber } from '../stores/navigation';
import { CniLesson } from './cni-lesson';
import { ComponentsLesson } from './components-lesson';
import { ConnectivityLesson } from './connectivity-lesson';
import { EventsLesson } from './events-lesson';
import { HnsLesson } from './hns-lesson';
import { LogsLesson } from './logs-lesson';
import { PacketsLesson } from './packets-lesson';
import { SymptomsLesson } from './symptoms-lesson';

/** The lesson of each step. */
export const lessons: Readonly<Record<StepNumber, () => ReactElement>> = {
  1: ComponentsLesson,
  2: ConnectivityLesson,
  3: EventsLesson,
  4: LogsLesson,
  5: CniLesson,
  6: HnsLesson,
  7: SymptomsLesson,
  8: PacketsLesson,
};
