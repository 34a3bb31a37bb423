import type { Affine } from '../../geometry/index.ts'
import { indexToIndex } from '../rigid/rigidPose.ts'
import { IDENTITY_AFFINE } from '../../geometry/index.ts'
import { linearAt } from './linearAt.ts'
import type { SamplePoints } from './samplePoints.ts'
import type { FloatVolume } from './shrinkVolume.ts'

export interface Similarity {
  /** (H(A) + H(B)) / H(A, B), 1 (nothing in common) to 2 (one tells the other). */
  readonly normalised: number
  /** Share of the points that fall inside the other image, 0…1. */
  readonly overlap: number
}

/**
 * Prepares normalised mutual information (Studholme, Hill & Hawkes 1999, doi 10.1016/S0031-3203(98)00091-0) of fixed
 * points against a moving image as a function of the transform. The joint histogram is a Parzen estimate (Mattes et al.
 * 2003, doi 10.1109/TMI.2003.809072): linear over the bins of the points, cubic B-spline over those of the image, so that
 * the figure is smooth in the pose.
 *
 * @param binned the moving image with its values as fractional bins, 0…binCount − 1
 */
export function createMutualInformation(
  points: SamplePoints,
  binned: FloatVolume,
  binCount: number,
): (pointsToImage: Affine) => Similarity {
  const { dims, indexToWorld } = binned.grid
  // The cubic kernel reaches two bins beyond either end.
  const width = binCount + 3
  const height = binCount + 1
  const joint = new Float64Array(width * height)
  const fixedSum = new Float64Array(height)
  const movingSum = new Float64Array(width)

  return (pointsToImage) => {
    const map = indexToIndex(IDENTITY_AFFINE, pointsToImage, indexToWorld)
    joint.fill(0)
    let inside = 0
    const { positions, bins, count } = points
    for (let n = 0; n < count; n++) {
      const px = positions[3 * n]
      const py = positions[3 * n + 1]
      const pz = positions[3 * n + 2]
      const x = map[0] * px + map[1] * py + map[2] * pz + map[3]
      const y = map[4] * px + map[5] * py + map[6] * pz + map[7]
      const z = map[8] * px + map[9] * py + map[10] * pz + map[11]
      if (!(x >= 0 && y >= 0 && z >= 0)) continue
      if (x > dims[0] - 1 || y > dims[1] - 1 || z > dims[2] - 1) continue
      inside++
      const moving = linearAt(binned.voxels, dims, x, y, z)
      const base = Math.floor(moving)
      const t = moving - base
      const s = 1 - t
      const w0 = (s * s * s) / 6
      const w1 = 2 / 3 - t * t + (t * t * t) / 2
      const w3 = (t * t * t) / 6
      const w2 = 1 - w0 - w1 - w3
      const fixed = bins[n]
      const row = Math.floor(fixed)
      const share = fixed - row
      const low = row * width + base
      const high = low + width
      joint[low] += (1 - share) * w0
      joint[low + 1] += (1 - share) * w1
      joint[low + 2] += (1 - share) * w2
      joint[low + 3] += (1 - share) * w3
      joint[high] += share * w0
      joint[high + 1] += share * w1
      joint[high + 2] += share * w2
      joint[high + 3] += share * w3
    }
    const overlap = count === 0 ? 0 : inside / count
    if (inside === 0) return { normalised: 1, overlap }
    return { normalised: normalisedOf(joint, fixedSum, movingSum, inside), overlap }
  }
}

function normalisedOf(
  joint: Float64Array,
  fixedSum: Float64Array,
  movingSum: Float64Array,
  total: number,
): number {
  fixedSum.fill(0)
  movingSum.fill(0)
  let together = 0
  let index = 0
  for (let row = 0; row < fixedSum.length; row++) {
    for (let column = 0; column < movingSum.length; column++, index++) {
      const p = joint[index] / total
      if (p <= 0) continue
      fixedSum[row] += p
      movingSum[column] += p
      together -= p * Math.log(p)
    }
  }
  // Both constant: nothing is shared that could be told.
  if (together <= 0) return 1
  return (entropy(fixedSum) + entropy(movingSum)) / together
}

function entropy(probabilities: Float64Array): number {
  let sum = 0
  for (const p of probabilities) if (p > 0) sum -= p * Math.log(p)
  return sum
}
