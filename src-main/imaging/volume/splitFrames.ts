import { decodeVoxels, STORED_TYPES, type StoredNumbers } from './decodeVoxels.ts'
import { voxelTypeOf, type Volume } from './volume.ts'
import type { VolumeGrid } from '../../contract/volume.ts'

/**
 * The volumes of a file that holds several, each decoded by itself.
 *
 * @param bytes frames · nx · ny · nz numbers
 * @param interleaved true where the frames of one voxel lie together, false where frame follows frame
 */
export function splitFrames(
  bytes: Uint8Array,
  request: {
    readonly grid: VolumeGrid
    readonly frames: number
    readonly interleaved: boolean
    readonly encoding: StoredNumbers
  },
  warnings: string[],
): Volume[] {
  const { grid, frames, interleaved, encoding } = request
  const width = STORED_TYPES[encoding.type]
  const frameBytes = bytes.length / frames
  return Array.from({ length: frames }, (_, frame): Volume => {
    const own =
      interleaved && frames > 1
        ? everyNth(bytes, width, frames, frame)
        : bytes.subarray(frame * frameBytes, (frame + 1) * frameBytes)
    const voxels = decodeVoxels(own, encoding, warnings)
    return { grid, voxelType: voxelTypeOf(voxels), voxels }
  })
}

function everyNth(bytes: Uint8Array, width: number, frames: number, frame: number): Uint8Array {
  const own = new Uint8Array(bytes.length / frames)
  let from = frame * width
  for (let to = 0; to < own.length; to += width) {
    for (let b = 0; b < width; b++) own[to + b] = bytes[from + b]
    from += frames * width
  }
  return own
}
