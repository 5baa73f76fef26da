import type { ReactElement } from 'react';

const paths = {
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.4 10.4 14 14',
  plus: 'M8 3v10M3 8h10',
  close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  copy: 'M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z',
  chevron: 'M6 3.5 10.5 8 6 12.5',
  down: 'M3.5 6 8 10.5 12.5 6',
  up: 'M3.5 10 8 5.5 12.5 10',
  drop: 'M8 2v9M4 7.5 8 11.5l4-4M3 14h10',
  wrap: 'M2 4h12M2 8h9.5a2.2 2.2 0 0 1 0 4.5H8M9.8 10.5l-2 2 2 2M2 12.5h3',
  line: 'M2.5 4h11M2.5 8h7M2.5 12h9',
  panel: 'M2 3h12v10H2zM10 3v10',
  book: 'M8 4c-1.6-1.2-3.6-1.4-5.5-1v9.5C4.4 12.1 6.4 12.3 8 13.5c1.6-1.2 3.6-1.4 5.5-1V3C11.6 2.6 9.6 2.8 8 4zM8 4v9.5',
  arrow: 'M2.5 8h10.5M9 4l4 4-4 4',
  external: 'M9 2.5h4.5V7M13.5 2.5 7.5 8.5M6 3.5H2.5v10h10V10',
  save: 'M8 2.5v7.5M5 7l3 3 3-3M3 13.5h10',
  pin: 'M5.5 2.5h5M6.3 2.5v4L4.5 9h7L9.7 6.5v-4M8 9v4.5',
  more: 'M3.6 8a.4.4 0 1 0 .8 0 .4.4 0 1 0-.8 0M7.6 8a.4.4 0 1 0 .8 0 .4.4 0 1 0-.8 0M11.6 8a.4.4 0 1 0 .8 0 .4.4 0 1 0-.8 0',
  node: 'M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.01M5 11h.01',
  minus: 'M3 8h10',
  play: 'M5 3.2v9.6L12.6 8z',
  pause: 'M5.2 3.5v9M10.8 3.5v9',
  back: 'M11.5 3.2v9.6L4.6 8z',
  forward: 'M4 3.2v9.6L10.4 8zM12.6 3.2v9.6',
} as const;

export type IconName = keyof typeof paths;

/** A line icon in the colour of its text; never the only carrier of meaning. */
export function Icon({ name, size = 14 }: { name: IconName; size?: number }): ReactElement {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      <path
        d={paths[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
