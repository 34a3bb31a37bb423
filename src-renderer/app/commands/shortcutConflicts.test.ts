import { describe, expect, it } from 'vitest'
import { PREPARATION_COMMANDS } from '../../preparation/preparationCommands.ts'
import { REVIEW_COMMANDS } from '../../review/reviewCommands.ts'
import { TRAINING_COMMANDS } from '../../training/trainingCommands.ts'
import { WORKLIST_COMMANDS } from '../../worklist/worklistCommands.ts'
import type { CommandSpec } from './commandRegistry.ts'
import { SHELL_COMMANDS } from './shellCommands.ts'

const PAGES: Readonly<Record<string, Readonly<Record<string, CommandSpec>>>> = {
  worklist: WORKLIST_COMMANDS,
  training: TRAINING_COMMANDS,
  review: { ...REVIEW_COMMANDS, ...PREPARATION_COMMANDS },
}

describe.each(Object.entries(PAGES))('shortcuts on the page %s', (_, table) => {
  const all: [string, CommandSpec][] = [
    ...Object.entries<CommandSpec>(SHELL_COMMANDS),
    ...Object.entries(table),
  ]

  it('give no two commands the same keys', () => {
    const owners = new Map<string, string[]>()
    for (const [id, { keys }] of all) {
      for (const combination of keys) {
        const key = combination.toLowerCase()
        owners.set(key, [...(owners.get(key) ?? []), id])
      }
    }
    expect([...owners].filter(([, ids]) => ids.length > 1)).toEqual([])
  })

  it('leave no single key at the start of a sequence', () => {
    const single = new Set(
      all.flatMap(([, { keys }]) => keys.filter((combination) => !combination.includes(' '))),
    )
    const starts = all.flatMap(([, { keys }]) =>
      keys.filter((combination) => combination.includes(' ')).map((keys) => keys.split(' ')[0]),
    )
    expect(starts.filter((start) => start !== undefined && single.has(start))).toEqual([])
  })

  it('have a title and a heading', () => {
    expect(all.filter(([, { title, group }]) => title === '' || group === '')).toEqual([])
  })
})
