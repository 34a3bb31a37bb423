import { describe, expect, it, vi } from 'vitest'
import { confineNavigation, isOwnPage, restrictPermissions, windowOptions } from './windowPolicy.ts'

describe('window policy', () => {
  it('gives the page no way to Node', () => {
    expect(windowOptions('/preload.cjs').webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
    })
  })

  it.each([
    ['app://gliadesk/case/x', true],
    ['app://gliadesk', true],
    ['app://gliadesk.example/', false],
    ['https://example.org/', false],
    ['file:///etc/passwd', false],
  ])('knows its own pages: %s', (url, own) => {
    expect(isOwnPage(url)).toBe(own)
  })

  it('prevents navigation, web views and new windows', () => {
    const handlers = new Map<string, (event: { preventDefault(): void }, url: string) => void>()
    const setWindowOpenHandler = vi.fn()
    confineNavigation({
      on: ((name: string, handler: never) => handlers.set(name, handler)) as never,
      setWindowOpenHandler,
    })
    const preventDefault = vi.fn()
    handlers.get('will-navigate')?.({ preventDefault }, 'app://gliadesk/models')
    expect(preventDefault).not.toHaveBeenCalled()
    handlers.get('will-navigate')?.({ preventDefault }, 'https://example.org')
    handlers.get('will-attach-webview')?.({ preventDefault }, '')
    expect(preventDefault).toHaveBeenCalledTimes(2)
    expect(setWindowOpenHandler.mock.calls[0][0]()).toEqual({ action: 'deny' })
  })

  it('grants full screen and the clipboard, refuses the rest', () => {
    const setPermissionRequestHandler = vi.fn()
    const setPermissionCheckHandler = vi.fn()
    restrictPermissions({ setPermissionRequestHandler, setPermissionCheckHandler })
    const check = setPermissionCheckHandler.mock.calls[0][0]
    expect(check(null, 'fullscreen')).toBe(true)
    expect(check(null, 'media')).toBe(false)
    const decide = vi.fn()
    setPermissionRequestHandler.mock.calls[0][0](null, 'geolocation', decide)
    expect(decide).toHaveBeenCalledWith(false)
  })
})
