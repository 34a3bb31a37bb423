import type { RandomStream } from '../../imaging/random/randomStream.ts'
import type { PreparedCase, Triple } from './preparedCase.ts'

/**
 * Draws where a patch lies. With probability `foregroundFraction` it is centred on a tumour voxel: first one of
 * the classes present, then one of its voxels, so that a rare class is seen as often as a common one. Otherwise
 * any place is as likely as another. A patch stays inside the case where it fits; where the case is smaller
 * along an axis, the case lies in the middle of the patch (a negative origin).
 *
 * Draws the same count of numbers whatever the case, so that streams stay in step.
 *
 * @returns index of the patch's first voxel along x, y, z
 */
export function drawPatchOrigin(
  prepared: Pick<PreparedCase, 'dims' | 'foreground'>,
  patchSize: Triple,
  foregroundFraction: number,
  stream: RandomStream,
): Triple {
  const isForced = stream.chance(foregroundFraction)
  const picks = [stream.uniform(), stream.uniform(), stream.uniform()]
  const present = prepared.foreground.filter((voxels) => voxels.length > 0)
  const { dims } = prepared
  if (isForced && present.length > 0) {
    const voxels = present[Math.floor(picks[0] * present.length)]
    const voxel = voxels[Math.floor(picks[1] * voxels.length)]
    const centre = [voxel % dims[0], Math.floor(voxel / dims[0]) % dims[1]]
    centre.push(Math.floor(voxel / (dims[0] * dims[1])))
    const at = (axis: number): number =>
      clampOrigin(centre[axis] - Math.floor(patchSize[axis] / 2), dims[axis], patchSize[axis])
    return [at(0), at(1), at(2)]
  }
  const anywhere = (axis: number): number => {
    const room = dims[axis] - patchSize[axis]
    return room > 0
      ? Math.floor(picks[axis] * (room + 1))
      : clampOrigin(0, dims[axis], patchSize[axis])
  }
  return [anywhere(0), anywhere(1), anywhere(2)]
}

function clampOrigin(origin: number, extent: number, patch: number): number {
  if (extent <= patch) return Math.ceil((extent - patch) / 2)
  return Math.min(extent - patch, Math.max(0, origin))
}
