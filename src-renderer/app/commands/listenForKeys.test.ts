import { afterEach, describe, expect, it, vi } from 'vitest'
import { createCommandRegistry, type CommandSpec } from './commandRegistry.ts'
import { listenForKeys } from './listenForKeys.ts'

const press = (key: string, target: EventTarget = document.body): KeyboardEvent => {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })
  target.dispatchEvent(event)
  return event
}
const TABLE = {
  undo: { title: 'Undo', group: 'Edit', keys: ['u'] },
  save: { title: 'Save', group: 'Edit', keys: ['s'], whileTyping: true },
} as const satisfies Record<string, CommandSpec>

let stop = (): void => undefined
afterEach(() => {
  stop()
  document.body.replaceChildren()
})
const listen = () => {
  const registry = createCommandRegistry()
  stop = listenForKeys(window, registry)
  return registry
}

describe('listenForKeys', () => {
  it('runs a command until its table is taken out', () => {
    const registry = listen()
    const undo = vi.fn<() => void>()
    const remove = registry.add(TABLE, { undo, save: () => undefined })
    expect(press('u').defaultPrevented).toBe(true)
    expect(undo).toHaveBeenCalledOnce()
    remove()
    expect(press('u').defaultPrevented).toBe(false)
    expect(undo).toHaveBeenCalledOnce()
  })

  it('leaves the keys to a text field, unless the command says otherwise', () => {
    const registry = listen()
    const undo = vi.fn<() => void>()
    const save = vi.fn<() => void>()
    registry.add(TABLE, { undo, save })
    const input = document.body.appendChild(document.createElement('input'))
    press('u', input)
    press('s', input)
    expect(undo).not.toHaveBeenCalled()
    expect(save).toHaveBeenCalledOnce()
  })

  it('lets Enter press the button that has the focus', () => {
    const registry = listen()
    const open = vi.fn<() => void>()
    registry.add({ open: { title: 'Open', group: 'Go', keys: ['Enter'] } }, { open })
    press('Enter', document.body.appendChild(document.createElement('button')))
    expect(open).not.toHaveBeenCalled()
    press('Enter')
    expect(open).toHaveBeenCalledOnce()
  })

  it('leaves the keys to an open dialog', () => {
    const registry = listen()
    const undo = vi.fn<() => void>()
    registry.add(TABLE, { undo, save: () => undefined })
    const dialog = document.body.appendChild(document.createElement('div'))
    dialog.setAttribute('role', 'dialog')
    press('u')
    expect(undo).not.toHaveBeenCalled()
  })

  it('prefers the table that was added last', () => {
    const registry = listen()
    const general = vi.fn<() => void>()
    const specific = vi.fn<() => void>()
    registry.add(TABLE, { undo: general, save: () => undefined })
    registry.add(TABLE, { undo: specific, save: () => undefined })
    press('u')
    expect(general).not.toHaveBeenCalled()
    expect(specific).toHaveBeenCalledOnce()
  })
})
