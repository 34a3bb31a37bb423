import type { LabelConvention } from '../../contract/anatomy.ts'
import type { VolumeGrid } from '../../contract/volume.ts'
import { writeNifti } from '../nifti/index.ts'
import type { NiftiHeader } from '../nifti/index.ts'
import { toDiskLabels } from './labelConvention.ts'

export interface LabelmapWriteRequest {
  /** Canonical labels, one byte a voxel. */
  readonly labels: Uint8Array
  readonly grid: VolumeGrid
  readonly convention: LabelConvention
  /** Header of the labelmap (or image) whose geometry fields and extensions are to be kept. */
  readonly template?: NiftiHeader
}

/** Writes canonical labels as a gzipped uint8 NIfTI in the given convention; equal input, equal bytes. */
export function writeLabelmap(request: LabelmapWriteRequest): Promise<Uint8Array> {
  return writeNifti({
    grid: request.grid,
    voxels: toDiskLabels(request.labels, request.convention),
    voxelType: 'uint8',
    template: request.template,
    gzip: true,
  })
}
