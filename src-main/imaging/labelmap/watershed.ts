import type { VolumeGrid } from '../../contract/volume.ts'
import type { Connectivity } from './connectedComponents.ts'
import { forEachNeighbour, neighbourhood } from './neighbourhood.ts'
import type { Intensities } from './regionGrowing.ts'
import { VoxelQueue } from './voxelQueue.ts'

/**
 * Floods a relief from markers, lowest places first, until the floods meet (Meyer 1991; Beucher & Meyer 1993). Used on
 * a gradient magnitude, the borders come to lie on edges.
 *
 * @param relief height of every voxel
 * @param markers a label a voxel, 0 where nothing is marked; markers stay as they are
 * @param within where the flood may go; everywhere without it
 * @returns a new labelmap; 0 where no flood came
 * @throws RangeError where the lengths differ
 */
export function watershed(
  relief: Intensities,
  markers: Uint8Array,
  grid: Pick<VolumeGrid, 'dims'>,
  within: Uint8Array | null = null,
  connectivity: Connectivity = 6,
): Uint8Array {
  if (relief.length !== markers.length || (within && within.length !== markers.length)) {
    throw new RangeError('Relief, markers and mask must have the same number of voxels')
  }
  const labels = new Uint8Array(markers.length)
  const queue = new VoxelQueue()
  for (let voxel = 0; voxel < markers.length; voxel++) {
    if (markers[voxel] === 0 || within?.[voxel] === 0) continue
    labels[voxel] = markers[voxel]
    queue.push(voxel, relief[voxel])
  }
  const around = neighbourhood(grid.dims, [1, 1, 1], connectivity)
  while (queue.size > 0) {
    const voxel = queue.pop()
    forEachNeighbour(around, grid.dims, voxel, (neighbour) => {
      if (labels[neighbour] !== 0 || within?.[neighbour] === 0) return
      labels[neighbour] = labels[voxel]
      queue.push(neighbour, relief[neighbour])
    })
  }
  return labels
}

/**
 * Magnitude of an image's gradient, in units a mm: central differences inside, one-sided ones at the border. An axis of
 * one voxel has none.
 */
export function gradientMagnitude(image: Intensities, grid: VolumeGrid): Float32Array {
  const [nx, ny, nz] = grid.dims
  const strides = [1, nx, nx * ny]
  const magnitude = new Float32Array(nx * ny * nz)
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++) {
        const index = x + nx * (y + ny * z)
        const position = [x, y, z]
        let sum = 0
        for (let axis = 0; axis < 3; axis++) {
          const before = position[axis] > 0 ? strides[axis] : 0
          const after = position[axis] < grid.dims[axis] - 1 ? strides[axis] : 0
          const steps = (before + after) / strides[axis]
          if (steps === 0) continue
          const rise = image[index + after] - image[index - before]
          sum += (rise / (steps * grid.spacingMm[axis])) ** 2
        }
        magnitude[index] = Math.sqrt(sum)
      }
    }
  }
  return magnitude
}
