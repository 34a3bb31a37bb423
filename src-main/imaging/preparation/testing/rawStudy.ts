import { SEQUENCES, type Sequence, type VolumeGrid } from '../../../contract/index.ts'
import { createGrid, invertAffine, multiplyAffines, type Vector3 } from '../../geometry/index.ts'
import { randomStream } from '../../random/randomStream.ts'
import { generateSyntheticCase } from '../../synthetic/index.ts'
import { createNoiseField } from '../../synthetic/noiseField.ts'
import { resampleImage } from '../resampling/resampleImage.ts'
import { rigidAffine } from '../rigid/rigidPose.ts'
import { dressHead, type DressedHead } from './dressHead.ts'

/** How a sequence of a raw study was acquired. */
export interface Acquisition {
  /** Which way the slices are stacked. */
  readonly plane: 'axial' | 'sagittal' | 'coronal'
  readonly inPlaneMm: number
  readonly sliceMm: number
  /** Head, in the world of this sequence, against the reference world. */
  readonly rotationDegrees: Vector3
  readonly shiftMm: Vector3
  /** Obliqueness of the slices in degrees about the right–left axis. */
  readonly tiltDegrees: number
  /** Share of the head that the slices cover, from the top. */
  readonly coverage: number
}

export const FOUR_GRIDS: Record<Sequence, Acquisition> = {
  t1ce: {
    plane: 'sagittal',
    inPlaneMm: 1,
    sliceMm: 1,
    rotationDegrees: [0, 0, 0],
    shiftMm: [0, 0, 0],
    tiltDegrees: 0,
    coverage: 1,
  },
  t1: {
    plane: 'axial',
    inPlaneMm: 0.9,
    sliceMm: 2,
    rotationDegrees: [3, -2, 5],
    shiftMm: [4, -3, 6],
    tiltDegrees: -8,
    coverage: 1,
  },
  t2: {
    plane: 'coronal',
    inPlaneMm: 0.9,
    sliceMm: 4,
    rotationDegrees: [-4, 6, -3],
    shiftMm: [-7, 5, -4],
    tiltDegrees: 12,
    coverage: 1,
  },
  flair: {
    plane: 'axial',
    inPlaneMm: 1,
    sliceMm: 5,
    rotationDegrees: [7, 3, -8],
    shiftMm: [9, 8, -11],
    tiltDegrees: 15,
    coverage: 0.72,
  },
}

export interface RawStudy {
  readonly head: DressedHead
  readonly sequences: Record<
    Sequence,
    {
      readonly grid: VolumeGrid
      readonly voxels: Int16Array
      readonly referenceToSequence: number[]
    }
  >
}

const RADIANS = Math.PI / 180
const AXES = { axial: [0, 1, 2], sagittal: [1, 2, 0], coronal: [0, 2, 1] } as const

/**
 * One synthetic patient whose four sequences lie on four grids, in four poses, each with bias and Rician noise of its own
 * and slices that average over their thickness; the transforms are known.
 *
 * @param dims of the synthetic brain that everything is drawn from
 * @param skull whether skull, scalp and neck are there
 */
export function createRawStudy(options: {
  readonly seed: number
  readonly dims: readonly [number, number, number]
  readonly skull: boolean
  readonly bias?: number
  readonly noise?: number
  readonly acquisitions?: Record<Sequence, Acquisition>
  /** Factor on all voxel sizes; larger is quicker. */
  readonly coarsen?: number
}): RawStudy {
  const source = generateSyntheticCase({
    seed: options.seed,
    index: 0,
    dims: options.dims,
    kappa: 0.5,
    scanner: { bias: 0, noise: 0.5 },
  })
  const dressed = dressHead(source, options.seed)
  const head = options.skull ? dressed : stripped(dressed)
  const acquisitions = options.acquisitions ?? FOUR_GRIDS
  const sequences = {} as RawStudy['sequences']
  for (const sequence of SEQUENCES) {
    const how = coarser(acquisitions[sequence], options.coarsen ?? 1)
    const referenceToSequence = poseOf(how, head.grid)
    const grid = gridOf(how, head.grid, referenceToSequence)
    // resampleImage blurs by the thickness of the slices where they are coarser than the source.
    const clean = resampleImage(
      { grid: head.grid, voxels: head.images[sequence] },
      grid,
      invertAffine(referenceToSequence),
    )
    const voxels = acquire(
      clean,
      grid,
      randomStream(options.seed, sequence),
      options.bias ?? 0.12,
      options.noise ?? 0.03,
      options.skull,
    )
    sequences[sequence] = { grid, voxels, referenceToSequence }
  }
  return { head, sequences }
}

