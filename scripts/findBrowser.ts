import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chromium } from '@playwright/test'

/** Where a Chromium-based browser is commonly installed, by platform. */
const INSTALLED: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
  ],
  darwin: ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
}

/** How it is started without a screen and as root: WebGL on the processor, no calls to the browser's maker. */
export const HEADLESS_FLAGS = [
  '--no-sandbox',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
  '--disable-background-networking',
]

/** The browser for end-to-end tests: the one named by GLIADESK_BROWSER, an installed one, or Playwright's. */
export function findBrowser(): string | null {
  const candidates = [
    process.env['GLIADESK_BROWSER'],
    ...(INSTALLED[process.platform] ?? []),
    chromium.executablePath(),
  ]
  return candidates.find((path) => path !== undefined && existsSync(path)) ?? null
}

/**
 * Finds a browser or installs one: Debian's `chromium` when root, else Playwright's own download.
 *
 * @throws Error naming what to install by hand when neither works
 */
export function findOrInstallBrowser(): string {
  const found = findBrowser()
  if (found !== null) return found
  const root = process.getuid?.() === 0
  const attempts = root
    ? [
        ['apt-get', 'update', '-q'],
        ['apt-get', 'install', '-qy', '--no-install-recommends', 'chromium'],
      ]
    : [['npx', 'playwright', 'install', 'chromium']]
  for (const [command, ...rest] of attempts) {
    spawnSync(command, rest, {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      shell: process.platform === 'win32',
    })
  }
  const installed = findBrowser()
  if (installed === null) {
    throw new Error(
      'No browser for the end-to-end tests. Install Chromium or Chrome, or name one in GLIADESK_BROWSER.',
    )
  }
  return installed
}
