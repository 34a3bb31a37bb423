import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { GliadeskError, idSchema, modelSchema, sha256Schema } from '../../contract/index.ts'
import { sha256Of } from '../../storage/index.ts'

/** `models/shipped/<folder>/model.json`: a model that comes with the program, weights beside it. */
const shippedModelSchema = modelSchema
  .pick({
    name: true,
    role: true,
    sequences: true,
    network: true,
    parameterCount: true,
    strategy: true,
    trainedOnSynthetic: true,
    validationDice: true,
  })
  .extend({
    /** Stays the same over releases of the same weights, e.g. "model-shipped-flair-student". */
    id: idSchema,
    /** File name of the weights beside model.json. */
    weights: z.string().regex(/^[\w.-]+$/),
    weightsSha256: sha256Schema,
    /** The id of the shipped teacher it was distilled from. */
    teacherId: idSchema.nullable(),
    createdAt: modelSchema.shape.createdAt,
  })

export interface ShippedModel {
  readonly description: z.infer<typeof shippedModelSchema>
  readonly weights: Uint8Array
}

/**
 * Reads every model that comes with the program.
 *
 * @param folder `models/shipped`; a missing one holds none
 * @throws GliadeskError BAD_FILE for a description that cannot be read or weights that do not match their hash
 */
export async function readShippedModels(folder: string): Promise<ShippedModel[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  const found = await Promise.all(names.sort().map((name) => readShippedModel(join(folder, name))))
  return found.filter((model) => model !== null)
}

async function readShippedModel(folder: string): Promise<ShippedModel | null> {
  const path = join(folder, 'model.json')
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text === null) return null
  try {
    const description = shippedModelSchema.parse(JSON.parse(text))
    const weights = await readFile(join(folder, description.weights))
    if (sha256Of(weights) !== description.weightsSha256) throw new Error('weights differ from hash')
    return { description, weights }
  } catch (cause) {
    throw new GliadeskError(
      'BAD_FILE',
      `The model in ${folder} cannot be used: its description or its weights are damaged.`,
      'Install Gliadesk again; models of your own are not affected.',
      { cause },
    )
  }
}
