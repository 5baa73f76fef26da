import type { ReactElement } from 'react';
import { Button, ListBox, ListBoxItem, Popover, Select, SelectValue } from 'react-aria-components';
import type { FlowQuestionView } from '../../shared/ipc/flow-question';
import type { TraceAnswer, TraceDepth } from '../../shared/ipc/trace-schemas';
import { Button as PushButton } from '../controls/button';
import { Icon } from '../controls/icons';
import { Segmented } from '../controls/segmented';
import { ask, useTrace } from '../stores/trace';
import { EndField } from './end-field';

type Problem = Extract<TraceAnswer, { kind: 'problem' }>;

/** Who sends what to whom, and how much of the answer is shown. */
export function FlowBar({
  question,
  problem,
}: {
  question: FlowQuestionView;
  problem: Problem | undefined;
}): ReactElement {
  const { depth, reply } = useTrace();
  const change = (changes: Partial<FlowQuestionView>): void => ask({ ...question, ...changes });
  // Nobody has answered wrongly who was not yet asked: the page below says what to choose.
  const untouched = question.from === '' && question.to === '';
  const sayAt = (end: 'from' | 'to'): string | undefined =>
    !untouched && (problem?.end === end || (end === 'to' && problem?.end === 'both'))
      ? problem.text
      : undefined;
  return (
    <div className="flow-bar" role="group" aria-label="Packet">
      <EndField
        end="from"
        label="From"
        sender={question.from}
        value={question.from}
        problem={sayAt('from')}
        onChoose={(from) => change({ from })}
      />
      <span className="flow-arrow" aria-hidden="true">
        <Icon name="arrow" size={13} />
      </span>
      <EndField
        end="to"
        label="To"
        sender={question.from}
        value={question.to}
        problem={sayAt('to')}
        onChoose={(to, protocol) =>
          change({ to, ...(protocol === undefined ? {} : packetOfKind[protocol]) })
        }
      />
      <Choice
        label="Protocol"
        value={packetKindOf(question)}
        options={packetKinds}
        onChange={(kind) => change(packetOfKind[kind])}
      />
      <Choice
        label="Direction"
        value={question.direction ?? 'any'}
        options={directions}
        onChange={(direction) => change({ direction: direction === 'any' ? undefined : direction })}
      />
      <span className="push" />
      <Segmented<TraceDepth>
        label="Depth"
        value={depth}
        onChange={(next) => useTrace.setState({ depth: next })}
        options={[
          { id: 'minimal', title: 'Minimal' },
          { id: 'summary', title: 'Summary' },
          { id: 'full', title: 'Full' },
        ]}
      />
      <PushButton
        look={reply ? 'toggled' : ''}
        pressed={reply}
        onPress={() => useTrace.setState({ reply: !reply })}
      >
        Return path
      </PushButton>
    </div>
  );
}

const packetKinds = [
  { id: 'any', title: 'Any protocol' },
  { id: 'tcp', title: 'TCP SYN' },
  { id: 'tcp-ack', title: 'TCP ACK, flow is there' },
  { id: 'tcp-rst', title: 'TCP RST, flow is there' },
  { id: 'udp', title: 'UDP' },
  { id: 'icmp', title: 'ICMP echo' },
] as const;
type PacketKind = (typeof packetKinds)[number]['id'];

const packetOfKind: Record<PacketKind, Pick<FlowQuestionView, 'protocol' | 'tcpFlags'>> = {
  any: { protocol: undefined, tcpFlags: undefined },
  tcp: { protocol: 'tcp', tcpFlags: undefined },
  'tcp-ack': { protocol: 'tcp', tcpFlags: ['ACK'] },
  'tcp-rst': { protocol: 'tcp', tcpFlags: ['RST'] },
  udp: { protocol: 'udp', tcpFlags: undefined },
  icmp: { protocol: 'icmp', tcpFlags: undefined },
};

function packetKindOf({ protocol, tcpFlags }: FlowQuestionView): PacketKind {
  if (protocol !== 'tcp' || tcpFlags === undefined) return protocol ?? 'any';
  if (tcpFlags.includes('SYN')) return 'tcp';
  return tcpFlags.includes('RST') ? 'tcp-rst' : 'tcp-ack';
}

const directions = [
  { id: 'any', title: 'As sent' },
  { id: 'out', title: 'Leaving the node' },
  { id: 'in', title: 'Coming in' },
] as const;

function Choice<T extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: T;
  options: readonly { readonly id: T; readonly title: string }[];
  onChange: (value: T) => void;
}): ReactElement {
  return (
    <Select
      aria-label={label}
      selectedKey={value}
      onSelectionChange={(key) => {
        const chosen = options.find(({ id }) => id === key);
        if (chosen !== undefined) onChange(chosen.id);
      }}
    >
      <Button className="button">
        <SelectValue />
        <Icon name="down" size={11} />
      </Button>
      <Popover className="popover" offset={4}>
        <ListBox className="listbox">
          {options.map(({ id, title }) => (
            <ListBoxItem key={id} id={id} textValue={title} className="menu-item">
              {title}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}
