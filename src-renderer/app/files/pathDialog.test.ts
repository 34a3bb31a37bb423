import { mount } from '@vue/test-utils'
import { TooltipProvider } from 'reka-ui'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { h, nextTick } from 'vue'
import type { Api } from '../api/api.ts'
import { text } from '../locale/text.ts'
import { createWorkbench, provideWorkbench } from '../workbench.ts'
import PathDialog from './PathDialog.vue'

interface Listing {
  path: string
  parent: string | null
  entries: never[]
}

/** The dialog, asked for a file to save, and the listings it waits for. */
function opened() {
  const waiting: ((listing: Listing) => void)[] = []
  const browse = vi.fn(() => new Promise<Listing>((resolve) => waiting.push(resolve)))
  const workbench = createWorkbench({ files: { browse } } as unknown as Api, null)
  const wrapper = mount(() => h(TooltipProvider, () => h(PathDialog)), {
    attachTo: document.body,
    global: { plugins: [(app) => provideWorkbench(app, workbench)] },
  })
  void workbench.paths.chooseSavePath('Export label', 'label.nii.gz')
  const list = async (path: string): Promise<void> => {
    waiting.at(-1)?.({ path, parent: null, entries: [] })
    await vi.waitFor(() => expect(document.body.textContent).toContain(text.shell.browser.empty))
  }
  return { wrapper, list }
}
const field = (): HTMLInputElement => {
  const input = document.querySelector<HTMLInputElement>('[role="dialog"] .path input')
  if (!input) throw new Error('The dialog is not open')
  return input
}
afterEach(() => (document.body.innerHTML = ''))

describe('the built-in folder browser', () => {
  it('selects the path of a listing that arrives while a person is about to type another', async () => {
    const { wrapper, list } = opened()
    await nextTick()
    field().focus()
    await list('/home/reader')
    expect(field().value).toBe('/home/reader')
    expect([field().selectionStart, field().selectionEnd]).toEqual([0, '/home/reader'.length])
    wrapper.unmount()
  })

  it('leaves what a person typed where it is when a listing arrives', async () => {
    const { wrapper, list } = opened()
    await nextTick()
    field().focus()
    field().value = '/data'
    field().dispatchEvent(new Event('input'))
    await list('/home/reader')
    expect(field().value).toBe('/data')
    wrapper.unmount()
  })
})
