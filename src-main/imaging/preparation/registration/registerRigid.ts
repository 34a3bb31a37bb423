import type { VolumeGrid } from '../../../contract/volume.ts'
import { directionOf, invertAffine, type Affine } from '../../geometry/index.ts'
import type { Voxels } from '../../volume/index.ts'
import { blurNormalised } from '../resampling/blurNormalised.ts'
import { rigidAffine } from '../rigid/rigidPose.ts'
import { centreOfMass, headMask } from './headMask.ts'
import { minimise } from './minimise.ts'
import { createMutualInformation, type Similarity } from './mutualInformation.ts'
import { samplePoints, toBins } from './samplePoints.ts'
import { shrinkVolume, type FloatVolume } from './shrinkVolume.ts'

type Triple = [number, number, number]

interface Level {
  readonly mm: number
  readonly points: number
  /** Half width of the differences and end of the search, mm at the rim of the head. */
  readonly differenceMm: number
  readonly toleranceMm: number
}

/** Coarse to fine. The last one is as fine as a brain needs: a voxel of 1 mm. */
const LEVELS: readonly Level[] = [
  { mm: 6, points: 6_000, differenceMm: 1, toleranceMm: 0.1 },
  { mm: 3, points: 25_000, differenceMm: 0.3, toleranceMm: 0.02 },
  { mm: 1, points: 70_000, differenceMm: 0.1, toleranceMm: 0.005 },
]
const BINS = 32
/** Rotations are measured as mm at this distance from the centre, so that all six parameters are alike. */
const HEAD_RADIUS_MM = 80
const MASK_MARGIN_MM = 6
/** Rotations tried at the coarsest level about each axis, beside none: a head in a coil is rarely turned further. */
const START_DEGREES = [-25, 25] as const
const STARTS_FOLLOWED = 3
/** A pose that leaves less of the head inside the other image tells nothing. */
const LEAST_OVERLAP = 0.25

export interface Registration {
  /** Rigid, mm to mm: from the world of the reference to that of the other image. */
  readonly referenceToMoving: number[]
  /** With the positions that the files claim, and after. */
  readonly before: Similarity
  readonly after: Similarity
}

export interface RegistrationImage {
  readonly grid: VolumeGrid
  readonly voxels: Voxels
}

/**
 * Finds the rigid transform that brings an image of the same head onto a reference, whatever their contrasts, grids and
 * angles: normalised mutual information over three resolutions, from the position of the headers, from matching centres of
 * mass, and from turned versions of both. Points are taken from the image with the thicker voxels and looked up in the
 * finer one, blurred by the thickness of the former's slices. Deterministic.
 *
 * @returns the identity, and equal figures, where one of the images is constant
 */
