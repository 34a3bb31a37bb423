/**
 * What only a desktop window can do. The preload exposes it as `window.gliadeskDesktop`; in a browser it is
 * absent and the renderer falls back to its own dialogs over `files.browse`.
 */
export interface DesktopBridge {
  /** Asks for a folder with the system's dialog; null when the person cancels. */
  chooseFolder(title: string): Promise<string | null>
  /** Asks where to save a file; null when the person cancels. */
  chooseSavePath(suggestedName: string): Promise<string | null>
  /** Opens the system's file manager with the file selected. */
  revealFile(path: string): Promise<void>
  /** Where a file or folder that was dropped on the window lies; empty for what is no file. */
  pathOfDropped(dropped: File): string
}

/** IPC channels between preload and shell, one a method that needs the shell. */
export const DESKTOP_CHANNELS = {
  chooseFolder: 'desktop:choose-folder',
  chooseSavePath: 'desktop:choose-save-path',
  revealFile: 'desktop:reveal-file',
} as const satisfies Record<Exclude<keyof DesktopBridge, 'pathOfDropped'>, string>

/** The origin the desktop window loads; the shell answers it by forwarding to the core's socket. */
export const DESKTOP_ORIGIN = 'app://gliadesk'
