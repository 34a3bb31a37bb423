import type { DesktopBridge } from '../src-main/contract/index.ts'

declare global {
  interface Window {
    /** Present only inside the desktop window. */
    gliadeskDesktop?: DesktopBridge
  }
}
