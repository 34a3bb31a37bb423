import { shallowRef, type ShallowRef } from 'vue'
import type { DesktopBridge } from '../../../src-main/contract/index.ts'

/** A question for the built-in folder browser; `answer(null)` cancels. */
export interface PathRequest {
  readonly kind: 'folder' | 'save'
  readonly title: string
  readonly suggestedName: string
  readonly answer: (path: string | null) => void
}

/** Asks for paths: with the system's dialogs in the desktop window, with the built-in browser elsewhere. */
export interface PathDialogs {
  /** The question the built-in browser has to put, or null. */
  readonly pending: ShallowRef<PathRequest | null>
  chooseFolder(title: string): Promise<string | null>
  chooseSavePath(title: string, suggestedName: string): Promise<string | null>
  /** Shows a file in the system's file manager; null where the host cannot. */
  readonly revealFile: ((path: string) => Promise<void>) | null
  /** Where something dropped on the page lies; null in a browser, which does not say it. */
  pathOfDropped(dropped: File): string | null
}

/** @param desktop - the desktop window's bridge, or null in a browser */
export const createPathDialogs = (desktop: DesktopBridge | null): PathDialogs => {
  const pending = shallowRef<PathRequest | null>(null)
  const ask = (request: Omit<PathRequest, 'answer'>): Promise<string | null> =>
    new Promise((resolve) => {
      pending.value?.answer(null)
      pending.value = {
        ...request,
        answer: (path) => {
          pending.value = null
          resolve(path)
        },
      }
    })
  return {
    pending,
    chooseFolder: (title) =>
      desktop ? desktop.chooseFolder(title) : ask({ kind: 'folder', title, suggestedName: '' }),
    chooseSavePath: (title, suggestedName) =>
      desktop ? desktop.chooseSavePath(suggestedName) : ask({ kind: 'save', title, suggestedName }),
    revealFile: desktop ? (path) => desktop.revealFile(path) : null,
    pathOfDropped: (dropped) => desktop?.pathOfDropped(dropped) || null,
  }
}
