import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type RefObject,
} from 'react';
import {
  clampPosition,
  elementHeight,
  isScaled,
  lastPosition,
  positionOf,
  positionToShow,
  rowsAt,
  scrollTopOf,
  type ScrollScale,
} from './scaled-scroll';

export interface ScaledScroll {
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** Height of the element that makes the scroll bar. */
  readonly height: number;
  readonly first: number;
  readonly count: number;
  /** How many pixels of the first row are above the view. */
  readonly shift: number;
  readonly view: number;
  /** Brings a row into view. */
  readonly show: (row: number) => void;
  /** Scrolls by Page Up/Down, Home, End and, unless `arrows` is false, the arrows. */
  readonly onKeyDown: (event: KeyboardEvent, arrows?: boolean) => boolean;
}

/** Virtual rows of one height, as many as there may be; see scaled-scroll.ts. */
export function useScaledScroll(rows: number, rowHeight: number): ScaledScroll {
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState(0);
  const [position, setPosition] = useState(0);
  const now = useRef({ position: 0, expected: -1 });
  const scale: ScrollScale = { content: rows * rowHeight, view };
  const latest = useRef(scale);
  latest.current = scale;

  const moveTo = useCallback((next: number): void => {
    const element = scroller.current;
    if (element === null) return;
    const at = clampPosition(next, latest.current);
    now.current.position = at;
    element.scrollTop = scrollTopOf(at, latest.current);
    now.current.expected = element.scrollTop;
    setPosition(at);
  }, []);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const measure = (): void => setView(element.clientHeight);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const onScroll = (): void => {
      // An echo of our own move says less than we know: scrollTop is rounded.
      if (Math.abs(element.scrollTop - now.current.expected) < 1) return;
      now.current.expected = -1;
      now.current.position = positionOf(element.scrollTop, latest.current);
      setPosition(now.current.position);
    };
    const onWheel = (event: WheelEvent): void => {
      if (!isScaled(latest.current) || event.ctrlKey || event.shiftKey || event.deltaY === 0)
        return;
      event.preventDefault();
      const unit = event.deltaMode === 1 ? rowHeight : event.deltaMode === 2 ? view : 1;
      moveTo(now.current.position + event.deltaY * unit);
    };
    element.addEventListener('scroll', onScroll);
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      element.removeEventListener('scroll', onScroll);
      element.removeEventListener('wheel', onWheel);
    };
  }, [moveTo, rowHeight, view]);

  const wanted = useRef<number>(undefined);
  const show = useCallback(
    (row: number): void => {
      if (latest.current.view === 0 || latest.current.content === 0) {
        wanted.current = row;
        return;
      }
      wanted.current = undefined;
      moveTo(positionToShow(row, now.current.position, rowHeight, latest.current));
    },
    [moveTo, rowHeight],
  );
  // A row asked for before the size was known.
  useEffect(() => {
    if (wanted.current !== undefined) show(wanted.current);
  }, [show, view, rows]);

  const onKeyDown = (event: KeyboardEvent, arrows = true): boolean => {
    const page = Math.max(rowHeight, view - rowHeight * 2);
    const by = new Map<string, number>([
      ['PageDown', page],
      ['PageUp', -page],
      ...(arrows
        ? ([
            ['ArrowDown', rowHeight],
            ['ArrowUp', -rowHeight],
          ] as const)
        : []),
    ]).get(event.key);
    if (by !== undefined) moveTo(now.current.position + by);
    else if (event.key === 'Home') moveTo(0);
    else if (event.key === 'End') moveTo(lastPosition(latest.current));
    else return false;
    event.preventDefault();
    return true;
  };

  return {
    scroller,
    height: elementHeight(scale),
    view,
    show,
    onKeyDown,
    ...rowsAt(clampPosition(position, scale), rowHeight, rows, view),
  };
}
