import {
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactElement,
} from 'react';
import type { PacketView } from '../../shared/ipc/capture-schemas';
import type { ByteRange } from './packet-pane';

/** Below this width a line holds eight bytes. */
const wide = 470;

/** The bytes of a packet; the marked ones are those of the chosen layer or field. A byte that is pressed chooses its field. */
export function PacketBytes({
  hex,
  layers,
  marked,
  onMark,
}: {
  hex: string;
  layers: PacketView['layers'];
  marked: ByteRange | null;
  onMark: (range: ByteRange) => void;
}): ReactElement {
  const pane = useRef<HTMLDivElement>(null);
  const [perLine, setPerLine] = useState(16);
  // Before the first paint, or a narrow pane would show a line it has to cut for a moment.
  useLayoutEffect(() => {
    const element = pane.current;
    if (element === null) return;
    const measure = (): void => {
      const { paddingLeft, paddingRight } = getComputedStyle(element);
      const room = element.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
      setPerLine(room < wide ? 8 : 16);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    pane.current?.querySelector('.marked')?.scrollIntoView({ block: 'nearest' });
  }, [marked]);

  const count = hex.length / 2;
  const markAt = (at: number): void => {
    if (at < 0 || at >= count) return;
    onMark(rangeAt(layers, at));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey) return;
    const { start, end } = marked ?? { start: -1, end: 0 };
    const moves: Readonly<Record<string, number>> = {
      ArrowRight: end,
      ArrowLeft: start - 1,
      ArrowDown: Math.max(0, start) + perLine,
      ArrowUp: start - perLine,
      Home: 0,
      End: count - 1,
    };
    const to = moves[event.key];
    if (to === undefined) return;
    markAt(to);
    event.preventDefault();
  };
  const lines = Array.from({ length: Math.ceil(count / perLine) }, (_, n) => n * perLine);
  return (
    <div
      ref={pane}
      className="packet-bytes mono"
      role="group"
      tabIndex={0}
      aria-label="Bytes of the packet"
      onKeyDown={onKeyDown}
    >
      {lines.map((from) => (
        <div key={from} className="byte-line">
          <span className="dim">{from.toString(16).padStart(4, '0')}</span>
          <span className="bytes">
            {places(from, perLine, count).map((at) => (
              <span
                key={at}
                className={isIn(marked, at) ? 'marked' : ''}
                onClick={() => markAt(at)}
              >
                {hex.slice(at * 2, at * 2 + 2)}
              </span>
            ))}
          </span>
          <span className="letters">
            {places(from, perLine, count).map((at) => (
              <span key={at} className={isIn(marked, at) ? 'marked' : ''}>
                {letter(hex, at)}
              </span>
            ))}
          </span>
        </div>
      ))}
    </div>
  );
}

const places = (from: number, perLine: number, count: number): number[] =>
  Array.from({ length: Math.min(perLine, count - from) }, (_, n) => from + n);

const isIn = (range: ByteRange | null, at: number): boolean =>
  range !== null && at >= range.start && at < range.end;

/** The narrowest field around a byte, else its layer. */
function rangeAt(layers: PacketView['layers'], at: number): ByteRange {
  const around = layers
    .flatMap((layer): ByteRange[] => [layer, ...layer.fields])
    .filter((range) => isIn(range, at))
    .sort((a, b) => a.end - a.start - (b.end - b.start));
  const [narrowest] = around;
  return narrowest === undefined
    ? { start: at, end: at + 1 }
    : { start: narrowest.start, end: narrowest.end };
}

function letter(hex: string, at: number): string {
  const byte = parseInt(hex.slice(at * 2, at * 2 + 2), 16);
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·';
}
