import type { ReactElement } from 'react';
import { Button, IconButton } from '../controls/button';
import { Icon } from '../controls/icons';
import { StatusMark } from '../controls/status-mark';
import { dismiss, useToasts } from '../stores/toasts';

/** Short messages; read out politely. */
export function Toasts(): ReactElement {
  const toasts = useToasts((state) => state.toasts);
  return (
    <div className="toasts" role="status" aria-live="polite" aria-label="Messages">
      {toasts.map((toast) => (
        <div key={toast.id} className="toast">
          <StatusMark status={toast.tone} />
          <span>{toast.text}</span>
          {toast.action === undefined ? null : (
            <Button
              look="small"
              onPress={() => {
                toast.action?.run();
                dismiss(toast.id);
              }}
            >
              {toast.action.title}
            </Button>
          )}
          <IconButton label="Dismiss" onPress={() => dismiss(toast.id)}>
            <Icon name="close" size={12} />
          </IconButton>
        </div>
      ))}
    </div>
  );
}
