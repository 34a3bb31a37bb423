import type { VolumeGrid } from '../../contract/volume.ts'
import { voxelVolumeMl } from '../geometry/index.ts'
import { boundingBox, boxSize, cropMask, pasteMask } from '../mask/index.ts'
import { connectedComponents } from './connectedComponents.ts'
import type { Components, Connectivity } from './connectedComponents.ts'

/**
 * Keeps the largest connected piece of a mask; of equally large ones the first in flat index order.
 *
 * @returns a new mask of zeros and ones; empty for an empty mask
 */
export function keepLargestIsland(
  mask: Uint8Array,
  grid: VolumeGrid,
  connectivity: Connectivity = 26,
): Uint8Array {
  return keepIslands(mask, grid, connectivity, ({ sizes }) => {
    let largest = 1
    for (let id = 2; id < sizes.length; id++) if (sizes[id] > sizes[largest]) largest = id
    return (id) => id === largest
  })
}

/**
 * Removes the connected pieces of a mask that are smaller than a volume.
 *
 * @param minimumMl pieces of at least this volume stay
 * @returns a new mask of zeros and ones
 */
export function removeSmallIslands(
  mask: Uint8Array,
  grid: VolumeGrid,
  minimumMl: number,
  connectivity: Connectivity = 26,
): Uint8Array {
  // A voxel's share of rounding must not decide over a piece of exactly the minimum.
  const leastVoxels = minimumMl / voxelVolumeMl(grid) - 1e-6
  return keepIslands(
    mask,
    grid,
    connectivity,
    ({ sizes }) =>
      (id) =>
        sizes[id] >= leastVoxels,
  )
}

function keepIslands(
  mask: Uint8Array,
  grid: VolumeGrid,
  connectivity: Connectivity,
  choose: (components: Components) => (id: number) => boolean,
): Uint8Array {
  const box = boundingBox(mask, grid.dims)
  if (!box) return new Uint8Array(mask.length)
  const components = connectedComponents(cropMask(mask, grid.dims, box), boxSize(box), connectivity)
  const isKept = choose(components)
  const keep = Uint8Array.from({ length: components.count + 1 }, (_, id) =>
    id > 0 && isKept(id) ? 1 : 0,
  )
  const kept = Uint8Array.from(components.ids, (id) => keep[id])
  return pasteMask(kept, grid.dims, box)
}