export function registerRigid(
  reference: RegistrationImage,
  moving: RegistrationImage,
  onProgress: (share: number) => void = () => undefined,
): Registration {
  const referenceIsThicker =
    Math.max(...reference.grid.spacingMm) > Math.max(...moving.grid.spacingMm)
  const thick = referenceIsThicker ? reference : moving
  const fine = referenceIsThicker ? moving : reference
  const mask = headMask(thick.voxels, thick.grid, MASK_MARGIN_MM)
  const thickCentre = centreOfMass(thick.voxels, mask, thick.grid)
  const fineCentre = centreOfMass(
    fine.voxels,
    headMask(fine.voxels, fine.grid, MASK_MARGIN_MM),
    fine.grid,
  )
  const centreMm: Triple = thickCentre ?? [0, 0, 0]
  const affineOf = (p: readonly number[]): number[] =>
    rigidAffine({
      rotation: [p[0] / HEAD_RADIUS_MM, p[1] / HEAD_RADIUS_MM, p[2] / HEAD_RADIUS_MM],
      translationMm: [p[3], p[4], p[5]],
      centreMm,
    })
  const matched = withSliceProfile(fine, thick.grid)
  const similarityAt = (level: Level): ((affine: Affine) => Similarity) => {
    const small = shrinkVolume(thick, level.mm)
    const smallMask = headMask(small.voxels, small.grid, MASK_MARGIN_MM)
    const other = shrinkVolume(matched, level.mm)
    const binned = { grid: other.grid, voxels: toBins(other.voxels, BINS) }
    return createMutualInformation(samplePoints(small, smallMask, BINS, level.points), binned, BINS)
  }
  const finest = similarityAt(LEVELS[LEVELS.length - 1])
  const before = finest(affineOf([0, 0, 0, 0, 0, 0]))
  if (!thickCentre || !fineCentre || isConstant(thick.voxels) || isConstant(fine.voxels)) {
    return { referenceToMoving: affineOf([0, 0, 0, 0, 0, 0]), before, after: before }
  }
  const offset = fineCentre.map((v, axis) => v - centreMm[axis])
  let candidates = startPoses(offset)
  for (const [index, level] of LEVELS.entries()) {
    const isLast = index === LEVELS.length - 1
    const similarity = isLast ? finest : similarityAt(level)
    const cost = (p: readonly number[]): number => {
      const { normalised, overlap } = similarity(affineOf(p))
      return overlap < LEAST_OVERLAP ? 1 - overlap : -normalised
    }
    const settings = {
      differenceStep: level.differenceMm,
      longestStep: 2 * level.mm,
      tolerance: level.toleranceMm,
      maxIterations: 60,
    }
    const ranked = candidates.map((p) => ({ p, cost: cost(p) })).sort((a, b) => a.cost - b.cost)
    const followed = ranked
      .slice(0, index === 0 ? STARTS_FOLLOWED : 1)
      .map(({ p }) => minimise(cost, p, settings))
      .sort((a, b) => a.value - b.value)
    candidates =
      index === 0 ? followed.map(({ parameters }) => parameters) : [followed[0].parameters]
    onProgress((index + 1) / LEVELS.length)
  }
  const thickToFine = affineOf(candidates[0])
  return {
    referenceToMoving: referenceIsThicker ? thickToFine : invertAffine(thickToFine),
    before,
    after: finest(thickToFine),
  }
}

function isConstant(voxels: Voxels): boolean {
  for (let i = 1; i < voxels.length; i++) if (voxels[i] !== voxels[0]) return false
  return true
}

/** Where the headers are right the first is the answer; where they are not, the middle of the head is close. */
function startPoses(offset: readonly number[]): number[][] {
  const poses: number[][] = []
  for (const shift of [[0, 0, 0], offset]) {
    poses.push([0, 0, 0, ...shift])
    for (let axis = 0; axis < 3; axis++) {
      for (const degrees of START_DEGREES) {
        const turn = [0, 0, 0]
        turn[axis] = ((degrees * Math.PI) / 180) * HEAD_RADIUS_MM
        poses.push([...turn, ...shift])
      }
    }
  }
  return poses
}

/** Blurs an image by the box that a voxel of a thicker grid averages over, less its own voxel. */
function withSliceProfile(image: RegistrationImage, thick: VolumeGrid): FloatVolume {
  const voxels = Float32Array.from(image.voxels)
  const own = directionOf(image.grid.indexToWorld)
  const other = directionOf(thick.indexToWorld)
  const sigma = (axis: number): number => {
    let variance = 0
    for (let b = 0; b < 3; b++) {
      let cosine = 0
      for (let row = 0; row < 3; row++) cosine += own[3 * row + axis] * other[3 * row + b]
      variance += (cosine * thick.spacingMm[b]) ** 2
    }
    const spacing = image.grid.spacingMm[axis]
    const extra = (variance - spacing ** 2) / 12
    return extra < 0.02 * spacing ** 2 ? 0 : Math.sqrt(extra) / spacing
  }
  blurNormalised(voxels, image.grid.dims, [sigma(0), sigma(1), sigma(2)])
  return { grid: image.grid, voxels }
}
