import { useEffect, useRef, type ReactElement, type ReactNode } from 'react';
import { Dialog, Heading, Modal as AriaModal, ModalOverlay } from 'react-aria-components';
import { IconButton } from './button';
import { Icon } from './icons';

/** The dialogs on screen, the topmost last. */
const stack: object[] = [];

/** A modal dialog with a title; Esc and the cross close it. */
export function Modal({
  title,
  onClose,
  children,
  foot,
  look = '',
  role = 'dialog',
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
  foot?: ReactNode;
  look?: string;
  role?: 'dialog' | 'alertdialog';
}): ReactElement {
  const self = useRef({});
  // A question may lie over the dialog it is about.
  useEffect(() => {
    const own = self.current;
    stack.push(own);
    return () => void stack.splice(stack.indexOf(own), 1);
  }, []);
  // What had the focus may be gone, and the focus with it: Esc still closes the dialog.
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const onTop = stack.at(-1) === self.current;
      if (event.key === 'Escape' && !event.defaultPrevented && onTop) onClose();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [onClose]);
  return (
    <ModalOverlay
      className="modal-overlay"
      isOpen
      isDismissable={role === 'dialog'}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <AriaModal className={`modal ${look}`}>
        <Dialog className="dialog" role={role}>
          <div className="dialog-head">
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            <IconButton label="Close" onPress={onClose}>
              <Icon name="close" />
            </IconButton>
          </div>
          <div className="dialog-body">{children}</div>
          {foot === undefined ? null : <div className="dialog-foot">{foot}</div>}
        </Dialog>
      </AriaModal>
    </ModalOverlay>
  );
}
