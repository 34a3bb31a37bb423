import { SEQUENCES, type Sequence } from '../../../src-main/contract/anatomy.ts'
import { parseRelativeWindow, type RelativeWindow } from './displayWindow.ts'

const STORAGE_KEY = 'gliadesk.windows'

/** The windows a reader last used, by sequence; automatic where none was stored or storage is off. */
export function rememberedWindows(): Record<Sequence, RelativeWindow> {
  let stored: Partial<Record<Sequence, unknown>> = {}
  try {
    const parsed: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}')
    if (typeof parsed === 'object' && parsed !== null) stored = parsed
  } catch {
    // Storage can be forbidden or hold something else: the automatic window is right then.
  }
  const entries = SEQUENCES.map((sequence) => [sequence, parseRelativeWindow(stored[sequence])])
  return Object.fromEntries(entries) as Record<Sequence, RelativeWindow>
}

/** Keeps the windows for the next case. */
export function rememberWindows(windows: Record<Sequence, RelativeWindow>): void {
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(windows))
  } catch {
    // Without storage the windows live as long as the page.
  }
}
