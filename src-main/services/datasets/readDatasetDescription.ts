import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import type { ImportProblem } from '../../contract/index.ts'

const descriptionSchema = z.looseObject({
  name: z.string().trim().min(1).max(80).optional(),
  /** Written by `gliadesk synthesize`. */
  synthetic: z.boolean().optional(),
  /** BIDS writes its name so. */
  Name: z.string().trim().min(1).max(80).optional(),
})

export interface DatasetDescription {
  readonly name: string
  readonly synthetic: boolean
}

/**
 * Reads `dataset.json` (Gliadesk's own) or `dataset_description.json` (BIDS) of a folder. The folder's name is
 * the data set's where neither is there.
 *
 * @param onProblem told of a file that is there but cannot be used
 */
export async function readDatasetDescription(
  root: string,
  onProblem: (problem: ImportProblem) => void,
): Promise<DatasetDescription> {
  const fallback = basename(root).slice(0, 80) || 'Data set'
  for (const file of ['dataset.json', 'dataset_description.json']) {
    const path = join(root, file)
    const text = await readFile(path, 'utf8').catch(() => null)
    if (text === null) continue
    try {
      const found = descriptionSchema.parse(JSON.parse(text))
      return { name: found.name ?? found.Name ?? fallback, synthetic: found.synthetic ?? false }
    } catch {
      onProblem({
        path,
        field: file,
        message: `${path} is no valid data set description, so it was passed over.`,
        remedy: 'Nothing needs to be done; the folder’s name is used. Repair the JSON to have its name shown.',
      })
    }
  }
  return { name: fallback, synthetic: false }
}
