import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { app, BrowserWindow, dialog, ipcMain, protocol, session, shell } from 'electron'
import { DESKTOP_ORIGIN } from '../contract/desktop.ts'
import { applicationMenu } from './applicationMenu.ts'
import { corePaths } from './corePaths.ts'
import { startCore, type CoreProcess } from './coreProcess.ts'
import { registerDesktopHandlers } from './desktopHandlers.ts'
import { forwardToCore } from './forwardToCore.ts'
import { confineNavigation, restrictPermissions, windowOptions } from './windowPolicy.ts'

const CORE_START_TIMEOUT_MS = 60_000
const CORE_STOP_GRACE_MS = 10_000

// Privileged schemes are registered exactly once and before the app is ready.
protocol.registerSchemesAsPrivileged([
  {
    scheme: new URL(DESKTOP_ORIGIN).protocol.slice(0, -1),
    privileges: {
      standard: true,
      secure: true,
      supportFetchAPI: true,
      stream: true,
      codeCache: true,
    },
  },
])

if (!app.requestSingleInstanceLock()) app.quit()
else void run()

async function run(): Promise<void> {
  await app.whenReady()
  const here = fileURLToPath(new URL('.', import.meta.url))
  const paths = corePaths({
    packaged: app.isPackaged,
    platform: process.platform,
    resourcesPath: process.resourcesPath,
    projectPath: join(here, '..', '..'),
    userDataPath: app.getPath('userData'),
    homePath: app.getPath('home'),
    processId: process.pid,
    workspaceOverride: process.env['GLIADESK_WORKSPACE'],
  })

  let core: CoreProcess
  try {
    core = await startCore(
      {
        nodePath: paths.nodePath,
        arguments: [
          paths.coreEntry,
          '--workspace',
          paths.workspacePath,
          '--socket',
          paths.socketPath,
        ],
        environment: process.env,
      },
      CORE_START_TIMEOUT_MS,
    )
  } catch (cause) {
    dialog.showErrorBox(
      'Gliadesk cannot start',
      cause instanceof Error ? cause.message : `${cause}`,
    )
    app.exit(1)
    return
  }

  protocol.handle(new URL(DESKTOP_ORIGIN).protocol.slice(0, -1), (request) =>
    forwardToCore(request, paths.socketPath),
  )
  restrictPermissions(session.defaultSession)
  registerDesktopHandlers({ ipc: ipcMain, dialog, shell })
  applicationMenu()

  const window = new BrowserWindow(windowOptions(join(here, '..', 'preload', 'preload.cjs')))
  confineNavigation(window.webContents)
  window.once('ready-to-show', () => window.show())
  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore()
    window.focus()
  })

  let quitting = false
  void core.ended.then((code) => {
    if (quitting) return
    dialog.showErrorBox(
      'The Gliadesk core has ended',
      `It ended with code ${code ?? 'none'}. Everything saved and every finished stroke is kept. Start Gliadesk again to go on.`,
    )
    app.exit(1)
  })
  app.on('window-all-closed', () => app.quit())
  app.on('before-quit', (event) => {
    if (quitting) return
    quitting = true
    event.preventDefault()
    void core.stop(CORE_STOP_GRACE_MS).then(() => app.quit())
  })

  await window.loadURL(`${DESKTOP_ORIGIN}/`)
}
