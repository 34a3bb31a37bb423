import { shallowRef, type ShallowRef } from 'vue'

/** What a command is called and which keys start it. */
export interface CommandSpec {
  readonly title: string
  /** Heading in the shortcut overview and the palette. */
  readonly group: string
  /** In tinykeys' notation, e.g. `$mod+Shift+Z`, `ArrowUp`, `g w`. Empty: palette only. */
  readonly keys: readonly string[]
  /** Also works while a text field has the focus. */
  readonly whileTyping?: boolean
  /** Left out of the palette, e.g. moving a selection. */
  readonly hidden?: boolean
}

export type CommandHandler = (event: KeyboardEvent | null) => void

export interface ActiveCommand extends CommandSpec {
  readonly id: string
  readonly run: CommandHandler
}

/**
 * Every action a key or the palette can start. A feature adds its table with one handler an entry; the type of
 * `add` makes a missing or a superfluous handler a compile error.
 */
export interface CommandRegistry {
  readonly active: Readonly<ShallowRef<readonly ActiveCommand[]>>
  /** The most recently added table wins where two name the same keys; returns the way to take it out. */
  add<Id extends string>(
    table: Readonly<Record<Id, CommandSpec>>,
    handlers: Readonly<Record<Id, CommandHandler>>,
  ): () => void
}

export const createCommandRegistry = (): CommandRegistry => {
  const active = shallowRef<readonly ActiveCommand[]>([])
  return {
    active,
    add: <Id extends string>(
      table: Readonly<Record<Id, CommandSpec>>,
      handlers: Readonly<Record<Id, CommandHandler>>,
    ) => {
      const added: readonly ActiveCommand[] = (Object.keys(table) as Id[]).map((id) => ({
        ...table[id],
        id,
        run: handlers[id],
      }))
      active.value = [...active.value, ...added]
      return () => {
        active.value = active.value.filter((command) => !added.includes(command))
      }
    },
  }
}
