import { LABEL_COUNT, LABELS, REGION_LABELS } from '../../contract/anatomy.ts'
import type { Region } from '../../contract/anatomy.ts'
import type { VolumesMl } from '../../contract/cases.ts'
import type { VolumeGrid } from '../../contract/volume.ts'
import { voxelVolumeMl } from '../geometry/index.ts'

/** Voxels of each canonical label. */
export function countLabels(labels: Uint8Array): number[] {
  const counts = new Uint32Array(256)
  for (let i = 0; i < labels.length; i++) counts[labels[i]]++
  return Array.from(counts.subarray(0, LABEL_COUNT))
}

/** Volumes in ml by label and region: voxel counts times |det| of the index-to-world matrix. */
export function volumesMl(labels: Uint8Array, grid: VolumeGrid): VolumesMl {
  return volumesMlFromCounts(countLabels(labels), grid)
}

/** The same from counts that are kept up to date while painting. */
export function volumesMlFromCounts(counts: readonly number[], grid: VolumeGrid): VolumesMl {
  const ml = voxelVolumeMl(grid)
  const region = (name: Region): number =>
    REGION_LABELS[name].reduce((sum, label) => sum + counts[label], 0) * ml
  return {
    necrosis: counts[LABELS.necrosis] * ml,
    edema: counts[LABELS.edema] * ml,
    enhancing: counts[LABELS.enhancing] * ml,
    WT: region('WT'),
    TC: region('TC'),
    ET: region('ET'),
  }
}
