import { createKeybindingsHandler } from 'tinykeys'
import { watch } from 'vue'
import type { ActiveCommand, CommandRegistry } from './commandRegistry.ts'

const TEXT_INPUTS = 'input, textarea, [contenteditable="true"]'
/** Layers that own the keyboard while they are open. */
const MODAL = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]'

/** Controls that Enter and Space press. */
const PRESSABLE = 'button, a[href], [role="button"], [role="tab"]'

const isPressing = (event: KeyboardEvent): boolean =>
  (event.key === 'Enter' || event.key === ' ') &&
  event.target instanceof HTMLElement &&
  event.target.closest(PRESSABLE) !== null

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest(TEXT_INPUTS) !== null

const bindingsOf = (
  commands: readonly ActiveCommand[],
): Record<string, (event: KeyboardEvent) => void> => {
  const bindings: Record<string, (event: KeyboardEvent) => void> = {}
  for (const command of commands) {
    for (const keys of command.keys) {
      bindings[keys] = (event) => {
        if (event.defaultPrevented || isPressing(event)) return
        if (isTyping(event.target) && !command.whileTyping) return
        if (document.querySelector(MODAL) !== null) return
        event.preventDefault()
        command.run(event)
      }
    }
  }
  return bindings
}

/**
 * Starts commands by their keys, except while a text field, a dialog or a menu owns the keyboard.
 *
 * @returns the way to stop listening
 */
export const listenForKeys = (target: Window, registry: CommandRegistry): (() => void) => {
  let handler: EventListener = () => undefined
  const stop = watch(
    registry.active,
    (commands) => {
      handler = createKeybindingsHandler(bindingsOf(commands))
    },
    { immediate: true, flush: 'sync' },
  )
  const listen = (event: Event): void => handler(event)
  target.addEventListener('keydown', listen)
  return () => {
    stop()
    target.removeEventListener('keydown', listen)
  }
}
