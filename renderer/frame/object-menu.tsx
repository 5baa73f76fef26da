import { useEffect, useRef, useState, type ReactElement } from 'react';
import { Menu, MenuItem, Popover } from 'react-aria-components';
import { objectAt, type ShownObject } from '../controls/object-data';
import { openRaw } from '../stores/drawer';
import { copyText } from '../stores/evidence-actions';
import { select } from '../stores/navigation';
import { traceAbout, tracedKinds } from '../stores/trace';

interface Asked {
  readonly object: ShownObject;
  readonly x: number;
  readonly y: number;
}

/** The menu of the object under the pointer, or of the active one by the menu key. */
export function ObjectMenu(): ReactElement {
  const [asked, setAsked] = useState<Asked | null>(null);
  const anchor = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const onMenu = (event: MouseEvent): void => {
      const object = objectAt(event.target);
      if (object === undefined) return;
      event.preventDefault();
      const byKey = event.button !== 2;
      const box = byKey ? activeBox(event.target) : undefined;
      setAsked({ object, x: box?.left ?? event.clientX, y: box?.bottom ?? event.clientY });
    };
    window.addEventListener('contextmenu', onMenu);
    return () => window.removeEventListener('contextmenu', onMenu);
  }, []);
  const items = asked === null ? [] : itemsOf(asked.object);
  return (
    <>
      <span
        ref={anchor}
        aria-hidden="true"
        className="menu-anchor"
        style={{ left: asked?.x ?? 0, top: asked?.y ?? 0 }}
      />
      <Popover
        className="popover"
        triggerRef={anchor}
        isOpen={asked !== null && items.length > 0}
        onOpenChange={(open) => {
          if (!open) setAsked(null);
        }}
        placement="bottom start"
        offset={0}
      >
        <Menu
          className="menu"
          aria-label="Actions"
          autoFocus="first"
          onAction={(key) => {
            setAsked(null);
            items.find(({ id }) => id === key)?.run();
          }}
        >
          {items.map(({ id, title }) => (
            <MenuItem key={id} id={id} className="menu-item" textValue={title}>
              {title}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </>
  );
}

function activeBox(target: EventTarget | null): DOMRect | undefined {
  if (!(target instanceof Element)) return undefined;
  const active = target.getAttribute('aria-activedescendant');
  return (active === null ? target : document.getElementById(active))?.getBoundingClientRect();
}

const hasAddress = /(?:\d{1,3}\.){3}\d{1,3}/;

function itemsOf({ ref, evidence, text }: ShownObject): readonly {
  readonly id: string;
  readonly title: string;
  readonly run: () => void;
}[] {
  const traced = ref !== undefined && tracedKinds.has(ref.kind);
  return [
    ...(traced
      ? [
          {
            id: 'trace',
            title: 'Trace',
            run: () => void traceAbout({ kind: 'object', object: ref.kind, id: ref.id }),
          },
        ]
      : []),
    ...(text !== undefined && hasAddress.test(text)
      ? [
          {
            id: 'trace-text',
            title: 'Trace the addresses of this line',
            run: () => void traceAbout({ kind: 'text', text: text.slice(0, 2000) }),
          },
        ]
      : []),
    ...(ref === undefined
      ? []
      : [
          { id: 'inspect', title: 'Inspect', run: () => select(ref, { reveal: true }) },
          { id: 'copy', title: 'Copy id', run: () => void copyText(ref.id, 'Id copied.') },
        ]),
    ...(evidence === undefined
      ? []
      : [{ id: 'raw', title: 'Show raw', run: () => openRaw(evidence) }]),
    ...(text === undefined
      ? []
      : [{ id: 'copy-text', title: 'Copy line', run: () => void copyText(text, 'Line copied.') }]),
  ];
}
