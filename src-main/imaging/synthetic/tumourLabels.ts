import { LABELS } from '../../contract/index.ts'
import type { RandomStream } from '../random/randomStream.ts'
import type { HeadBox } from './headBox.ts'
import { createNoiseField } from './noiseField.ts'
import type { TumourFields } from './tumourFields.ts'

/** The fields a labelmap is cut from. */
export interface LabelFields extends TumourFields {
  /** Arrival of oedema (mm of white matter) and how much of a voxel it can fill, 0 to 1. */
  oedemaTime: Float32Array
  oedemaRoom: Float32Array
  oedemaReachMm: number
}

/** Deviation of the drawn boundary at full label noise, mm: along the boundary, and of the whole case. */
const JITTER_MM = 1.8
const CASE_BIAS_MM = 0.9
/** Below this volume a separate part may be missed, ml, and how likely at full label noise. */
const MISSED_BELOW_ML = 1.5
const MISSED_CHANCE = 0.6

/**
 * Cuts the canonical labelmap (box voxels) out of the fields. With `noise` > 0 it is what a hurried reader
 * would draw: boundaries wander and are drawn too wide or too narrow as a whole, small parts are missed.
 *
 * @param noise 0 (the truth) to 1
 */
export function cutLabels(
  fields: LabelFields,
  box: HeadBox,
  noise: number,
  stream: RandomStream,
): Uint8Array {
  const labels = new Uint8Array(box.count)
  const wander = createNoiseField(stream.fork('wander'), 6)
  const doubt = createNoiseField(stream.fork('doubt'), 5)
  const bias = noise * CASE_BIAS_MM * stream.normal()
  const s = box.spacingMm
  let index = 0
  for (let c = 0; c < box.size[2]; c++) {
    for (let b = 0; b < box.size[1]; b++) {
      for (let a = 0; a < box.size[0]; a++, index++) {
        const near = fields.core[index] < 8 || fields.oedemaTime[index] < Infinity
        if (!near) continue
        let off = 0
        let mistaken = 0
        if (noise > 0) {
          off = bias + noise * JITTER_MM * wander(a * s, b * s, c * s)
          mistaken = noise * JITTER_MM * doubt(a * s, b * s, c * s)
        }
        if (fields.core[index] + off < 0) {
          labels[index] =
            fields.enhancing[index] + mistaken > 0 ? LABELS.enhancing : LABELS.necrosis
        } else if (
          fields.oedemaTime[index] + 1.5 * off < fields.oedemaReachMm &&
          fields.oedemaRoom[index] > 0.5
        ) {
          labels[index] = LABELS.edema
        }
      }
    }
  }
  if (noise > 0) dropSmallParts(labels, box, noise, stream)
  return labels
}

/** Clears small separate parts (same label, 6-neighbours), each with the chance of being missed. */
function dropSmallParts(
  labels: Uint8Array,
  box: HeadBox,
  noise: number,
  stream: RandomStream,
): void {
  const [sx, sy] = box.size
  const steps = [-1, 1, -sx, sx, -sx * sy, sx * sy]
  const seen = new Uint8Array(box.count)
  const voxelMl = box.spacingMm ** 3 / 1000
  const part: number[] = []
  for (let start = 0; start < box.count; start++) {
    if (labels[start] === 0 || seen[start]) continue
    const value = labels[start]
    part.length = 0
    part.push(start)
    seen[start] = 1
    for (let n = 0; n < part.length; n++) {
      for (const step of steps) {
        // The tumour never touches the faces of the box, so a step cannot wrap around.
        const next = part[n] + step
        if (labels[next] === value && !seen[next]) {
          seen[next] = 1
          part.push(next)
        }
      }
    }
    const small = part.length * voxelMl < MISSED_BELOW_ML
    if (small && stream.chance(MISSED_CHANCE * noise)) {
      const surrounding = value === LABELS.enhancing ? LABELS.necrosis : LABELS.background
      for (const voxel of part) labels[voxel] = surrounding
    }
  }
}
