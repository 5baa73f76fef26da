import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const rooms = '{shared,electron,renderer,scripts}';

export default defineConfig({
  test: {
    projects: [
      {
        // Plain Node has no Electron: importing the package would try to download it.
        resolve: {
          alias: {
            electron: fileURLToPath(new URL('electron/testing/electron.ts', import.meta.url)),
          },
        },
        test: {
          name: 'unit',
          include: [`${rooms}/**/*.test.{ts,tsx}`],
          environment: 'node',
          // Generous: several of these read large inputs while other checks share the machine.
          testTimeout: 60_000,
          setupFiles: ['electron/testing/property-seed.ts'],
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.spec.ts'],
          environment: 'node',
          fileParallelism: false,
          // A step that waits in vain gives up after half a minute by itself, with a reason.
          testTimeout: 120_000,
          hookTimeout: 240_000,
          // The usual second is too short for a machine that does other things.
          expect: { poll: { timeout: 30_000 } },
        },
      },
    ],
  },
});
