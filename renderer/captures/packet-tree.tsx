import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import type { PacketView } from '../../shared/ipc/capture-schemas';
import { Icon } from '../controls/icons';
import type { ByteRange } from './packet-pane';

type Layers = PacketView['layers'];

interface Item {
  readonly key: string;
  readonly layer: number;
  /** Undefined: the layer itself. */
  readonly field: number | undefined;
  readonly range: ByteRange;
}

/** The layers of a packet with their fields; what is chosen is marked in the bytes too. */
export function PacketTree({
  layers,
  marked,
  onMark,
}: {
  layers: Layers;
  marked: ByteRange | null;
  onMark: (range: ByteRange) => void;
}): ReactElement {
  const id = useId();
  const tree = useRef<HTMLUListElement>(null);
  // The layers that tell most are the last ones; what is around them is one line each.
  const [open, setOpen] = useState<ReadonlySet<number>>(() => new Set(lastTwo(layers)));
  const [active, setActive] = useState('0');
  const items = itemsOf(layers, open);
  const at = Math.max(
    0,
    items.findIndex(({ key }) => key === active),
  );
  const isMarked = ({ range }: Item): boolean =>
    marked !== null && range.start === marked.start && range.end === marked.end;

  // A byte that was pressed opens the layer it lies in.
  useEffect(() => {
    if (marked === null) return;
    const layer = layers.findLastIndex(({ fields }) =>
      fields.some((field) => field.start === marked.start && field.end === marked.end),
    );
    if (layer < 0 || open.has(layer)) return;
    setOpen(new Set([...open, layer]));
  }, [marked]);
  useEffect(() => {
    tree.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [marked, open]);

  const choose = (item: Item | undefined): void => {
    if (item === undefined) return;
    setActive(item.key);
    onMark(item.range);
  };
  const toggle = (layer: number, wanted = !open.has(layer)): void => {
    const next = new Set(open);
    if (wanted) next.add(layer);
    else next.delete(layer);
    setOpen(next);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey) return;
    const item = items[at];
    if (item === undefined) return;
    const isOpen = open.has(item.layer);
    switch (event.key) {
      case 'ArrowDown':
        choose(items[at + 1]);
        break;
      case 'ArrowUp':
        choose(items[at - 1]);
        break;
      case 'Home':
        choose(items[0]);
        break;
      case 'End':
        choose(items.at(-1));
        break;
      case 'ArrowRight':
        if (item.field === undefined && !isOpen) toggle(item.layer, true);
        else if (item.field === undefined) choose(items[at + 1]);
        break;
      case 'ArrowLeft':
        if (item.field === undefined) toggle(item.layer, false);
        else choose(items.find(({ key }) => key === String(item.layer)));
        break;
      case 'Enter':
      case ' ':
        if (item.field === undefined) toggle(item.layer);
        choose(item);
        break;
      default:
        return;
    }
    event.preventDefault();
  };

  return (
    <ul
      ref={tree}
      className="packet-tree"
      role="tree"
      tabIndex={0}
      aria-label="Layers of the packet"
      aria-activedescendant={`${id}-${items[at]?.key ?? '0'}`}
      onKeyDown={onKeyDown}
    >
      {items.map((item, n) => {
        const layer = layers[item.layer];
        const field = item.field === undefined ? undefined : layer?.fields[item.field];
        return (
          <li
            key={item.key}
            id={`${id}-${item.key}`}
            role="treeitem"
            aria-level={field === undefined ? 1 : 2}
            aria-selected={isMarked(item)}
            {...(field === undefined && (layer?.fields.length ?? 0) > 0
              ? { 'aria-expanded': open.has(item.layer) }
              : {})}
            className={`${field === undefined ? 'tree-layer' : 'tree-field'} ${n === at ? 'active' : ''}`}
            onClick={() => {
              if (item.field === undefined) toggle(item.layer);
              choose(item);
            }}
          >
            {field === undefined ? (
              <>
                <span className={`chevron ${open.has(item.layer) ? 'open' : ''}`}>
                  <Icon name="chevron" size={10} />
                </span>
                <strong>{layer?.name}</strong> <span className="dim">{layer?.text}</span>
              </>
            ) : (
              <>
                <span className="dim">{field.name}</span>{' '}
                <span className="mono">{field.value}</span>
              </>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function lastTwo(layers: Layers): number[] {
  const shown = layers.flatMap(({ fields }, index) => (fields.length > 0 ? [index] : []));
  return shown.slice(-2);
}

function itemsOf(layers: Layers, open: ReadonlySet<number>): Item[] {
  return layers.flatMap((layer, index): Item[] => [
    { key: String(index), layer: index, field: undefined, range: layer },
    ...(open.has(index)
      ? layer.fields.map((field, n) => ({
          key: `${index}.${n}`,
          layer: index,
          field: n,
          range: field,
        }))
      : []),
  ]);
}
