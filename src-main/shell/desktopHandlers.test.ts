import { describe, expect, it, vi } from 'vitest'
import { DESKTOP_CHANNELS } from '../contract/index.ts'
import { registerDesktopHandlers } from './desktopHandlers.ts'

type Handler = (event: { senderFrame: { url: string } | null }, value: unknown) => Promise<unknown>

function registered(answers: { canceled: boolean; filePaths?: string[]; filePath?: string }) {
  const handlers = new Map<string, Handler>()
  const showItemInFolder = vi.fn()
  registerDesktopHandlers({
    ipc: { handle: (channel, handler) => handlers.set(channel, handler as never) },
    dialog: {
      showOpenDialog: vi.fn().mockResolvedValue(answers),
      showSaveDialog: vi.fn().mockResolvedValue(answers),
    },
    shell: { showItemInFolder },
  })
  const call = async (channel: string, value: unknown, url = 'app://gliadesk/worklist') => {
    const handler = handlers.get(channel)
    if (handler === undefined) throw new Error(`no handler for ${channel}`)
    return await handler({ senderFrame: { url } }, value)
  }
  return { call, showItemInFolder, channels: [...handlers.keys()] }
}

describe('desktop handlers', () => {
  it('answers every channel of the bridge', () => {
    expect(registered({ canceled: true }).channels.sort()).toEqual(
      Object.values(DESKTOP_CHANNELS).sort(),
    )
  })

  it('returns the chosen folder, or null when the person cancels', async () => {
    const chosen = registered({ canceled: false, filePaths: ['/data/brats'] })
    expect(await chosen.call(DESKTOP_CHANNELS.chooseFolder, 'Import')).toBe('/data/brats')
    const cancelled = registered({ canceled: true, filePaths: [] })
    expect(await cancelled.call(DESKTOP_CHANNELS.chooseFolder, 'Import')).toBeNull()
  })

  it('returns where to save', async () => {
    const chosen = registered({ canceled: false, filePath: '/tmp/case_seg.nii.gz' })
    expect(await chosen.call(DESKTOP_CHANNELS.chooseSavePath, 'case_seg.nii.gz')).toBe(
      '/tmp/case_seg.nii.gz',
    )
  })

  it('refuses a page that is not ours and an argument that is not a string', async () => {
    const { call, showItemInFolder } = registered({ canceled: false })
    await expect(call(DESKTOP_CHANNELS.revealFile, '/x', 'https://example.org/')).rejects.toThrow(
      'Refused',
    )
    await expect(call(DESKTOP_CHANNELS.revealFile, { path: '/x' })).rejects.toThrow()
    expect(showItemInFolder).not.toHaveBeenCalled()
  })
})
