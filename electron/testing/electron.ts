/**
 * Stands in for the `electron` module in unit tests: outside of Electron the real one is only a
 * program that fetches the binary. Tests that need more run in the real application (e2e).
 */
export const ipcMain = { handle: (): void => undefined };
export const protocol = { registerSchemesAsPrivileged: (): void => undefined };
