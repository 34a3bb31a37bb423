import { text, type CommandSpec } from '../app/index.ts'

const { command, group } = text.preparation

/** What the page of a case can do about the preparation of its images. */
export const PREPARATION_COMMANDS = {
  'preparation.open': { title: command.open, group, keys: [] },
} as const satisfies Record<string, CommandSpec>
