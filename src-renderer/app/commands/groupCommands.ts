import type { ActiveCommand } from './commandRegistry.ts'

export interface CommandGroup {
  readonly title: string
  readonly commands: readonly ActiveCommand[]
}

/** Commands under their headings, both in the order in which they were added. */
export const groupCommands = (commands: readonly ActiveCommand[]): CommandGroup[] =>
  [...Map.groupBy(commands, (command) => command.group)].map(([title, grouped]) => ({
    title,
    commands: grouped,
  }))
