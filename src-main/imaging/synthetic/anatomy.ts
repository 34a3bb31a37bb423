import type { RandomStream } from '../random/randomStream.ts'
import { createMantle, type MantleSample } from './cortex.ts'
import { deepGreyDistance, ironRichDistance } from './deepNuclei.ts'
import {
  brainMaskDistance,
  brainStemDistance,
  cerebellumDistance,
  cerebrumDistance,
} from './headShape.ts'
import { coverage, sheetCoverage, smoothStep } from './signedDistances.ts'
import type { Subject } from './subject.ts'
import { ventricleDistance } from './ventricles.ts'

/** One point of a healthy head. Shares add up to 1 inside the mask. */
export interface AnatomySample {
  /** Signed distance to the brain mask, mm; positive: outside, where every image is 0. */
  mask: number
  csf: number
  grey: number
  white: number
  deepGrey: number
  ironRich: number
  /** Share of tissue that takes up contrast without a tumour: dura, sinuses, vessels, choroid plexus. */
  vascular: number
  /** Signed distance to the ventricles, mm. */
  ventricle: number
  /** Depth below the surface of the hemispheres, mm; 0 outside the cerebrum. */
  depth: number
  /** Signed distances in mm of the three parts. */
  cerebrum: number
  cerebellum: number
  brainStem: number
}

export const createAnatomySample = (): AnatomySample => ({
  mask: 99,
  csf: 0,
  grey: 0,
  white: 0,
  deepGrey: 0,
  ironRich: 0,
  vascular: 0,
  ventricle: 99,
  depth: 0,
  cerebrum: 99,
  cerebellum: 99,
  brainStem: 99,
})

/** Shift (mm) of the anatomy at a point by a mass; the tissue shown at p is that of p − shift. */
export type Displacement = readonly [number, number, number]

export interface Anatomy {
  /** Fills `into` with the tissue at (x, y, z) mm, the anatomy there having been moved by `shift`. */
  sample(x: number, y: number, z: number, shift: Displacement, into: AnatomySample): void
}

const WARP_MM = 1.9
const WIGGLE_MM = 0.8
/** Depth below the outline from which the brain moves freely. */
const SKULL_HOLDS_MM = 18
/** By how much a ventricle's walls close for each mm they are pushed: its fluid drains. */
const SQUEEZE = 0.22

/** Cerebellar folia: sheets fanning out from the fourth ventricle. Returns [csf, grey] shares of the tissue. */
function foliaShares(
  x: number,
  y: number,
  z: number,
  depth: number,
  wander: number,
  voxelMm: number,
): readonly [number, number] {
  const radius = Math.sqrt((y + 44) * (y + 44) + (z + 34) * (z + 34))
  const angle = Math.atan2(z + 34, -44 - y) + 0.006 * Math.abs(x) + 0.07 * wander
  const leaves = 13
  const plane = (Math.abs(Math.asin(Math.sin(leaves * angle))) / leaves) * radius
  const below = Math.max(0, depth - (11 + 3 * Math.cos(5 * angle)))
  const sheet = Math.sqrt(plane * plane + below * below)
  const csf = sheetCoverage(sheet, 0.45, voxelMm)
  const lined = Math.max(coverage(depth - 1.8, voxelMm), sheetCoverage(sheet, 2.1, voxelMm))
  return [csf, Math.max(0, lined - csf)]
}

/**
 * Builds a healthy head.
 *
 * @param voxelMm width of a voxel: the tissue shares are those of a voxel of that size
 */
