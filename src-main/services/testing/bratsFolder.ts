import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SEQUENCES, type LabelConvention, type Sequence } from '../../contract/index.ts'
import { createAxisAlignedGrid } from '../../imaging/geometry/index.ts'
import { writeLabelmap } from '../../imaging/labelmap/index.ts'
import { writeNifti } from '../../imaging/nifti/index.ts'

export const TEST_DIMS = [8, 7, 6] as const
export const TEST_GRID = createAxisAlignedGrid(TEST_DIMS, [1, 1, 2], [10, -5, 3])
export const TEST_VOXELS = 8 * 7 * 6

/** Canonical labels with the given value at the given flat indices. */
export function labelsWith(value: number, ...indices: number[]): Uint8Array {
  const labels = new Uint8Array(TEST_VOXELS)
  for (const index of indices) labels[index] = value
  return labels
}

/** Writes one BraTS-named case of tiny volumes; without labels, no segmentation is written. */
export async function writeBratsCase(
  root: string,
  name: string,
  options: {
    sequences?: readonly Sequence[]
    labels?: Uint8Array
    convention?: LabelConvention
  } = {},
): Promise<string> {
  const folder = join(root, name)
  await mkdir(folder, { recursive: true })
  for (const sequence of options.sequences ?? SEQUENCES) {
    const seed =
      SEQUENCES.indexOf(sequence) + 1 + [...name].reduce((sum, c) => sum + c.charCodeAt(0), 0)
    const voxels = Int16Array.from({ length: TEST_VOXELS }, (_, i) => (i * seed) % 997)
    await writeFile(
      join(folder, `${name}_${sequence}.nii.gz`),
      await writeNifti({ grid: TEST_GRID, voxels, voxelType: 'int16', gzip: true }),
    )
  }
  if (options.labels) {
    await writeFile(
      join(folder, `${name}_seg.nii.gz`),
      await writeLabelmap({
        labels: options.labels,
        grid: TEST_GRID,
        convention: options.convention ?? 'et4',
      }),
    )
  }
  return folder
}
