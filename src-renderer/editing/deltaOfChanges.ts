import type { DeltaRun, LabelDelta } from '../../src-main/imaging/labelmap/index.ts'
import type { VoxelChanges } from './labelEdit.ts'

/** The edit as it is journalled: neighbouring voxels with the same old value become one run. */
export function deltaOfChanges(changes: VoxelChanges, voxelCount: number): LabelDelta {
  const { indices, before, value } = changes
  const runs: DeltaRun[] = []
  let n = 0
  while (n < indices.length) {
    const first = n
    while (
      n + 1 < indices.length &&
      indices[n + 1] === indices[n] + 1 &&
      before[n + 1] === before[first]
    ) {
      n++
    }
    n++
    runs.push({ start: indices[first], length: n - first, before: before[first], after: value })
  }
  return { voxelCount, runs }
}
