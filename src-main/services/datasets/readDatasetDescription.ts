import { readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { splitSchema, type ImportProblem, type Split } from '../../contract/index.ts'
import { patientOf } from '../../imaging/sequences/index.ts'

/** A list of some ten thousand cases is below this. */
const MAX_DESCRIPTION_BYTES = 64 * 2 ** 20

const descriptionSchema = z.looseObject({
  name: z.string().trim().min(1).max(80).optional(),
  /** Written by `gliadesk synthesize`. */
  synthetic: z.boolean().optional(),
  /** BIDS writes its name so. */
  Name: z.string().trim().min(1).max(80).optional(),
  /** A split that came with the data is kept: a synthetic cohort has exact labels only in its held-out cases. */
  cases: z.array(z.looseObject({ name: z.string(), split: splitSchema.optional() })).optional(),
})

export interface DatasetDescription {
  readonly name: string
  readonly synthetic: boolean
  /** Places in the split that the data set itself gives, by patient. */
  readonly splits: ReadonlyMap<string, Split>
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
    const size = await stat(path).then(
      (found) => (found.isFile() ? found.size : null),
      () => null,
    )
    if (size === null) continue
    try {
      if (size > MAX_DESCRIPTION_BYTES) throw new RangeError('no description is as long')
      const text = await readFile(path, 'utf8')
      const found = descriptionSchema.parse(JSON.parse(text))
      const splits = new Map<string, Split>()
      for (const { name, split } of found.cases ?? []) if (split) splits.set(patientOf(name), split)
      return {
        name: found.name ?? found.Name ?? fallback,
        synthetic: found.synthetic ?? false,
        splits,
      }
    } catch {
      onProblem({
        path,
        field: file,
        message: `${path} is no valid data set description, so it was passed over.`,
        remedy:
          'Nothing needs to be done; the folder’s name is used. Repair the JSON to have its name shown.',
      })
    }
  }
  return { name: fallback, synthetic: false, splits: new Map() }
}
