import { text } from '../locale/text.ts'
import type { CommandSpec } from './commandRegistry.ts'

const { commands, commandGroups } = text.shell

/** Commands that work on every page. */
export const SHELL_COMMANDS = {
  'shell.palette': {
    title: commands.palette,
    group: commandGroups.general,
    keys: ['$mod+k'],
    whileTyping: true,
    hidden: true,
  },
  'shell.shortcuts': {
    title: commands.shortcuts,
    group: commandGroups.general,
    keys: ['Shift+?'],
  },
  'shell.worklist': { title: commands.worklist, group: commandGroups.go, keys: ['g w'] },
  'shell.datasets': { title: commands.datasets, group: commandGroups.go, keys: ['g d'] },
  'shell.training': { title: commands.training, group: commandGroups.go, keys: ['g t'] },
  'shell.models': { title: commands.models, group: commandGroups.go, keys: ['g m'] },
  'shell.settings': { title: commands.settings, group: commandGroups.go, keys: ['g s'] },
} as const satisfies Record<string, CommandSpec>
