import { useEffect, useState, type ReactElement } from 'react';
import type { CollectWhat } from '../../shared/ipc/live-schemas';
import { call } from '../bridge/call';
import { Checkbox } from '../controls/checkbox';
import { Disclosure } from '../controls/disclosure';
import { LinkButton } from '../controls/button';
import { counted } from '../controls/text';
import { TextField } from '../controls/text-field';
import { trying } from './live-actions';

/** Limits of the collector, and which of its sections run. */
export function WhatToCollect({
  what,
  onWhat,
}: {
  what: CollectWhat;
  onWhat: (what: CollectWhat) => void;
}): ReactElement {
  const number = (text: string, most: number): number | null => {
    const value = Number(text.trim());
    return Number.isInteger(value) && value > 0 ? Math.min(value, most) : null;
  };
  const shown = (value: number | null): string => (value === null ? '' : String(value));
  return (
    <Disclosure
      title={
        what.include.length === 0
          ? 'What to collect: everything'
          : `What to collect: ${counted(what.include.length, 'section')}`
      }
    >
      <div className="form-row">
        <TextField
          label="Lines of each log"
          placeholder="3000"
          value={shown(what.logLines)}
          onChange={(text) => onWhat({ ...what, logLines: number(text, 1_000_000) })}
        />
        <TextField
          label="Hours of event logs"
          placeholder="24"
          value={shown(what.eventHours)}
          onChange={(text) => onWhat({ ...what, eventHours: number(text, 8760) })}
        />
        <TextField
          label="Seconds for a section"
          placeholder="90"
          value={shown(what.sectionSeconds)}
          onChange={(text) => onWhat({ ...what, sectionSeconds: number(text, 3600) })}
        />
      </div>
      <Sections include={what.include} onInclude={(include) => onWhat({ ...what, include })} />
    </Disclosure>
  );
}

/** A choice of sections; an empty list stands for all. */
function Sections({
  include,
  onInclude,
}: {
  include: readonly string[];
  onInclude: (include: string[]) => void;
}): ReactElement {
  const [all, setAll] = useState<readonly string[]>([]);
  useEffect(() => {
    const what = { include: [], logLines: null, eventHours: null, sectionSeconds: null };
    void trying(async () => setAll((await call('live:what-runs', { what })).sections));
  }, []);
  const chosen = (section: string): boolean => include.length === 0 || include.includes(section);
  const change = (section: string, on: boolean): void => {
    const next = all.filter((each) => (each === section ? on : chosen(each)));
    if (next.length > 0) onInclude(next.length === all.length ? [] : next);
  };
  return (
    <fieldset className="section-choice">
      <legend>
        Sections <LinkButton onPress={() => onInclude([])}>All</LinkButton>
      </legend>
      {all.map((section) => (
        <Checkbox key={section} isSelected={chosen(section)} onChange={(on) => change(section, on)}>
          {section}
        </Checkbox>
      ))}
    </fieldset>
  );
}
