import { readFile, stat } from 'node:fs/promises'
import { labelsOfName } from '../../imaging/labelmap/index.ts'
import type { LabelLookup } from '../../imaging/formats/index.ts'

/** A table of a few labels; one that is larger is none. */
const MAX_TABLE_BYTES = 2 ** 20

/**
 * What the values of BIDS segmentations mean: `…_dseg.tsv` beside `…_dseg.nii.gz`, with the columns index and name.
 * A table whose names tell no class of a glioma is passed over, so that the values are read by the conventions.
 *
 * @returns by the path of the segmentation
 */
export async function readLabelTables(
  paths: readonly string[],
): Promise<ReadonlyMap<string, LabelLookup>> {
  const tables = new Map<string, LabelLookup>()
  for (const path of paths.filter((name) => /_dseg\.tsv$/i.test(name))) {
    const size = await stat(path).then(
      (found) => found.size,
      () => Infinity,
    )
    if (size > MAX_TABLE_BYTES) continue
    const lookup = parseLabelTable(await readFile(path, 'utf8').catch(() => ''))
    if (!lookup) continue
    const stem = path.replace(/\.tsv$/i, '.')
    for (const image of paths) {
      if (image.startsWith(stem) && image !== path) tables.set(image, lookup)
    }
  }
  return tables
}

/** Values and their classes; null where a name tells none. */
export function parseLabelTable(text: string): LabelLookup | null {
  const [header, ...rows] = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  const columns = (header ?? '').toLowerCase().split('\t')
  const [index, name] = [columns.indexOf('index'), columns.indexOf('name')]
  if (index < 0 || name < 0) return null
  const lookup = new Map<number, readonly number[]>()
  for (const row of rows) {
    const cells = row.split('\t')
    const value = Number(cells[index])
    if (!Number.isInteger(value) || value === 0) continue
    const labels = labelsOfName(cells[name] ?? '')
    if (!labels) return null
    lookup.set(value, labels)
  }
  return lookup.size > 0 ? lookup : null
}
