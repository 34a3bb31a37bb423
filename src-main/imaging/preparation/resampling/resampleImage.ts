import type { VolumeGrid } from '../../../contract/volume.ts'
import { spacingOf, type Affine } from '../../geometry/index.ts'
import type { Voxels } from '../../volume/index.ts'
import { voxelCount } from '../../volume/index.ts'
import { indexToIndex } from '../rigid/rigidPose.ts'
import { blurForGrid } from './blurForGrid.ts'
import { splineCoefficients } from './splineCoefficients.ts'

type Triple = readonly [number, number, number]

/** Points this close to a voxel centre count as on it, so that a mere change of axis order copies values exactly. */
const EPSILON = 1e-7

/**
 * Resamples an image onto another grid through a rigid transform, with the cubic B-spline that interpolates its voxels,
 * held to the source's range so that no edge rings beyond it. Axes along which the target is coarser are blurred first.
 *
 * @param targetToSource mm to mm, from the target's world to the source's
 * @returns values on the target grid; `outside` (0 where not given) further than half a voxel beyond the source
 */
export function resampleImage(
  source: { readonly grid: VolumeGrid; readonly voxels: Voxels },
  target: VolumeGrid,
  targetToSource: Affine,
  outside = 0,
): Float32Array {
  const { dims } = source.grid
  const map = indexToIndex(target.indexToWorld, targetToSource, source.grid.indexToWorld)
  const blurred = blurForGrid(source, spacingOf(map), map)
  const coefficients = splineCoefficients(blurred, dims)
  const [low, high] = rangeOf(blurred)
  const sample = splineSampler(coefficients, dims)
  const result = new Float32Array(voxelCount(target.dims)).fill(outside)
  const limit = dims.map((dim) => dim - 0.5 + EPSILON)
  let index = 0
  for (let k = 0; k < target.dims[2]; k++) {
    for (let j = 0; j < target.dims[1]; j++) {
      const x0 = map[1] * j + map[2] * k + map[3]
      const y0 = map[5] * j + map[6] * k + map[7]
      const z0 = map[9] * j + map[10] * k + map[11]
      for (let i = 0; i < target.dims[0]; i++, index++) {
        const x = map[0] * i + x0
        const y = map[4] * i + y0
        const z = map[8] * i + z0
        if (x < -0.5 - EPSILON || y < -0.5 - EPSILON || z < -0.5 - EPSILON) continue
        if (x > limit[0] || y > limit[1] || z > limit[2]) continue
        const value = sample(x, y, z)
        result[index] = value < low ? low : value > high ? high : value
      }
    }
  }
  return result
}

function rangeOf(values: Float32Array): [number, number] {
  let low = Infinity
  let high = -Infinity
  for (let i = 0; i < values.length; i++) {
    if (values[i] < low) low = values[i]
    if (values[i] > high) high = values[i]
  }
  return [low, high]
}

/** Value of the spline at a fractional voxel index, taps beyond the image mirrored. */
function splineSampler(
  coefficients: Float32Array,
  [nx, ny, nz]: Triple,
): (x: number, y: number, z: number) => number {
  const wx = new Float64Array(4)
  const wy = new Float64Array(4)
  const wz = new Float64Array(4)
  const ix = new Int32Array(4)
  const iy = new Int32Array(4)
  const iz = new Int32Array(4)
  return (x, y, z) => {
    taps(x, nx, 1, wx, ix)
    taps(y, ny, nx, wy, iy)
    taps(z, nz, nx * ny, wz, iz)
    const [x0, x1, x2, x3] = ix
    const [a, b, c, d] = wx
    let value = 0
    for (let k = 0; k < 4; k++) {
      let plane = 0
      for (let j = 0; j < 4; j++) {
        const row = iz[k] + iy[j]
        plane +=
          wy[j] *
          (a * coefficients[row + x0] +
            b * coefficients[row + x1] +
            c * coefficients[row + x2] +
            d * coefficients[row + x3])
      }
      value += wz[k] * plane
    }
    return value
  }
}

function taps(
  position: number,
  length: number,
  stride: number,
  weights: Float64Array,
  indices: Int32Array,
): void {
  const base = Math.floor(position)
  const t = position - base
  const s = 1 - t
  weights[0] = (s * s * s) / 6
  weights[1] = 2 / 3 - t * t + (t * t * t) / 2
  weights[2] = 2 / 3 - s * s + (s * s * s) / 2
  weights[3] = (t * t * t) / 6
  if (base > 0 && base + 2 < length) {
    const first = (base - 1) * stride
    indices[0] = first
    indices[1] = first + stride
    indices[2] = first + 2 * stride
    indices[3] = first + 3 * stride
    return
  }
  const period = Math.max(1, 2 * (length - 1))
  for (let tap = 0; tap < 4; tap++) {
    const wrapped = (((base - 1 + tap) % period) + period) % period
    indices[tap] = (wrapped < length ? wrapped : period - wrapped) * stride
  }
}
