import { useEffect, useState, type ReactElement } from 'react';
import {
  Button,
  Collection,
  ComboBox,
  FieldError,
  Header,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  ListBoxSection,
  Popover,
} from 'react-aria-components';
import type { FlowQuestionView } from '../../shared/ipc/flow-question';
import type { FlowChoice } from '../../shared/ipc/trace-schemas';
import { useCall } from '../bridge/use-call';
import { Icon } from '../controls/icons';
import { useSnapshot } from '../stores/case';

const groups: readonly { readonly id: FlowChoice['group']; readonly title: string }[] = [
  { id: 'pods', title: 'Pods' },
  { id: 'services', title: 'Services' },
  { id: 'load-balancers', title: 'Load balancers' },
  { id: 'endpoints', title: 'Endpoints' },
  { id: 'nodes', title: 'Nodes' },
  { id: 'addresses', title: 'Elsewhere' },
];
const mostOffered = 100;

/** One end of a flow: typed, or chosen of what the case has. */
export function EndField({
  end,
  label,
  sender,
  value,
  problem,
  onChoose,
}: {
  end: 'from' | 'to';
  /** Who sends: not offered as the receiver. */
  sender: string;
  label: string;
  value: string;
  problem: string | undefined;
  onChoose: (value: string, protocol?: FlowQuestionView['protocol']) => void;
}): ReactElement {
  const { id: snapshotId } = useSnapshot();
  const [text, setText] = useState(value);
  // Opened without typing it offers everything.
  const [typed, setTyped] = useState(false);
  const [selected, setSelected] = useState<string | null>(null);
  useEffect(() => {
    setText(value);
    setTyped(false);
  }, [value]);
  const { value: offered } = useCall('trace:choices', {
    snapshotId,
    end,
    sender,
    text: typed ? text : '',
    limit: mostOffered,
  });
  const items = offered?.items ?? [];
  const sections = groups.flatMap((group) => {
    const inside = items.filter((item) => item.group === group.id);
    return inside.length === 0 ? [] : [{ ...group, items: inside }];
  });
  const commit = (): void => {
    const wanted = text.trim();
    if (wanted !== value) onChoose(wanted);
  };
  return (
    <ComboBox
      className="end-field"
      items={sections}
      allowsCustomValue
      allowsEmptyCollection
      menuTrigger="input"
      isInvalid={problem !== undefined}
      validationBehavior="aria"
      inputValue={text}
      onInputChange={(next) => {
        setTyped(next !== value);
        setText(next);
        if (next !== text) setSelected(null);
      }}
      selectedKey={selected}
      onSelectionChange={(key) => {
        const chosen = items.find((item) => keyOf(item) === key);
        if (chosen === undefined) {
          commit();
          return;
        }
        setText(chosen.value);
        setTyped(false);
        setSelected(keyOf(chosen));
        onChoose(chosen.value, chosen.protocol);
      }}
    >
      <Label className="visually-hidden">{label}</Label>
      <div className="field">
        <span className="dim" aria-hidden="true">
          {label}
        </span>
        <Input
          placeholder={end === 'from' ? 'pod, node or address' : 'service, pod or address:port'}
          spellCheck={false}
          title={text}
          data-flow-end={end}
          onBlur={commit}
          onKeyDown={(event) => {
            // With an option at hand Enter chooses that one.
            const chosen = event.currentTarget.getAttribute('aria-activedescendant');
            if (event.key === 'Enter' && chosen === null) commit();
          }}
        />
        <Button className="button quiet icon small" aria-label={`Choose: ${label}`}>
          <Icon name="down" size={11} />
        </Button>
      </div>
      <FieldError className="field-problem">{problem}</FieldError>
      <Popover className="popover flow-choices" offset={4} placement="bottom start">
        <ListBox<(typeof sections)[number]>
          className="listbox"
          renderEmptyState={() => (
            <p className="dim flow-none">
              Nothing of the case has this name. Enter asks for it as typed.
            </p>
          )}
        >
          {(section) => (
            <ListBoxSection id={section.id}>
              <Header className="caption palette-group">{section.title}</Header>
              <Collection items={section.items}>
                {(item) => (
                  <ListBoxItem
                    id={keyOf(item)}
                    textValue={item.value}
                    className="menu-item flow-choice"
                  >
                    <span>{item.title}</span>
                    <span className="dim tabular">{item.detail}</span>
                  </ListBoxItem>
                )}
              </Collection>
            </ListBoxSection>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}

const keyOf = ({ group, value, detail }: FlowChoice): string => `${group} ${value} ${detail}`;
