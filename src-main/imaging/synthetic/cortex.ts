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
function sylvianDistance(x: number, y: number, z: number): number {
  const side = Math.abs(x)
  const rise = 0.42
  const across = (z + 3 + rise * (y - 2)) * 0.92
  const beyond = Math.max(0, y - 24, -40 - y)
  const inward = Math.max(0, 39 - side)
  const cleft = Math.sqrt(across * across + beyond * beyond + inward * inward)
  const insulaSide = side - 39 - 0.004 * (y + 5) * (y + 5)
  const insulaAbove = Math.max(0, Math.abs(across - 3) - 12)
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
  const folds = createFoldPattern(stream.fork('folds'), 20, 34)
  const { cortexMm, sulcusHalfWidthMm, sulcalDepth, wiggle } = subject

  return (x, y, z, into) => {
    const depth = mantleDepth(x, y, z)
    const fissure = fissureDistance(x, y, z)
    const sylvian = sylvianDistance(x, y, z)
    into.depth = depth
    into.fissure = fissure
    into.sylvian = sylvian
    into.sulcus = 99

    let csf = sheetCoverage(fissure, 0.5 + 0.7 * sulcusHalfWidthMm, voxelMm)
    let lined = Math.max(
      coverage(depth - cortexMm, voxelMm),
      sheetCoverage(fissure, 0.5 + sulcusHalfWidthMm + cortexMm, voxelMm),
    )
    const sylvianHalf = 0.5 + 1.3 * sulcusHalfWidthMm
    csf = Math.max(csf, sheetCoverage(sylvian, sylvianHalf, voxelMm))
    lined = Math.max(lined, sheetCoverage(sylvian, sylvianHalf + cortexMm, voxelMm))

    if (depth < 30) {
      const h = GRADIENT_STEP_MM
      const slopeX = (mantleDepth(x + h, y, z) - depth) / h
      const slopeY = (mantleDepth(x, y + h, z) - depth) / h
      const slopeZ = (mantleDepth(x, y, z + h) - depth) / h
      const bend = 0.16 * depth
      const sx = x - depth * slopeX + bend * wiggle[1](x, y, z)
      const sy = y - depth * slopeY + bend * wiggle[2](x, y, z)
      const sz = z - depth * slopeZ + bend * wiggle[0](x, y, z)
      const plane = folds(sx, sy, sz)
      const floor = Math.max(3, Math.min(21, 12.5 + 5 * sulcalDepth(sx, sy, sz)))
      const below = Math.max(0, depth - floor)
      const sulcus = Math.sqrt(plane * plane + below * below)
      const half = sulcusHalfWidthMm * (1.7 - 0.9 * smoothStep(0, 9, depth))
      into.sulcus = sulcus
      csf = Math.max(csf, sheetCoverage(sulcus, half, voxelMm))
      lined = Math.max(lined, sheetCoverage(sulcus, half + cortexMm, voxelMm))
    }

    // Around the hypothalamus the brain has no cortex: the midbrain passes there.
    const bare = 1 - smoothStep(-3, 3, ellipsoidDistance(x, y + 16, z + 8, 21, 25, 15))
    into.csf = csf * (1 - bare)
    into.grey = Math.max(0, lined - csf) * (1 - bare)
  }
}
