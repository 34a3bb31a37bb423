import type { Dialog, IpcMain, IpcMainInvokeEvent, Shell } from 'electron'
import { z } from 'zod'
import { DESKTOP_CHANNELS } from '../contract/index.ts'
import { isOwnPage } from './windowPolicy.ts'

/** The parts of Electron that the desktop bridge needs, handed in so that it can be tested without it. */
export interface DesktopHost {
  readonly ipc: Pick<IpcMain, 'handle'>
  readonly dialog: Pick<Dialog, 'showOpenDialog' | 'showSaveDialog'>
  readonly shell: Pick<Shell, 'showItemInFolder'>
}

/** Answers the preload's calls; only our own page may ask, and only with a short string. */
export function registerDesktopHandlers(host: DesktopHost): void {
  const argument = z.string().max(4096)

  const answer = <Result>(
    method: keyof typeof DESKTOP_CHANNELS,
    act: (value: string) => Promise<Result>,
  ): void => {
    host.ipc.handle(DESKTOP_CHANNELS[method], async (event: IpcMainInvokeEvent, value: unknown) => {
      if (!isOwnPage(event.senderFrame?.url ?? '')) throw new Error('Refused: not a Gliadesk page.')
      return await act(argument.parse(value))
    })
  }

  answer('chooseFolder', async (title) => {
    const choice = await host.dialog.showOpenDialog({ title, properties: ['openDirectory'] })
    return choice.canceled ? null : (choice.filePaths[0] ?? null)
  })
  answer('chooseSavePath', async (suggestedName) => {
    const choice = await host.dialog.showSaveDialog({ defaultPath: suggestedName })
    return choice.canceled ? null : choice.filePath
  })
  answer('revealFile', async (path) => host.shell.showItemInFolder(path))
}
