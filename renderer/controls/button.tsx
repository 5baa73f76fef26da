import type { ReactElement, ReactNode } from 'react';
import { Button as AriaButton, Tooltip, TooltipTrigger } from 'react-aria-components';
import { isMac } from '../stores/app-info';
import { shortcutText } from '../commands/shortcut';
import { objectData, type ShownObject } from './object-data';

interface ButtonProps {
  readonly children: ReactNode;
  readonly onPress: () => void;
  readonly look?: string;
  readonly label?: string;
  readonly isDisabled?: boolean;
  readonly autoFocus?: boolean;
  readonly pressed?: boolean;
}

/** A push button. `look`: primary, quiet, small, icon. */
export function Button(props: ButtonProps): ReactElement {
  return (
    <AriaButton
      className={`button ${props.look ?? ''}`}
      onPress={props.onPress}
      isDisabled={props.isDisabled ?? false}
      autoFocus={props.autoFocus ?? false}
      {...(props.label === undefined ? {} : { 'aria-label': props.label })}
      {...(props.pressed === undefined ? {} : { 'aria-pressed': props.pressed })}
    >
      {props.children}
    </AriaButton>
  );
}

/** A button that shows only an icon: its name and shortcut stand in a tooltip. */
export function IconButton({
  label,
  shortcut,
  look = 'quiet icon small',
  ...rest
}: Omit<ButtonProps, 'label'> & { label: string; shortcut?: string }): ReactElement {
  return (
    <TooltipTrigger delay={500}>
      <Button {...rest} look={look} label={label} />
      <Tooltip className="tooltip" offset={6}>
        {label}
        {shortcut === undefined ? null : (
          <>
            {' '}
            <kbd>{shortcutText(shortcut, isMac())}</kbd>
          </>
        )}
      </Tooltip>
    </TooltipTrigger>
  );
}

/** A link within the application. */
export function LinkButton({
  children,
  onPress,
  label,
  look = 'link',
  object,
}: {
  children: ReactNode;
  onPress: () => void;
  label?: string;
  look?: string;
  /** What it names, for the menu of its right click. */
  object?: ShownObject;
}): ReactElement {
  return (
    <AriaButton
      className={look}
      onPress={onPress}
      {...(object === undefined ? {} : objectData(object))}
      {...(label === undefined ? {} : { 'aria-label': label })}
    >
      {children}
    </AriaButton>
  );
}
