import type { Sequence, VolumeGrid } from '../../../contract/index.ts'
import { createGrid, multiplyAffines } from '../../geometry/index.ts'
import { squaredDistanceTransform } from '../../mask/index.ts'
import { randomStream } from '../../random/randomStream.ts'
import { createNoiseField } from '../../synthetic/noiseField.ts'

/** Signal of what lies around the brain, white matter being 1. */
const AROUND: Record<
  Sequence,
  { fluid: number; bone: number; marrow: number; fat: number; muscle: number }
> = {
  t1: { fluid: 0.45, bone: 0.1, marrow: 0.75, fat: 1.5, muscle: 0.65 },
  t1ce: { fluid: 0.5, bone: 0.12, marrow: 0.85, fat: 1.55, muscle: 0.8 },
  t2: { fluid: 3, bone: 0.1, marrow: 0.7, fat: 1.7, muscle: 0.6 },
  flair: { fluid: 0.25, bone: 0.08, marrow: 0.6, fat: 1.2, muscle: 0.7 },
}
const PAD_SIDE_MM = 18
const PAD_BELOW_MM = 40

export interface DressedHead {
  readonly grid: VolumeGrid
  readonly images: Record<Sequence, Float32Array>
  /** Truth: 1 in the brain. */
  readonly brain: Uint8Array
  readonly labels: Uint8Array
}

/**
 * Puts fluid, skull, marrow, scalp and a neck around a skull-stripped synthetic brain, without noise. A phantom for tests:
 * its layers are of even thickness, a real head's are not.
 *
 * @param source axes stored to the left, to the back, to the head, isotropic, as the synthetic cohort stores them
 */
export function dressHead(
  source: {
    readonly grid: VolumeGrid
    readonly images: Record<Sequence, Int16Array>
    readonly labels: Uint8Array
  },
  seed: number,
): DressedHead {
  const mm = source.grid.spacingMm[0]
  const side = Math.round(PAD_SIDE_MM / mm)
  const below = Math.round(PAD_BELOW_MM / mm)
  const [nx, ny, nz] = source.grid.dims
  const dims = [nx + 2 * side, ny + 2 * side, nz + side + below] as const
  const back = [...[1, 0, 0, -side], ...[0, 1, 0, -side], ...[0, 0, 1, -below], ...[0, 0, 0, 1]]
  const grid = createGrid(dims, multiplyAffines(source.grid.indexToWorld, back))
  const pad = <A extends Float32Array | Uint8Array>(from: ArrayLike<number>, to: A): A => {
    for (let k = 0; k < nz; k++) {
      for (let j = 0; j < ny; j++) {
        const row = nx * (j + ny * k)
        const target = side + dims[0] * (j + side + dims[1] * (k + below))
        for (let i = 0; i < nx; i++) to[target + i] = from[row + i]
      }
    }
    return to
  }
  const count = dims[0] * dims[1] * dims[2]
  const brain = pad(
    source.images.t1.map((value) => (value > 0 ? 1 : 0)),
    new Uint8Array(count),
  )
  const distance = squaredDistanceTransform(brain, grid.dims, grid.spacingMm)
  const stream = randomStream(seed, 'dress')
  const uneven = createNoiseField(stream, 25)
  const fine = createNoiseField(stream.fork('fine'), 6)
  const images = {} as Record<Sequence, Float32Array>
  for (const sequence of ['flair', 't1', 't1ce', 't2'] as const) {
    const values = pad(source.images[sequence], new Float32Array(count))
    const white = whiteLevel(source.images[sequence])
    const tissue = AROUND[sequence]
    let index = 0
    for (let k = 0; k < dims[2]; k++) {
      for (let j = 0; j < dims[1]; j++) {
        for (let i = 0; i < dims[0]; i++, index++) {
          if (brain[index]) continue
          const x = i * mm
          const y = j * mm
          const z = k * mm
          const d = Math.sqrt(distance[index]) - 0.6 * uneven(x, y, z)
          const neckX = x - (dims[0] * mm) / 2
          const neckY = y - dims[1] * mm * 0.53
          const inNeck = z < (below + nz * 0.22) * mm && Math.hypot(neckX / 52, neckY / 62) < 1
          let signal = 0
          if (d < 2.2) signal = tissue.fluid
          else if (d < 4) signal = tissue.bone
          else if (d < 6.5) signal = tissue.marrow
          else if (d < 8.5) signal = tissue.bone
          else if (d < 14) signal = tissue.fat
          else if (inNeck) signal = tissue.muscle * (1 + 0.25 * fine(x, y, z))
          values[index] = white * Math.max(0, signal) * (1 + 0.08 * fine(x, y, z))
        }
      }
    }
    images[sequence] = values
  }
  return { grid, images, brain, labels: pad(source.labels, new Uint8Array(count)) }
}

/** The median of the brain stands for white matter. */
function whiteLevel(voxels: Int16Array): number {
  const inside = voxels.filter((value) => value > 0).sort()
  return inside[Math.floor(inside.length / 2)]
}
