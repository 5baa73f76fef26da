import type { CSSProperties, ReactElement } from 'react';
import type { StoryView } from '../../shared/ipc/walk-through-schemas';
import { Icon } from '../controls/icons';
import { cutMiddle } from '../controls/text';

type Kind = StoryView['columns'][number]['kind'];

const shapes: Readonly<Record<Kind, string>> = {
  compartment: 'M3 5.5 8 3l5 2.5v5L8 13l-5-2.5zM3 5.5 8 8l5-2.5M8 8v5',
  port: 'M5 2.5v4M11 2.5v4M3.5 6.5h9v2a4.5 4.5 0 0 1-9 0zM8 13v1.5',
  switch: 'M2.5 5h9M9 2.5 11.5 5 9 7.5M13.5 11h-9M7 8.5 4.5 11 7 13.5',
  host: 'M2.5 3h11v8h-11zM6 13.5h4M8 11v2.5',
  external: 'M2.5 2.5h6v11h-6zM8.5 8h5.5M11.5 5.5 14 8l-2.5 2.5',
  wire: 'M1.5 8c2-4 4-4 6 0s4 4 6.5 0',
};

/** How far along the line, in parts of the whole, the middle of a column is. */
const middleOf = (column: number, count: number): number => (column + 0.5) / count;

/** Half of the packet's name, kept within the stage. */
const inside = (at: string): string => `clamp(88px, ${at}, calc(100% - 88px))`;

/** Where the packet is: the places in a row, and the packet on the line between them. */
export function Stage({ story, at }: { story: StoryView; at: number }): ReactElement {
  const { columns, moments, end } = story;
  const moment = moments[at];
  const here = moment?.column ?? 0;
  const forth = moments.slice(0, at + 1).filter(({ reply }) => !reply);
  const farthest = Math.max(0, ...forth.map(({ column }) => column));
  const broken = moments.slice(0, at + 1).find(({ isBreak }) => isBreak);
  const packet = moment?.header.find(({ label }) => label === 'to')?.text ?? '';
  const tunnel = moment?.header.find(({ label }) => label === 'tunnel');
  const percent = (part: number): string => `${part * 100}%`;
  const line: CSSProperties = {
    insetInlineStart: percent(middleOf(0, columns.length)),
    width: percent(farthest / columns.length),
  };
  return (
    <div className="stage" aria-hidden="true">
      <div className="stage-line" />
      <div className="stage-line passed" style={line} />
      <ol className="stage-places">
        {columns.map(({ node, kind, title }, index) => (
          <li
            key={index}
            className={`${index === here ? 'here' : ''} ${broken?.column === index ? `broken ${end.tone}` : ''}`}
          >
            <span className="place-icon">
              <svg width={18} height={18} viewBox="0 0 16 16">
                <path d={shapes[kind]} fill="none" stroke="currentColor" strokeWidth="1.2" />
              </svg>
            </span>
            <span className="place-title" title={title}>
              {cutMiddle(title, 34)}
            </span>
            {columns[index - 1]?.node === node ? null : (
              <span className="place-node dim" title={node}>
                {cutMiddle(node, 20)}
              </span>
            )}
          </li>
        ))}
      </ol>
      <div
        className={`packet ${moment?.isBreak === true ? end.tone : at === moments.length - 1 ? end.tone : ''}`}
        style={{ insetInlineStart: inside(percent(middleOf(here, columns.length))) }}
      >
        <span>
          {moment?.isBreak === true && end.tone === 'error' ? (
            <Icon name="close" size={10} />
          ) : null}
          {moment?.reply === true ? '← ' : ''}
          {tunnel === undefined ? packet : `[ ${packet} ]`}
          {moment?.reply === true || moment?.isBreak === true ? '' : ' →'}
        </span>
      </div>
    </div>
  );
}
