import type { ReactElement } from 'react';
import { Button, ListBox, ListBoxItem, Popover, Select, SelectValue } from 'react-aria-components';
import type { ChainView } from '../../shared/ipc/chain-schemas';
import { Icon } from '../controls/icons';
import { Segmented } from '../controls/segmented';
import { StatusMark, statusWords } from '../controls/status-mark';
import { cutMiddle } from '../controls/text';

const mostSideBySide = 3;
const mostLetters = 42;

/** `Services: default/win-webserver 10.0.0.1:80` is `default/win-webserver` in a list of services. */
const shortTitle = (chain: ChainView): string => {
  const rest = chain.title.replace(/^[^:]{1,30}:\s+/, '');
  return cutMiddle(rest, 34);
};

/** Which of several chains of one symptom is shown. */
export function ChainChoice({
  chains,
  shown,
  onShow,
}: {
  chains: readonly ChainView[];
  shown: string;
  onShow: (id: string) => void;
}): ReactElement {
  const letters = chains.reduce((sum, chain) => sum + shortTitle(chain).length, 0);
  if (chains.length <= mostSideBySide && letters <= mostLetters) {
    return (
      <Segmented
        label="Path"
        value={shown}
        onChange={onShow}
        options={chains.map((chain) => ({ id: chain.id, title: shortTitle(chain) }))}
      />
    );
  }
  return (
    <Select
      aria-label={`Path, one of ${chains.length}`}
      selectedKey={shown}
      onSelectionChange={(key) => onShow(String(key))}
    >
      <Button className="button">
        <SelectValue />
        <Icon name="down" size={11} />
      </Button>
      <Popover className="popover" placement="bottom end" offset={4}>
        <ListBox className="listbox">
          {chains.map((chain) => (
            <ListBoxItem
              key={chain.id}
              id={chain.id}
              textValue={shortTitle(chain)}
              className="menu-item"
            >
              <StatusMark status={chain.status} size={10} label={statusWords[chain.status]} />
              <span className="name">{shortTitle(chain)}</span>
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}
