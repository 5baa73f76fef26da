import { create } from 'zustand';

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: 'ok' | 'error' | 'info';
  readonly action?: { readonly title: string; readonly run: () => void };
}

let last = 0;
const shownMs = 7000;

export const useToasts = create<{ readonly toasts: readonly Toast[] }>(() => ({ toasts: [] }));

/** Says something politely; it goes by itself unless it offers an action or tells of an error. */
export function say(
  text: string,
  options: { tone?: Toast['tone']; action?: NonNullable<Toast['action']> } = {},
): void {
  last += 1;
  const id = last;
  const toast: Toast = {
    id,
    text,
    tone: options.tone ?? 'info',
    ...(options.action === undefined ? {} : { action: options.action }),
  };
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts.slice(-3), toast] }));
  const stay = options.action !== undefined || options.tone === 'error';
  setTimeout(() => dismiss(id), stay ? shownMs * 2 : shownMs);
}

export function dismiss(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));
}
