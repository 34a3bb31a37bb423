import { InvalidArgumentError, Option } from 'commander'
import {
  DEFAULT_STRATEGY,
  DISTILLATION_STRATEGIES,
  SEQUENCES,
  backendChoiceSchema,
  foldSchema,
  optimiserKindSchema,
  sequenceSchema,
  splitSchema,
  type Fold,
  type Sequence,
} from '../contract/index.ts'

/** Parses a whole number within bounds; commander reports the sentence with the option's name. */
export function wholeNumber(minimum: number, maximum = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = Number(text)
    if (!Number.isInteger(value) || value < minimum || value > maximum) {
      throw new InvalidArgumentError(
        maximum === Number.MAX_SAFE_INTEGER
          ? `It must be a whole number of at least ${minimum}.`
          : `It must be a whole number from ${minimum} to ${maximum}.`,
      )
    }
    return value
  }
}

/** Parses a number within bounds. */
export function numberBetween(minimum: number, maximum: number) {
  return (text: string): number => {
    const value = Number(text)
    if (text.trim() === '' || !(value >= minimum && value <= maximum)) {
      throw new InvalidArgumentError(`It must be a number from ${minimum} to ${maximum}.`)
    }
    return value
  }
}

/** Parses "flair,t1ce" (in any order, without repetition) into the fixed channel order. */
export function sequenceList(text: string): Sequence[] {
  const names = text.split(',').map((name) => name.trim().toLowerCase())
  for (const name of names) {
    if (!sequenceSchema.safeParse(name).success) {
      throw new InvalidArgumentError(`"${name}" is none of ${SEQUENCES.join(', ')}.`)
    }
  }
  return SEQUENCES.filter((sequence) => names.includes(sequence))
}

/** Parses "2/5", the second of five folds. */
export function foldOf(text: string): Fold {
  const [index, of] = text.split('/').map(Number)
  const fold = foldSchema.safeParse({ index, of })
  if (!fold.success || text.split('/').length !== 2) {
    throw new InvalidArgumentError('It must look like 2/5, the second of five folds (2 to 20).')
  }
  return fold.data
}

/** Parses "240x240x155" into voxels along x, y, z. */
export const gridSize = (text: string) => voxelsAlong(text, 16, '64x64x56')

/** Parses the size of a patch, "64x64x48", into voxels along x, y, z. */
export const patchSize = (text: string) => voxelsAlong(text, 8, '64x64x48')

function voxelsAlong(text: string, least: number, example: string): [number, number, number] {
  const parts = text.toLowerCase().split('x').map(Number)
  if (
    parts.length !== 3 ||
    parts.some((part) => !Number.isInteger(part) || part < least || part > 512)
  ) {
    throw new InvalidArgumentError(
      `It must look like ${example}, each from ${least} to 512 voxels.`,
    )
  }
  return [parts[0], parts[1], parts[2]]
}

export const recipeOption = (): Option =>
  new Option('--recipe <id>', 'the network and its defaults (models/recipes)').default(
    'unet-compact',
  )

export const stepsOption = (): Option =>
  new Option('--steps <count>', 'training steps (default: the recipe’s)').argParser(wholeNumber(1))

export const seedOption = (): Option =>
  new Option('--seed <number>', 'seed of initialisation, sampling and augmentation')
    .argParser(wholeNumber(0))
    .default(1)

export const backendOption = (): Option =>
  new Option('--backend <name>', 'what computes')
    .choices(backendChoiceSchema.options)
    .default('auto')

export const optimiserOption = (): Option =>
  new Option('--optimiser <name>', 'AdamW, or descent with Nesterov momentum as in nnU-Net')
    .choices(optimiserKindSchema.options)
    .default('adam')

export const splitOption = (): Option =>
  new Option('--split <split>', 'which part of the data set')
    .choices(splitSchema.options)
    .default('test')

export const strategyOption = (): Option =>
  new Option('--strategy <name>', 'how the teacher guides the student (docs/gkd.md)')
    .choices(DISTILLATION_STRATEGIES)
    .default(DEFAULT_STRATEGY)
