import type { VolumeRef } from '../../../src-main/contract/volume.ts'
import type { Voxels } from '../../../src-main/imaging/volume/index.ts'
import type { Sequence } from '../../../src-main/contract/anatomy.ts'

/** A sequence's voxels on this machine, ready to be drawn and read under the cursor. */
export interface DisplayVolume {
  /** Unique in the page; without a colon, which cornerstone3D would take for a loader scheme. */
  id: string
  sequence: Sequence
  title: string
  ref: VolumeRef
  voxels: Voxels
}
