import { text, type CommandSpec } from '../app/index.ts'

const { commands, commandGroup: group } = text.worklist

export const WORKLIST_COMMANDS = {
  'worklist.down': { title: commands.down, group, keys: ['ArrowDown', 'j'], hidden: true },
  'worklist.up': { title: commands.up, group, keys: ['ArrowUp', 'k'], hidden: true },
  'worklist.pageDown': { title: commands.pageDown, group, keys: ['PageDown'], hidden: true },
  'worklist.pageUp': { title: commands.pageUp, group, keys: ['PageUp'], hidden: true },
  'worklist.first': { title: commands.first, group, keys: ['Home'], hidden: true },
  'worklist.last': { title: commands.last, group, keys: ['End'], hidden: true },
  'worklist.open': { title: commands.open, group, keys: ['Enter'], hidden: true },
  'worklist.select': { title: commands.select, group, keys: ['x'], hidden: true },
  'worklist.search': { title: commands.search, group, keys: ['/'] },
  'worklist.import': { title: commands.import, group, keys: ['i'] },
} as const satisfies Record<string, CommandSpec>
