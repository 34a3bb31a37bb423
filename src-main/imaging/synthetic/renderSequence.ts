import type { Sequence } from '../../contract/index.ts'
import type { RandomStream } from '../random/randomStream.ts'
import { CONTRASTS } from './contrast.ts'
import type { HeadBox } from './headBox.ts'
import { createNoiseField, type NoiseField } from './noiseField.ts'
import type { TissueMaps } from './tissueMaps.ts'

/** How a scanner differs from the one the cohort is drawn with; 1 everywhere is that one. */
export interface ScannerShift {
  /** Exponent of a tone curve over the signal (white matter stays put): below 1 flattens contrast. */
  contrast: number
  /** Factor on the strength of the receive-coil bias field. */
  bias: number
  /** Factor on the noise. */
  noise: number
}

/** Tumour shares over the head box, each 0 to 1, and textures shared by the sequences. */
export interface TumourMaps {
  core: Float32Array
  /** Share of the core that enhances. */
  enhancing: Float32Array
  oedema: Float32Array
}

export interface CoreTexture {
  /** Blotches of the core, shared by all sequences. */
  mottle: NoiseField
  grain: NoiseField
  /** Fine uneven uptake of contrast medium. */
  uptake: NoiseField
  /** Offset of the core's FLAIR signal in this case, before κ. */
  flairOffset: number
}

const BASE_SIGNAL: Record<Sequence, number> = { flair: 260, t1: 420, t1ce: 440, t2: 240 }
const NOISE: Record<Sequence, number> = { flair: 0.034, t1: 0.026, t1ce: 0.026, t2: 0.034 }
const BIAS = 0.07

/**
 * Draws one sequence over the head box, as scanner units in int16; 0 exactly outside the mask, at least 1 inside.
 *
 * Signal = Σ share × contrast, times a smooth bias field, then Rician noise: the length of (signal + n₁, n₂)
 * with n₁, n₂ normal (Gudbjartsson & Patz 1995, doi 10.1002/mrm.1910340618).
 */
export function renderSequence(
  sequence: Sequence,
  stream: RandomStream,
  box: HeadBox,
  tissue: TissueMaps,
  tumour: TumourMaps,
  texture: CoreTexture,
  kappa: number,
  scanner: ScannerShift,
): Int16Array {
  const contrast = CONTRASTS[sequence]
  const image = new Int16Array(box.count)
  const gain = BASE_SIGNAL[sequence] * stream.between(0.75, 1.35)
  const sigma = NOISE[sequence] * stream.between(0.7, 1.3) * scanner.noise
  const biasField = createNoiseField(stream.fork('bias'), 75)
  const biasDepth = BIAS * scanner.bias * stream.between(0.5, 1.3)
  const flesh = createNoiseField(stream.fork('flesh'), 8)
  const noise = stream.fork('noise')
  const tone = scanner.contrast
  const flairOffset = sequence === 'flair' ? kappa * texture.flairOffset : 0
  const s = box.spacingMm
  let index = 0
  for (let c = 0; c < box.size[2]; c++) {
    const z = box.originMm[2] + c * s
    for (let b = 0; b < box.size[1]; b++) {
      const y = box.originMm[1] - b * s
      for (let a = 0; a < box.size[0]; a++, index++) {
        if (tissue.mask[index] === 0) continue
        const x = box.originMm[0] + a * s
        const lesion = tissue.whiteLesion[index]
        const oedema = tumour.oedema[index]
        const vessel = tissue.vascular[index]
        let solid =
          contrast.grey * tissue.grey[index] +
          contrast.white * tissue.white[index] +
          contrast.deepGrey * tissue.deepGrey[index] +
          contrast.ironRich * tissue.ironRich[index]
        const solidShare = 1 - tissue.csf[index]
        solid += lesion * (contrast.whiteLesion - 1) * solidShare
        solid += oedema * (contrast.oedema * solidShare - solid)
        let signal = solid + contrast.csf * tissue.csf[index]
        signal += vessel * (contrast.vascular - signal)
        signal *= 1 + 0.018 * flesh(x, y, z)

        const core = tumour.core[index]
        if (core > 0) {
          const takesUp = tumour.enhancing[index]
          const necrotic = 1 - takesUp
          let inCore = contrast.core + flairOffset + contrast.mottle * texture.mottle(x, y, z)
          inCore +=
            necrotic * (contrast.necrosisOwn + kappa * contrast.necrosisCue) +
            takesUp *
              (contrast.enhancingOwn * (1 + 0.25 * texture.uptake(x, y, z)) +
                kappa * contrast.enhancingCue +
                kappa * contrast.grainCue * texture.grain(x, y, z))
          signal += core * (inCore - signal)
        }
        if (tone !== 1) signal = Math.pow(Math.max(0, signal), tone)
        signal *= 1 + biasDepth * biasField(x, y, z)
        // Two independent normals from one Box–Muller draw.
        const length = sigma * Math.sqrt(-2 * Math.log(1 - noise.uniform()))
        const turn = 2 * Math.PI * noise.uniform()
        const real = signal + length * Math.cos(turn)
        const imaginary = length * Math.sin(turn)
        const value = gain * Math.sqrt(real * real + imaginary * imaginary)
        image[index] = Math.min(32767, Math.max(1, Math.round(value)))
      }
    }
  }
  return image
}
