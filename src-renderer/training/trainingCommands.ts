import { text, type CommandSpec } from '../app/index.ts'

const { commands, commandGroup: group } = text.training

export const TRAINING_COMMANDS = {
  'training.train': { title: commands.train, group, keys: ['n t'] },
  'training.distil': { title: commands.distil, group, keys: ['n d'] },
  'training.finetune': { title: commands.finetune, group, keys: ['n f'] },
} as const satisfies Record<string, CommandSpec>
