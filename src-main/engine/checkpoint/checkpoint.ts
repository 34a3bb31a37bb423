import { z } from 'zod'
import { byRegion, GliadeskError, trainingPlanSchema } from '../../contract/index.ts'
import type { NamedArray } from '../namedArray.ts'
import { readSafetensors } from './readSafetensors.ts'
import { writeSafetensors } from './writeSafetensors.ts'

const randomStateSchema = z.tuple([z.int(), z.int(), z.int(), z.int()])

const validationScoreSchema = z.object({
  step: z.int().nonnegative(),
  dice: byRegion(z.number().nullable()),
  meanDice: z.number().nullable(),
})
/** What the best step so far reached on the validation cases. */
export type ValidationScore = z.infer<typeof validationScoreSchema>

const progressSchema = z.object({
  schema: z.literal(1),
  plan: trainingPlanSchema,
  /** Steps done. */
  step: z.int().nonnegative(),
  /** Optimiser updates done; the bias correction of Adam depends on it. */
  updates: z.int().nonnegative(),
  best: validationScoreSchema.nullable(),
  /** Validations since the best one; decides over an early end. */
  validationsSinceBest: z.int().nonnegative().default(0),
  /** Streams that carry state from step to step, by purpose. Batches draw from streams named after their step. */
  streams: z.record(z.string(), randomStateSchema),
})
export type CheckpointProgress = z.infer<typeof progressSchema>

/** Everything a run needs to continue bit for bit. Tensors by group, then by name. */
export interface Checkpoint {
  readonly progress: CheckpointProgress
  readonly groups: Readonly<Record<CheckpointGroup, ReadonlyMap<string, NamedArray>>>
}

/**
 * `average` holds averaged weights where the plan asks for them, `guide` what a distillation strategy learned,
 * `guideState` what it froze.
 */
export const CHECKPOINT_GROUPS = ['weights', 'moments', 'average', 'guide', 'guideState'] as const
export type CheckpointGroup = (typeof CHECKPOINT_GROUPS)[number]

const METADATA_KEY = 'gliadesk'

/** Serialises a checkpoint as one safetensors file, tensors named "<group>/<name>". */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const tensors = new Map<string, NamedArray>()
  for (const group of CHECKPOINT_GROUPS) {
    for (const [name, tensor] of checkpoint.groups[group]) tensors.set(`${group}/${name}`, tensor)
  }
  return writeSafetensors(tensors, { [METADATA_KEY]: JSON.stringify(checkpoint.progress) })
}

/**
 * Reads a checkpoint.
 *
 * @param fileName what errors call the file
 * @throws GliadeskError BAD_FILE for a damaged file, or one that is weights only
 */
export function decodeCheckpoint(bytes: Uint8Array, fileName: string): Checkpoint {
  const { tensors, metadata } = readSafetensors(bytes, fileName)
  const progress = progressSchema.safeParse(parseJson(metadata[METADATA_KEY] ?? ''))
  if (!progress.success) {
    throw new GliadeskError(
      'BAD_FILE',
      `${fileName} is not a training checkpoint: its record of the run is missing or malformed.`,
      'Start the training again; the saved models are not affected.',
    )
  }
  const groups = Object.fromEntries(
    CHECKPOINT_GROUPS.map((group) => [group, new Map<string, NamedArray>()]),
  ) as Record<CheckpointGroup, Map<string, NamedArray>>
  for (const [name, tensor] of tensors) {
    const slash = name.indexOf('/')
    const group = CHECKPOINT_GROUPS.find((candidate) => candidate === name.slice(0, slash))
    if (group) groups[group].set(name.slice(slash + 1), tensor)
  }
  return { progress: progress.data, groups }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
