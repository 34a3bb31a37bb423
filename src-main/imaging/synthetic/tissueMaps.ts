import { createAnatomySample, type Anatomy } from './anatomy.ts'
import type { HeadBox } from './headBox.ts'
import { coverage } from './signedDistances.ts'
import { massShift, type TumourPlan } from './tumourPlan.ts'

/** Tissue shares over the head box (flat, one value a voxel), before the tumour itself is drawn. */
export interface TissueMaps {
  /** 1 inside the brain mask, 0 where every image is exactly 0. */
  mask: Uint8Array
  csf: Float32Array
  grey: Float32Array
  white: Float32Array
  deepGrey: Float32Array
  ironRich: Float32Array
  vascular: Float32Array
  /** Share of white-matter hyperintensity and of lacune; filled by the distractors. */
  whiteLesion: Float32Array
  /** Signed distance to the displaced ventricles, mm. */
  ventricle: Float32Array
  /** Share of the voxel in the cerebrum: where a glioma may grow. */
  cerebrum: Float32Array
}

/** Samples the anatomy, moved by the tumour's mass effect, at every voxel of the box. */
export function createTissueMaps(anatomy: Anatomy, plan: TumourPlan, box: HeadBox): TissueMaps {
  const field = (): Float32Array => new Float32Array(box.count)
  const maps: TissueMaps = {
    mask: new Uint8Array(box.count),
    csf: field(),
    grey: field(),
    white: field(),
    deepGrey: field(),
    ironRich: field(),
    vascular: field(),
    whiteLesion: field(),
    ventricle: field().fill(99),
    cerebrum: field(),
  }
  const sample = createAnatomySample()
  const shift: [number, number, number] = [0, 0, 0]
  const s = box.spacingMm
  let index = 0
  for (let c = 0; c < box.size[2]; c++) {
    const z = box.originMm[2] + c * s
    for (let b = 0; b < box.size[1]; b++) {
      const y = box.originMm[1] - b * s
      for (let a = 0; a < box.size[0]; a++, index++) {
        const x = box.originMm[0] + a * s
        massShift(plan, x, y, z, shift)
        anatomy.sample(x, y, z, shift, sample)
        if (sample.mask >= 0) continue
        maps.mask[index] = 1
        maps.csf[index] = sample.csf
        maps.grey[index] = sample.grey
        maps.white[index] = sample.white
        maps.deepGrey[index] = sample.deepGrey
        maps.ironRich[index] = sample.ironRich
        maps.vascular[index] = sample.vascular
        maps.ventricle[index] = sample.ventricle
        maps.cerebrum[index] =
          sample.cerebrum < sample.cerebellum && sample.brainStem > 0
            ? coverage(sample.cerebrum, s)
            : 0
      }
    }
  }
  return maps
}
