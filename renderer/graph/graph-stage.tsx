import {
  useCallback,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
  type ReactElement,
} from 'react';
import type { EntityLink } from '../../shared/ipc/finding-schemas';
import { isSelected } from '../stores/navigation';
import { createEdgesCanvas, type EdgesCanvas } from './edges-canvas';
import { GraphNodeBox, isGroup, type GraphNode } from './graph-node';
import { isDirection, nearest } from './nearest';
import { bringIntoView, fitAll, fitWidth, zoomAt, type Size, type Viewport } from './viewport';
import type { GraphView } from './graph-view';

/** What the toolbar can ask of the picture; `count` grows with every wish. */
export interface Wish {
  readonly kind: 'fit' | 'in' | 'out';
  readonly count: number;
}

const zoomStep = 1.25;
const dragFrom = 4;

/** The picture: drag or scroll to move, Ctrl and wheel to zoom, arrows to walk from node to node. */
export function GraphStage({
  graph,
  selection,
  wish,
  onSelect,
  onOpenGroup,
}: {
  graph: GraphView;
  selection: EntityLink | null;
  wish: Wish;
  onSelect: (ref: EntityLink, reveal: boolean) => void;
  onOpenGroup: (id: string) => void;
}): ReactElement {
  const id = useId();
  const stage = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLDivElement>(null);
  const edges = useRef<EdgesCanvas>(null);
  const [viewport, setViewport] = useState<Viewport>({ zoom: 1, x: 20, y: 20 });
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [activeId, setActiveId] = useState<string>();
  const drag = useRef<{ x: number; y: number; at: Viewport; moved: boolean } | null>(null);
  /** The sizes for which the picture was fitted; null before the first. */
  const fittedFor = useRef<{ size: Size; width: number } | null>(null);
  /** Who has moved or zoomed keeps their place when the stage changes its size. */
  const moved = useRef(false);

  const shown = graph.nodes.filter(({ kind }) => kind !== 'column-title');
  const selectedNode = shown.find(({ ref }) => isSelected(selection, ref));
  const active = shown.find((node) => node.id === activeId) ?? selectedNode ?? shown[0];

  useLayoutEffect(() => {
    const [box, host] = [stage.current, canvas.current];
    if (box === null || host === null) return;
    const created = createEdgesCanvas(host);
    edges.current = created;
    const measure = (): void => {
      setSize({ width: box.clientWidth, height: box.clientHeight });
      created.resize();
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    const dark = window.matchMedia('(prefers-color-scheme: dark)');
    const forced = window.matchMedia('(forced-colors: active)');
    dark.addEventListener('change', created.restyle);
    forced.addEventListener('change', created.restyle);
    return () => {
      observer.disconnect();
      dark.removeEventListener('change', created.restyle);
      forced.removeEventListener('change', created.restyle);
      created.destroy();
      edges.current = null;
    };
  }, []);
  useLayoutEffect(() => {
    edges.current?.draw(graph, selectedNode?.id);
  }, [graph, selectedNode?.id]);
  useLayoutEffect(() => {
    edges.current?.look(viewport);
  }, [viewport, graph]);

  // The first picture fits, and again when a pane opens or closes; later ones stay where one looks.
  useEffect(() => {
    if (size.width === 0 || graph.width === 0) return;
    const before = fittedFor.current;
    if (
      before !== null &&
      (moved.current || (before.size === size && before.width === graph.width))
    )
      return;
    fittedFor.current = { size, width: graph.width };
    const fitted = fitWidth(graph, size);
    setViewport(selectedNode === undefined ? fitted : bringIntoView(fitted, selectedNode, size));
  }, [graph, size, selectedNode]);
  const wishCount = wish.count;
  useEffect(() => {
    if (wishCount === 0) return;
    moved.current = wish.kind !== 'fit';
    setViewport((at) =>
      wish.kind === 'fit'
        ? fitAll(graph, size)
        : zoomAt(at, wish.kind === 'in' ? zoomStep : 1 / zoomStep, size.width / 2, size.height / 2),
    );
    // Only a new wish moves the picture.
  }, [wishCount]);

  const onWheel = useCallback((event: WheelEvent): void => {
    event.preventDefault();
    const box = stage.current?.getBoundingClientRect();
    if (box === undefined) return;
    moved.current = true;
    setViewport((at) =>
      event.ctrlKey || event.metaKey
        ? zoomAt(at, Math.exp(-event.deltaY / 400), event.clientX - box.x, event.clientY - box.y)
        : {
            ...at,
            x: at.x - (event.shiftKey ? event.deltaY : event.deltaX),
            y: at.y - (event.shiftKey ? 0 : event.deltaY),
          },
    );
  }, []);
  useEffect(() => {
    const box = stage.current;
    box?.addEventListener('wheel', onWheel, { passive: false });
    return () => box?.removeEventListener('wheel', onWheel);
  }, [onWheel]);

  const choose = (node: GraphNode, reveal: boolean): void => {
    setActiveId(node.id);
    if (node.ref !== undefined) onSelect(node.ref, reveal);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (active === undefined) return;
    if (event.key === 'Enter') {
      if (isGroup(active)) onOpenGroup(active.id);
      else choose(active, true);
    } else if (event.key === '+' || event.key === '=') {
      moved.current = true;
      setViewport((at) => zoomAt(at, zoomStep, size.width / 2, size.height / 2));
    } else if (event.key === '-') {
      moved.current = true;
      setViewport((at) => zoomAt(at, 1 / zoomStep, size.width / 2, size.height / 2));
    } else if (event.key === '0') {
      moved.current = false;
      setViewport(fitAll(graph, size));
    } else if (isDirection(event.key) && !event.altKey) {
      const next = nearest(active, event.key, shown);
      const node = shown.find((each) => each.id === next?.id);
      if (node === undefined) return;
      choose(node, false);
      setViewport((at) => bringIntoView(at, node, size));
    } else return;
    event.preventDefault();
  };
  const onPointerMove = (event: PointerEvent): void => {
    const start = drag.current;
    if (start === null) return;
    const [dx, dy] = [event.clientX - start.x, event.clientY - start.y];
    if (!start.moved && Math.hypot(dx, dy) < dragFrom) return;
    if (!start.moved) event.currentTarget.setPointerCapture(event.pointerId);
    start.moved = true;
    moved.current = true;
    setViewport({ zoom: start.at.zoom, x: start.at.x + dx, y: start.at.y + dy });
  };

  const transform = `translate(${viewport.x}px, ${viewport.y}px) scale(${viewport.zoom})`;
  const nodeId = (node: GraphNode): string => `${id}-${node.id}`;
  return (
    <div
      ref={stage}
      className="graph-stage card grow"
      role="listbox"
      tabIndex={0}
      aria-label="HNS objects"
      aria-activedescendant={active === undefined ? undefined : nodeId(active)}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        drag.current = { x: event.clientX, y: event.clientY, at: viewport, moved: false };
      }}
      onPointerMove={onPointerMove}
      onPointerUp={() => (drag.current = null)}
      onPointerCancel={() => (drag.current = null)}
    >
      <div className="graph-layer" aria-hidden="true" style={{ transform }}>
        {graph.nodes.map((node) =>
          node.kind === 'network' || node.kind === 'remote-group' ? (
            <div
              key={node.id}
              className={`graph-box ${node.kind} ${node.tone}`}
              style={boxOf(node)}
            />
          ) : node.kind === 'column-title' ? (
            <div key={node.id} className="graph-title" style={boxOf(node)}>
              {node.label}
            </div>
          ) : null,
        )}
      </div>
      <div ref={canvas} className="graph-canvas" aria-hidden="true" />
      <div className="graph-layer" role="presentation" style={{ transform }}>
        {shown.map((node) => (
          <GraphNodeBox
            key={node.id}
            id={nodeId(node)}
            node={node}
            selected={isSelected(selection, node.ref)}
            active={node === active}
            onPress={() => (isGroup(node) ? onOpenGroup(node.id) : choose(node, false))}
            onOpen={() => choose(node, true)}
          />
        ))}
      </div>
    </div>
  );
}

const boxOf = (node: GraphNode) => ({
  left: node.x - node.w / 2,
  top: node.y - node.h / 2,
  width: node.w,
  height: node.h,
});
