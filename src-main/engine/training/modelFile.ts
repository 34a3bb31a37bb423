import { z } from 'zod'
import { networkSchema, sequenceSchema, type TrainingPlan } from '../../contract/index.ts'
import { readSafetensors, writeSafetensors } from '../checkpoint/index.ts'
import { divisorOf, type NamedArray } from '../networks/index.ts'

const METADATA_KEY = 'gliadesk'

/** What a weights file says about itself, so that it can be used without its database row. */
const modelFileHeaderSchema = z.object({
  schema: z.literal(1),
  network: networkSchema,
  sequences: z.array(sequenceSchema).min(1),
  /** Voxels along x, y, z of the training patches; windows of this size are used to predict. */
  patchSize: z.tuple([z.int().positive(), z.int().positive(), z.int().positive()]),
})
export type ModelFileHeader = z.infer<typeof modelFileHeaderSchema>

/** Edge of the windows for weights that do not say what they were trained on. */
const FALLBACK_WINDOW = 64

/** Serialises weights with what is needed to use them. */
export function encodeModelFile(
  weights: ReadonlyMap<string, NamedArray>,
  plan: Pick<TrainingPlan, 'network' | 'sequences' | 'patchSize'>,
): Uint8Array {
  const header: ModelFileHeader = {
    schema: 1,
    network: plan.network,
    sequences: plan.sequences,
    patchSize: plan.patchSize,
  }
  return writeSafetensors(weights, { [METADATA_KEY]: JSON.stringify(header) })
}

/**
 * Reads weights and the window to use them with.
 *
 * @throws GliadeskError BAD_FILE for a damaged file
 */
export function decodeModelFile(
  bytes: Uint8Array,
  fileName: string,
  network: Parameters<typeof divisorOf>[0],
): {
  readonly weights: ReadonlyMap<string, NamedArray>
  readonly window: readonly [number, number, number]
} {
  const { tensors, metadata } = readSafetensors(bytes, fileName)
  const header = modelFileHeaderSchema.safeParse(parseJson(metadata[METADATA_KEY] ?? ''))
  const divisor = divisorOf(network)
  const edge = Math.ceil(FALLBACK_WINDOW / divisor) * divisor
  return { weights: tensors, window: header.success ? header.data.patchSize : [edge, edge, edge] }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
