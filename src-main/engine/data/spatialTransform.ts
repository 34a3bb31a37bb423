import type { RandomStream } from '../../imaging/random/randomStream.ts'
import type { Patch } from './patch.ts'
import type { PreparedCase, Triple } from './preparedCase.ts'

/** nnU-Net's probabilities and ranges. */
const ROTATION = { probability: 0.2, maxDegrees: 30 }
const SCALING = { probability: 0.2, low: 0.7, high: 1.4 }

/** Row-major 3×3 map from an offset in the patch to an offset in the case, both in voxels from the centre. */
export type SpatialTransform = readonly number[]

/**
 * Draws a rotation about a random mix of the axes and an isotropic scaling, each with its own probability;
 * null where neither happens.
 */
export function drawSpatialTransform(stream: RandomStream): SpatialTransform | null {
  const isRotated = stream.chance(ROTATION.probability)
  const angles = [0, 1, 2].map(
    () => (stream.between(-ROTATION.maxDegrees, ROTATION.maxDegrees) * Math.PI) / 180,
  )
  const isScaled = stream.chance(SCALING.probability)
  // Below 1 and above 1 are equally likely, as in nnU-Net.
  const grows = stream.chance(0.5)
  const factor = grows ? stream.between(1, SCALING.high) : stream.between(SCALING.low, 1)
  if (!isRotated && !isScaled) return null
  const rotation = isRotated ? rotationMatrix(angles) : [1, 0, 0, 0, 1, 0, 0, 0, 1]
  return rotation.map((value) => value * (isScaled ? factor : 1))
}

function rotationMatrix([x, y, z]: readonly number[]): number[] {
  const [cx, sx, cy, sy] = [Math.cos(x), Math.sin(x), Math.cos(y), Math.sin(y)]
  const [cz, sz] = [Math.cos(z), Math.sin(z)]
  return [
    ...[cy * cz, sx * sy * cz - cx * sz, cx * sy * cz + sx * sz],
    ...[cy * sz, sx * sy * sz + cx * cz, cx * sy * sz - sx * cz],
    ...[-sy, sx * cy, cx * cy],
  ]
}

/**
 * Cuts a patch through a transform about its centre: images by trilinear interpolation, labels by nearest
 * neighbour. It reads from the whole case, so no padding is made up inside of it; outside is 0.
 */
export function extractTransformedPatch(
  prepared: PreparedCase,
  origin: Triple,
  size: Triple,
  transform: SpatialTransform,
): Patch {
  const [nx, ny, nz] = prepared.dims
  const length = size[0] * size[1] * size[2]
  const channels = prepared.channels.map(() => new Float32Array(length))
  const labels = prepared.labels ? new Uint8Array(length) : null
  const half = size.map((n) => (n - 1) / 2)
  const centre = origin.map((first, axis) => first + half[axis])
  let target = 0
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      for (let i = 0; i < size[0]; i++, target++) {
        const [dx, dy, dz] = [i - half[0], j - half[1], k - half[2]]
        const x = centre[0] + transform[0] * dx + transform[1] * dy + transform[2] * dz
        const y = centre[1] + transform[3] * dx + transform[4] * dy + transform[5] * dz
        const z = centre[2] + transform[6] * dx + transform[7] * dy + transform[8] * dz
        const [x0, y0, z0] = [Math.floor(x), Math.floor(y), Math.floor(z)]
        if (x0 < -1 || y0 < -1 || z0 < -1 || x0 >= nx || y0 >= ny || z0 >= nz) continue
        for (let corner = 0; corner < 8; corner++) {
          const [cx, cy, cz] = [x0 + (corner & 1), y0 + ((corner >> 1) & 1), z0 + (corner >> 2)]
          if (cx < 0 || cy < 0 || cz < 0 || cx >= nx || cy >= ny || cz >= nz) continue
          const weight = (1 - Math.abs(x - cx)) * (1 - Math.abs(y - cy)) * (1 - Math.abs(z - cz))
          const source = cx + nx * (cy + ny * cz)
          for (let c = 0; c < channels.length; c++) {
            channels[c][target] += weight * prepared.channels[c][source]
          }
        }
        const [rx, ry, rz] = [Math.round(x), Math.round(y), Math.round(z)]
        const isInside = rx >= 0 && ry >= 0 && rz >= 0 && rx < nx && ry < ny && rz < nz
        if (labels && prepared.labels && isInside) {
          labels[target] = prepared.labels[rx + nx * (ry + ny * rz)]
        }
      }
    }
  }
  return { size, channels, labels }
}