const coarser = (how: Acquisition, factor: number): Acquisition => ({
  ...how,
  inPlaneMm: how.inPlaneMm * factor,
  sliceMm: how.sliceMm * factor,
})

function stripped(head: DressedHead): DressedHead {
  const images = { ...head.images }
  for (const sequence of SEQUENCES) {
    images[sequence] = head.images[sequence].map((value, i) => (head.brain[i] ? value : 0))
  }
  return { ...head, images }
}

function middleOf(grid: VolumeGrid): [number, number, number] {
  const m = grid.indexToWorld
  const at = (row: number): number =>
    m[4 * row + 3] +
    grid.dims.reduce((sum, dim, axis) => sum + (m[4 * row + axis] * (dim - 1)) / 2, 0)
  return [at(0), at(1), at(2)]
}

function poseOf(how: Acquisition, head: VolumeGrid): number[] {
  const [a, b, c] = how.rotationDegrees
  return rigidAffine({
    rotation: [a * RADIANS, b * RADIANS, c * RADIANS],
    translationMm: how.shiftMm,
    centreMm: middleOf(head),
  })
}

/** A grid around the whole head, tilted, in the world of the sequence. */
function gridOf(how: Acquisition, head: VolumeGrid, pose: readonly number[]): VolumeGrid {
  const axes = AXES[how.plane]
  const extent = [
    head.dims[0] * head.spacingMm[0],
    head.dims[1] * head.spacingMm[1],
    head.dims[2] * head.spacingMm[2],
  ]
  const spacing = [how.inPlaneMm, how.inPlaneMm, how.sliceMm]
  const tilt = rigidAffine({
    rotation: [how.tiltDegrees * RADIANS, 0, 0],
    translationMm: [0, 0, 0],
    centreMm: [0, 0, 0],
  })
  const size = axes.map((axis, n) =>
    Math.ceil((extent[axis] * (n === 2 ? how.coverage : 1)) / spacing[n]),
  )
  const columns = axes.map((axis, n) => {
    const sign = axis === 2 ? 1 : -1
    return [0, 1, 2].map((row) => sign * spacing[n] * tilt[4 * row + axis])
  })
  const centre = middleOf(head)
  const moved = [0, 1, 2].map(
    (row) =>
      pose[4 * row] * centre[0] +
      pose[4 * row + 1] * centre[1] +
      pose[4 * row + 2] * centre[2] +
      pose[4 * row + 3],
  )
  // Missing coverage is missing at the bottom.
  const lift = (extent[axes[2]] * (1 - how.coverage)) / 2
  const origin = [0, 1, 2].map(
    (row) =>
      moved[row] +
      lift * (columns[2][row] / spacing[2]) -
      columns.reduce((sum, column, n) => sum + (column[row] * (size[n] - 1)) / 2, 0),
  )
  return createGrid(
    [size[0], size[1], size[2]],
    multiplyAffines(
      [...[1, 0, 0, origin[0]], ...[0, 1, 0, origin[1]], ...[0, 0, 1, origin[2]], ...[0, 0, 0, 1]],
      [
        ...[columns[0][0], columns[1][0], columns[2][0], 0],
        ...[columns[0][1], columns[1][1], columns[2][1], 0],
        ...[columns[0][2], columns[1][2], columns[2][2], 0],
        ...[0, 0, 0, 1],
      ],
    ),
  )
}

function acquire(
  clean: Float32Array,
  grid: VolumeGrid,
  stream: ReturnType<typeof randomStream>,
  biasDepth: number,
  noiseShare: number,
  airNoise: boolean,
): Int16Array {
  const bias = createNoiseField(stream.fork('bias'), 90)
  const noise = stream.fork('noise')
  let sum = 0
  let count = 0
  for (const value of clean) {
    if (value > 1) {
      sum += value
      count++
    }
  }
  const sigma = (noiseShare * sum) / Math.max(1, count)
  const voxels = new Int16Array(clean.length)
  const [sx, sy, sz] = grid.spacingMm
  let index = 0
  for (let k = 0; k < grid.dims[2]; k++) {
    for (let j = 0; j < grid.dims[1]; j++) {
      for (let i = 0; i < grid.dims[0]; i++, index++) {
        if (!airNoise && clean[index] <= 0.5) continue
        const signal = clean[index] * Math.exp(biasDepth * bias(i * sx, j * sy, k * sz))
        voxels[index] = Math.round(
          Math.hypot(signal + sigma * noise.normal(), sigma * noise.normal()),
        )
      }
    }
  }
  return voxels
}
