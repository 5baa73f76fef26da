import { useRef, useState, type ReactElement } from 'react';

const keyStep = 16;

/**
 * Resizes the pane beside it, by mouse or arrow keys (Home and End for the limits).
 * `grows`: where the pointer goes when the pane grows.
 */
export function Splitter({
  label,
  value,
  min,
  max,
  grows,
  onChange,
}: {
  label: string;
  value: number;
  min: number;
  max: number;
  grows: 'right' | 'left' | 'up';
  onChange: (value: number) => void;
}): ReactElement {
  const start = useRef({ at: 0, value: 0 });
  const [dragging, setDragging] = useState(false);
  const horizontal = grows === 'up';
  const sign = grows === 'right' ? 1 : -1;
  const set = (next: number): void => onChange(Math.round(Math.min(max, Math.max(min, next))));
  const more = horizontal ? 'ArrowUp' : grows === 'right' ? 'ArrowRight' : 'ArrowLeft';
  const less = horizontal ? 'ArrowDown' : grows === 'right' ? 'ArrowLeft' : 'ArrowRight';
  return (
    <div
      className={`splitter ${horizontal ? 'horizontal' : 'vertical'}`}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={horizontal ? 'horizontal' : 'vertical'}
      aria-valuenow={value}
      aria-valuemin={min}
      aria-valuemax={max}
      {...(dragging ? { 'data-dragging': '' } : {})}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { at: horizontal ? event.clientY : event.clientX, value };
        setDragging(true);
      }}
      onPointerMove={(event) => {
        if (!dragging) return;
        const now = horizontal ? event.clientY : event.clientX;
        set(start.current.value + sign * (now - start.current.at));
      }}
      onPointerUp={() => setDragging(false)}
      onPointerCancel={() => setDragging(false)}
      onKeyDown={(event) => {
        if (event.key === more) set(value + keyStep);
        else if (event.key === less) set(value - keyStep);
        else if (event.key === 'Home') set(min);
        else if (event.key === 'End') set(max);
        else return;
        event.preventDefault();
      }}
    />
  );
}
