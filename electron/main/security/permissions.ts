import type { Session } from 'electron';

/**
 * Protection 5: a page gets no camera, location, notification, device or any other permission.
 * Copying text to the clipboard after a click is the one thing it may do.
 * Source: Electron's security tutorial, point 5.
 */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, grant) => {
    grant(permission === 'clipboard-sanitized-write');
  });
  session.setPermissionCheckHandler(
    (_contents, permission) => permission === 'clipboard-sanitized-write',
  );
  session.setDevicePermissionHandler(() => false);
}
