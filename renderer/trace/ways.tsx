import type { ReactElement } from 'react';
import { Button, ListBox, ListBoxItem, Popover, Select, SelectValue } from 'react-aria-components';
import type { TraceView } from '../../shared/ipc/trace-schemas';
import { Button as PushButton } from '../controls/button';
import { Icon } from '../controls/icons';
import { StatusMark } from '../controls/status-mark';
import { cutMiddle, number } from '../controls/text';
import { useTrace } from '../stores/trace';

const words = { ok: 'arrives', error: 'does not arrive', 'not-checked': 'not known' } as const;
const show = (way: number): void => useTrace.setState({ way });

/** Several ways, one for each DIP or open condition: one is followed, all are compared. */
export function Ways({ trace }: { trace: TraceView }): ReactElement {
  const compared = useTrace((state) => state.compared);
  const { ways, waysTotal, way: shown } = trace;
  const lost = ways.filter(({ tone }) => tone !== 'ok').length;
  return (
    <>
      <div className="ways" role="group" aria-label="Ways of the packet">
        <Select
          aria-label={`Way, one of ${waysTotal}`}
          selectedKey={shown}
          onSelectionChange={(key) => show(Number(key))}
        >
          <Button className="button">
            <SelectValue />
            <Icon name="down" size={11} />
          </Button>
          <Popover className="popover" offset={4}>
            <ListBox className="listbox">
              {ways.map((way, index) => (
                <ListBoxItem key={index} id={index} textValue={way.label} className="menu-item">
                  <StatusMark status={way.tone} size={10} label={words[way.tone]} />
                  <span>
                    Way {index + 1}: <span className="mono">{cutMiddle(way.label, 60)}</span>
                  </span>
                </ListBoxItem>
              ))}
            </ListBox>
          </Popover>
        </Select>
        <span className="dim tabular">
          of {number(waysTotal)}
          {lost === 0 ? '' : `, ${lost} lost`}
          {waysTotal > ways.length ? `; ${ways.length} listed` : ''}
        </span>
        <PushButton
          look={compared ? 'toggled' : ''}
          pressed={compared}
          onPress={() => useTrace.setState({ compared: !compared })}
        >
          Compare
        </PushButton>
      </div>
      {compared ? <Compared trace={trace} /> : null}
    </>
  );
}

function Compared({ trace }: { trace: TraceView }): ReactElement {
  return (
    <div className="card compared" tabIndex={0} role="group" aria-label="Ways compared">
      <table>
        <thead>
          <tr>
            <th>Way</th>
            <th>Ends</th>
            <th>The packet then</th>
            <th>Stops</th>
            <th>Answer</th>
          </tr>
        </thead>
        <tbody>
          {trace.ways.map((way, index) => (
            <tr key={index} {...(index === trace.way ? { 'aria-current': 'true' } : {})}>
              <td>
                <Button className="link" onPress={() => show(index)}>
                  {way.label}
                </Button>
              </td>
              <td>
                <span className={`end tone-${way.tone}`}>
                  <StatusMark status={way.tone} size={10} label={words[way.tone]} />
                  {way.end}
                </span>
                <span className="dim">{way.text}</span>
              </td>
              <td className="mono">{way.packet}</td>
              <td className="tabular">{way.stops}</td>
              <td>{way.reply}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
