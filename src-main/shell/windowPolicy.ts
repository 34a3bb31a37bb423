import type { BrowserWindowConstructorOptions, Session, WebContents } from 'electron'
import { DESKTOP_ORIGIN } from '../contract/index.ts'

/** The window's security settings and looks; nothing in it may reach Node. */
export function windowOptions(preloadPath: string): BrowserWindowConstructorOptions {
  return {
    width: 1600,
    height: 1000,
    minWidth: 1024,
    minHeight: 700,
    show: false,
    backgroundColor: '#0b0d10',
    title: 'Gliadesk',
    webPreferences: {
      preload: preloadPath,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
      devTools: true,
    },
  }
}

/** True for pages of the program itself. */
export function isOwnPage(url: string): boolean {
  return url === DESKTOP_ORIGIN || url.startsWith(`${DESKTOP_ORIGIN}/`)
}

/** Keeps a page where it is: no navigation away, no new windows, no web views. */
export function confineNavigation(
  contents: Pick<WebContents, 'on' | 'setWindowOpenHandler'>,
): void {
  contents.on('will-navigate', (event, url) => {
    if (!isOwnPage(url)) event.preventDefault()
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}

/** The program needs full screen and the clipboard, and nothing else a browser could grant. */
const GRANTED = new Set(['fullscreen', 'clipboard-sanitized-write'])

/** Refuses every permission the program has no use for (camera, location, …). */
export function restrictPermissions(
  session: Pick<Session, 'setPermissionRequestHandler' | 'setPermissionCheckHandler'>,
): void {
  session.setPermissionRequestHandler((_contents, permission, decide) =>
    decide(GRANTED.has(permission)),
  )
  session.setPermissionCheckHandler((_contents, permission) => GRANTED.has(permission))
}
