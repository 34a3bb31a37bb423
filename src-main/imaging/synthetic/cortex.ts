import type { RandomStream } from '../random/randomStream.ts'
import { createFoldPattern } from './foldPattern.ts'
import { cerebrumDistance } from './headShape.ts'
import {
  coverage,
  ellipsoidDistance,
  sheetCoverage,
  smoothMin,
  smoothStep,
} from './signedDistances.ts'
import type { Subject } from './subject.ts'

/** What the cerebral mantle holds at one point; reused from call to call. */
export interface MantleSample {
  /** Shares of the voxel; the rest is white matter. */
  csf: number
  grey: number
  /** Distances in mm: below the outer surface, to the fissure's plane where it is open, to the Sylvian sheets. */
  depth: number
  fissure: number
  sylvian: number
  /** Distance to the nearest sulcal sheet, mm. */
  sulcus: number
}

/** Distance to the interhemispheric fissure: the middle plane outside the corpus callosum and what lies under it. */
function fissureDistance(x: number, y: number, z: number): number {
  const outsideCallosum = ellipsoidDistance(0, y + 7, z - 3, 1e6, 40, 27) - 2
  return outsideCallosum >= 0 ? Math.abs(x) : Math.sqrt(x * x + outsideCallosum * outsideCallosum)
}

/** Distance to the Sylvian fissure: the cleft above the temporal lobe and the sheet over the insula, a T. */
function sylvianDistance(x: number, y: number, z: number, wander: number): number {
  const side = Math.abs(x)
  const rise = 0.42
  const across = (z + 3 + wander + rise * (y - 2)) * 0.92
  const beyond = Math.max(0, y - 24, -40 - y)
  // The cleft ends where it meets the insula's sheet, or the two would cross.
  const inward = Math.max(0, 39 + wander + 0.0015 * (y + 5) * (y + 5) - side)
  const cleft = Math.sqrt(across * across + beyond * beyond + inward * inward)
  const insulaSide = side - 39 - wander + 0.22 * across - 0.0015 * (y + 5) * (y + 5)
  const insulaAbove = Math.max(0, Math.abs(across) - 7)
  const insulaBeyond = Math.max(0, y - 24, -26 - y)
  const insula = Math.sqrt(
    insulaSide * insulaSide + insulaAbove * insulaAbove + insulaBeyond * insulaBeyond,
  )
  return Math.min(cleft, insula)
}

/** Depth below the folded-free surface of a hemisphere, outer and medial, mm. */
function mantleDepth(x: number, y: number, z: number): number {
  return smoothMin(-cerebrumDistance(x, y, z), fissureDistance(x, y, z), 5)
}

const GRADIENT_STEP_MM = 1.5

/**
 * The folded cortex. Sulci are sheets that run down from the surface along its normal: the fold pattern
 * is read where that normal meets the surface, so that it does not change with depth, and each sulcus ends
 * at a depth of its own. Grey matter lines the outer surface and both banks of every sheet.
 */
export function createMantle(
  subject: Subject,
  stream: RandomStream,
  voxelMm: number,
): (x: number, y: number, z: number, into: MantleSample) => void {
  const folds = createFoldPattern(stream.fork('folds'), 17, 27)
  const dimples = createFoldPattern(stream.fork('dimples'), 10, 15)
  const { cortexMm, sulcusHalfWidthMm, sulcalDepth, wiggle } = subject

  return (x, y, z, into) => {
    const depth = mantleDepth(x, y, z)
    const fissure = fissureDistance(x, y, z)
    const sylvian = sylvianDistance(x, y, z, 2 * wiggle[1](z, x, y))
    into.depth = depth
    into.fissure = fissure
    into.sylvian = sylvian
    into.sulcus = 99

    let csf = sheetCoverage(fissure, 0.25 + 0.8 * sulcusHalfWidthMm, voxelMm)
    let lined = Math.max(
      coverage(depth - cortexMm, voxelMm),
      sheetCoverage(fissure, 0.25 + 0.8 * sulcusHalfWidthMm + cortexMm, voxelMm),
    )
    const sylvianHalf = 0.5 + 1.3 * sulcusHalfWidthMm
    csf = Math.max(csf, sheetCoverage(sylvian, sylvianHalf, voxelMm))
    lined = Math.max(lined, sheetCoverage(sylvian, sylvianHalf + cortexMm, voxelMm))

    if (depth < 30) {
      const h = GRADIENT_STEP_MM
      const slopeX = (mantleDepth(x + h, y, z) - depth) / h
      const slopeY = (mantleDepth(x, y + h, z) - depth) / h
      const slopeZ = (mantleDepth(x, y, z + h) - depth) / h
      const bend = 0.22 * depth
      // Far apart in the pattern, or both banks of the fissure would fold alike.
      const side = x < 0 ? -400 : 400
      const sx = side + x - depth * slopeX + bend * wiggle[1](x, y, z)
      const sy = y - depth * slopeY + bend * wiggle[2](x, y, z)
      const sz = z - depth * slopeZ + bend * wiggle[0](x, y, z)
      const plane = folds(sx, sy, sz)
      // The temporal lobe is thin: deep sulci would meet in its middle.
      const deepest = 24 - 14 * smoothStep(-6, -16, z)
      const floor = Math.max(3, Math.min(deepest, 14 + 5.5 * sulcalDepth(sx, sy, sz)))
      // Where the surface's normals meet (half-way between fissure and convexity) no sulcus is left.
      const slope = Math.sqrt(slopeX * slopeX + slopeY * slopeY + slopeZ * slopeZ)
      const crowded = 12 * (1 - smoothStep(0.55, 0.9, slope))
      const below = Math.max(0, depth - floor, crowded)
      const sulcus = Math.sqrt(plane * plane + below * below)
      const half = sulcusHalfWidthMm * (1.7 - 0.9 * smoothStep(0, 9, depth))
      into.sulcus = sulcus
      if (depth < 10) {
        const shallow = Math.max(0, depth - 4 - 1.5 * sulcalDepth(sy, sz, sx), crowded)
        const dimple = Math.sqrt(Math.pow(dimples(sx, sy, sz), 2) + shallow * shallow)
        csf = Math.max(csf, sheetCoverage(dimple, 0.55 * half, voxelMm))
        lined = Math.max(lined, sheetCoverage(dimple, 0.55 * half + cortexMm, voxelMm))
      }
      csf = Math.max(csf, sheetCoverage(sulcus, half, voxelMm))
      lined = Math.max(lined, sheetCoverage(sulcus, half + cortexMm, voxelMm))
    }

    // Around the hypothalamus the brain has no cortex: the midbrain passes there.
    const bare = 1 - smoothStep(-3, 3, ellipsoidDistance(x, y + 16, z + 8, 21, 25, 15))
    into.csf = csf * (1 - bare)
    into.grey = Math.max(0, lined - csf) * (1 - bare)
  }
}