export function createAnatomy(subject: Subject, stream: RandomStream, voxelMm: number): Anatomy {
  const mantle = createMantle(subject, stream, voxelMm)
  const inMantle: MantleSample = { csf: 0, grey: 0, depth: 0, fissure: 0, sylvian: 0, sulcus: 0 }
  const { warp, wiggle, scale, surface, vessels, ventricleScale } = subject
  const clearlyOutside = 4

  return {
    sample(px, py, pz, shift, into) {
      const tx = px / scale[0]
      const ty = (py + 17) / scale[1] - 17
      const tz = pz / scale[2]
      const hx = tx + WARP_MM * warp[0](tx, ty, tz) + WIGGLE_MM * wiggle[0](tx, ty, tz)
      const hy = ty + WARP_MM * warp[1](tx, ty, tz) + WIGGLE_MM * wiggle[1](tx, ty, tz)
      const hz = tz + WARP_MM * warp[2](tx, ty, tz) + WIGGLE_MM * wiggle[2](tx, ty, tz)

      // The skull does not give way: outlines are those of the undisplaced head, and the shift dies out below them.
      const cerebrum = cerebrumDistance(hx, hy, hz)
      const cerebellum = cerebellumDistance(hx, hy, hz)
      const brainStem = brainStemDistance(hx, hy, hz)
      const outline = brainMaskDistance(cerebrum, cerebellum, brainStem)
      into.mask = outline - 0.5
      into.cerebrum = cerebrum
      into.cerebellum = cerebellum
      into.brainStem = brainStem
      if (outline > clearlyOutside) return
      const rough = surface(hx, hy, hz)
      // Stripping cuts off the neck and leaves an uneven film of fluid.
      into.mask = Math.max(outline - 0.4 - 0.7 * rough, -62 - hz)

      const give = smoothStep(-1, SKULL_HOLDS_MM, -outline)
      const x = hx - give * shift[0]
      const y = hy - give * shift[1]
      const z = hz - give * shift[2]
      const parenchyma = coverage(Math.min(cerebrum, cerebellum, brainStem), voxelMm)
      let csf = 1 - parenchyma
      let grey = 0
      let deepGrey = 0
      let ironRich = 0
      let vascular = 0
      const inStem = brainStem < 0
      into.depth = 0
      if (!inStem && cerebellum < cerebrum) {
        const [foliaCsf, foliaGrey] = foliaShares(
          x,
          y,
          z,
          Math.max(0, -cerebellum),
          surface(hx, hy, hz),
          voxelMm,
        )
        csf += parenchyma * foliaCsf
        grey = parenchyma * foliaGrey
        const rest = Math.max(0, 1 - csf - grey)
        ironRich = 0.7 * rest * coverage(ironRichDistance(x, y, z), voxelMm)
      } else if (inStem && cerebrum > -2) {
        deepGrey = 0.3 * parenchyma
        ironRich = 0.5 * parenchyma * coverage(ironRichDistance(x, y, z), voxelMm)
      } else {
        mantle(x, y, z, inMantle)
        into.depth = Math.max(0, inMantle.depth)
        csf += parenchyma * inMantle.csf
        grey = parenchyma * inMantle.grey
        const rest = Math.max(0, 1 - csf - grey)
        ironRich = rest * coverage(ironRichDistance(x, y, z), voxelMm)
        deepGrey = (rest - ironRich) * coverage(deepGreyDistance(x, y, z), voxelMm)
        // Vessels are the curves in which a noise surface cuts the sheets of fluid.
        const course = 1 - smoothStep(0.12, 0.3, Math.abs(vessels(x, y, z)))
        vascular =
          course *
          Math.max(
            0.75 * sheetCoverage(inMantle.sulcus, 0.6, voxelMm) * smoothStep(10, 3, inMantle.depth),
            sheetCoverage(inMantle.sylvian, 1, voxelMm),
          )
        const falx = sheetCoverage(inMantle.fissure, 0.45, voxelMm) * smoothStep(26, 8, -cerebrum)
        vascular = Math.max(vascular, 0.75 * falx)
      }
      // Superior sagittal sinus at the vertex and the tent between cerebrum and cerebellum.
      if (hz > 0 || hy < -70) {
        const sinus = Math.sqrt(hx * hx + 1.5 * outline * outline) - 2.6
        vascular = Math.max(vascular, coverage(sinus, voxelMm))
      }
      // Veins on the surface, met in stretches.
      if (outline > -2.5) {
        const bridging = 0.8 * (1 - smoothStep(0.1, 0.25, Math.abs(vessels(hz, hx, hy))))
        vascular = Math.max(vascular, bridging * sheetCoverage(outline + 0.3, 0.9, voxelMm))
      }
      if (cerebellum < 6 && cerebrum < 6 && hy < -38) {
        vascular = Math.max(
          vascular,
          0.7 * sheetCoverage(Math.abs(cerebellum - cerebrum), 1.4, voxelMm),
        )
      }

      const pushed = give * Math.sqrt(shift[0] ** 2 + shift[1] ** 2 + shift[2] ** 2)
      const ventricle = ventricleDistance(x, y, z, ventricleScale) + SQUEEZE * pushed
      into.ventricle = ventricle
      const fluid = coverage(ventricle, voxelMm)
      if (fluid > 0) {
        csf += fluid * (1 - csf)
        grey *= 1 - fluid
        deepGrey *= 1 - fluid
        ironRich *= 1 - fluid
        const plexus =
          smoothStep(0.5, 1.3, vessels(x, 0.45 * y, z)) * smoothStep(-0.6, -2, ventricle)
        const inAtrium = smoothStep(-8, -28, y) * smoothStep(4, 12, Math.abs(x))
        vascular = Math.max(vascular, 0.9 * plexus * inAtrium)
      }
      csf = Math.min(1, csf)
      into.csf = csf
      into.grey = grey
      into.deepGrey = deepGrey
      into.ironRich = ironRich
      into.white = Math.max(0, 1 - csf - grey - deepGrey - ironRich)
      into.vascular = vascular
    },
  }
}
