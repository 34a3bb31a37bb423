import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, expect, test } from '@playwright/test'

const ELECTRON = join('node_modules', 'electron')
const installed =
  existsSync(join(ELECTRON, 'path.txt')) &&
  existsSync(join(ELECTRON, 'dist', readFileSync(join(ELECTRON, 'path.txt'), 'utf8').trim()))

test.skip(!installed, 'Electron’s binary is not on this machine (npx install-electron fetches it).')

test('the desktop window shows the worklist of the workspace over app://', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gliadesk-electron-'))
  const application = await _electron.launch({
    args: ['.', `--user-data-dir=${join(folder, 'profile')}`],
    env: { ...process.env, GLIADESK_WORKSPACE: join(folder, 'workspace') } as Record<
      string,
      string
    >,
  })
  try {
    const page = await application.firstWindow()
    await expect(page).toHaveURL(/^app:\/\/gliadesk\//)
    await expect(page.getByText('Research use only')).toBeVisible()
    await expect(page.getByRole('row', { name: /Synth/ }).first()).toBeVisible()
    expect(await page.evaluate(() => 'require' in globalThis)).toBe(false)
  } finally {
    await application.close()
    await rm(folder, { recursive: true, force: true })
  }
})
