import { defineConfig } from '@playwright/test'
import { HEADLESS_FLAGS, findBrowser } from './scripts/findBrowser.ts'

const report = process.env['GLIADESK_E2E_REPORT']

export default defineConfig({
  testDir: 'e2e',
  // Every test starts a core and engines of its own; two at a time would measure each other.
  workers: 1,
  forbidOnly: process.env['CI'] !== undefined,
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: report === undefined ? [['list']] : [['list'], ['json', { outputFile: report }]],
  use: {
    actionTimeout: 60_000,
    trace: 'retain-on-failure',
    viewport: { width: 1440, height: 900 },
  },
  projects: [
    {
      name: 'serve',
      testDir: 'e2e/serve',
      use: {
        browserName: 'chromium',
        launchOptions: {
          executablePath: findBrowser() ?? undefined,
          args: HEADLESS_FLAGS,
        },
      },
    },
    { name: 'electron', testDir: 'e2e/electron' },
  ],
})
