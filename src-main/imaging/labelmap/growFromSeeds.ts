import type { VolumeGrid } from '../../contract/volume.ts'
import { boundingBox, boxSize, expandBox, mapAxes } from '../mask/index.ts'
import type { Connectivity } from './connectedComponents.ts'
import { neighbourhood } from './neighbourhood.ts'
import type { Intensities } from './regionGrowing.ts'
import { VoxelQueue } from './voxelQueue.ts'

export interface SeedGrowthOptions {
  /** Cost of a millimetre in intensity units: with more of it, seeds near in space win over seeds alike in intensity. */
  readonly localityPerMm?: number
  /** How far beyond the box around all seeds growth may go, mm. */
  readonly marginMm?: number
  readonly connectivity?: Connectivity
}

/**
 * Gives every voxel near the seeds the label of the seed that is nearest along the image: the shortest path, where a step
 * costs the difference of intensity and, with `localityPerMm`, its length (fast GrowCut: Zhu et al. 2014, Insight
 * Journal, "An effective interactive medical image segmentation method using fast GrowCut"). Seeds keep their labels; of
 * equally near seeds the one found first wins.
 *
 * @param seeds a label a voxel, 0 where nothing is marked. Background needs a seed too: give it a label of its own
 * @returns a new labelmap; 0 beyond the margin. Without seeds all 0
 * @throws RangeError where image and seeds differ in length
 */
export function growFromSeeds(
  image: Intensities,
  seeds: Uint8Array,
  grid: VolumeGrid,
  { localityPerMm = 0, marginMm = 20, connectivity = 26 }: SeedGrowthOptions = {},
): Uint8Array {
  if (image.length !== seeds.length) {
    throw new RangeError(`Seeds of ${seeds.length} voxels on an image of ${image.length}`)
  }
  const labels = new Uint8Array(seeds.length)
  const bounds = boundingBox(seeds, grid.dims)
  if (!bounds) return labels
  const reach = mapAxes((axis) => Math.ceil(marginMm / grid.spacingMm[axis]))
  const box = expandBox(bounds, reach, grid.dims)
  const inner = boxSize(box)
  // A border of one voxel that is reached already spares every step the question whether it leaves the box.
  const size = mapAxes((axis) => inner[axis] + 2)
  const count = size[0] * size[1] * size[2]
  const costs = new Float64Array(count).fill(-1)
  const owners = new Uint8Array(count)
  const values = new Float64Array(count)
  const queue = new VoxelQueue()
  const forEachRow = (visit: (whole: number, padded: number) => void): void => {
    for (let z = 0; z < inner[2]; z++) {
      for (let y = 0; y < inner[1]; y++) {
        const whole = box.low[0] + grid.dims[0] * (box.low[1] + y + grid.dims[1] * (box.low[2] + z))
        visit(whole, 1 + size[0] * (y + 1 + size[1] * (z + 1)))
      }
    }
  }
  forEachRow((whole, padded) => {
    for (let x = 0; x < inner[0]; x++) {
      const at = padded + x
      values[at] = image[whole + x]
      owners[at] = seeds[whole + x]
      costs[at] = owners[at] !== 0 ? 0 : Infinity
      if (owners[at] !== 0) queue.push(at, 0)
    }
  })
  const { count: neighbours, step, lengthMm } = neighbourhood(size, grid.spacingMm, connectivity)
  const lengthCost = lengthMm.map((length) => length * localityPerMm)
  while (queue.size > 0) {
    const cost = queue.nextPriority
    const voxel = queue.pop()
    if (cost > costs[voxel]) continue
    for (let n = 0; n < neighbours; n++) {
      const next = voxel + step[n]
      // Cheaper than the sum below, and true of most neighbours.
      if (costs[next] <= cost) continue
      const reached = cost + (Math.abs(values[next] - values[voxel]) + lengthCost[n])
      if (reached >= costs[next]) continue
      costs[next] = reached
      owners[next] = owners[voxel]
      queue.push(next, reached)
    }
  }
  forEachRow((whole, padded) => {
    labels.set(owners.subarray(padded, padded + inner[0]), whole)
  })
  return labels
}
