import { useState, type ReactElement } from 'react';
import { Button, Dialog, DialogTrigger, Heading, Popover } from 'react-aria-components';
import { useCall } from '../bridge/use-call';
import { References } from './references';

/** The id of a rule, small; it opens what the rule says. */
export function RuleHelp({ ruleId }: { ruleId: string }): ReactElement {
  const [open, setOpen] = useState(false);
  return (
    <DialogTrigger isOpen={open} onOpenChange={setOpen}>
      <Button className="rule-id" aria-label={`About rule ${ruleId}`}>
        {ruleId}
      </Button>
      <Popover className="popover" placement="bottom end" offset={4}>
        <Dialog className="rule-help">{open ? <RuleText ruleId={ruleId} /> : null}</Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function RuleText({ ruleId }: { ruleId: string }): ReactElement {
  const { value, error } = useCall('rule:get', { ruleId });
  return (
    <>
      <Heading slot="title" level={2}>
        {value?.title ?? ruleId}
      </Heading>
      {error === undefined ? null : <p>{error}</p>}
      {value === undefined || value === null ? null : (
        <>
          <p>{value.description}</p>
          <p>
            <span className="dim">Impact: </span>
            {value.impact}
          </p>
          <p>
            <span className="dim">When it may be wrong: </span>
            {value.falsePositives}
          </p>
          <References urls={value.references} />
        </>
      )}
      <code className="dim">{ruleId}</code>
    </>
  );
}
