import type { Sequence } from '../../contract/index.ts'
import type { RandomStream } from '../random/randomStream.ts'
import { blurAsAcquired } from './acquisitionBlur.ts'
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

/** Tumour shares over the head box, each 0 to 1. */
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

/** Everything one sequence is drawn from. */
export interface Scene {
  box: HeadBox
  tissue: TissueMaps
  tumour: TumourMaps
  texture: CoreTexture
  kappa: number
  scanner: ScannerShift
}

const BASE_SIGNAL: Record<Sequence, number> = { flair: 260, t1: 420, t1ce: 440, t2: 240 }
/** Deviation of the noise of a 1 mm voxel before smoothing, as a share of the signal of white matter. */
const NOISE: Record<Sequence, number> = { flair: 0.06, t1: 0.045, t1ce: 0.045, t2: 0.06 }
const BIAS = 0.07
/** FLAIR and T2 are often acquired in slices, thickest along z; T1 mostly in 3D. */
const SLICE_MM: Record<Sequence, readonly [number, number]> = {
  flair: [1, 4],
  t1: [1, 2],
  t1ce: [1, 1.5],
  t2: [1, 3],
}
const POINT_SPREAD_MM: readonly [number, number] = [1, 1.5]

/**
 * Draws one sequence over the head box, as scanner units in int16; 0 exactly outside the mask, at least 1 inside.
 *
 * Signal = Σ share × contrast, times a smooth bias field, then Rician noise: the length of (signal + n₁, n₂)
 * with n₁, n₂ normal (Gudbjartsson & Patz 1995, doi 10.1002/mrm.1910340618), then the blur of the acquisition.
 */
export function renderSequence(sequence: Sequence, stream: RandomStream, scene: Scene): Int16Array {
  const { box, tissue, scanner } = scene
  const gain = BASE_SIGNAL[sequence] * stream.between(0.75, 1.35)
  // A larger voxel averages over more protons; not quite with its volume, as larger voxels are scanned faster.
  const averaged = Math.max(1, box.spacingMm) ** 0.8
  const sigma = (NOISE[sequence] * stream.between(0.7, 1.3) * scanner.noise) / averaged
  const biasField = createNoiseField(stream.fork('bias'), 75)
  const biasDepth = BIAS * scanner.bias * stream.between(0.5, 1.3)
  const pointSpreadMm = stream.between(...POINT_SPREAD_MM)
  const sliceMm = stream.between(...SLICE_MM[sequence])
  const noise = stream.fork('noise')

  const signal = mixSignal(sequence, stream, scene)
  const s = box.spacingMm
  let index = 0
  for (let c = 0; c < box.size[2]; c++) {
    for (let b = 0; b < box.size[1]; b++) {
      for (let a = 0; a < box.size[0]; a++, index++) {
        if (tissue.mask[index] === 0) continue
        const bias = biasField(
          box.originMm[0] + a * s,
          box.originMm[1] - b * s,
          box.originMm[2] + c * s,
        )
        const clean = signal[index] * (1 + biasDepth * bias)
        // Two independent normals from one Box–Muller draw.
        const length = sigma * Math.sqrt(-2 * Math.log(1 - noise.uniform()))
        const turn = 2 * Math.PI * noise.uniform()
        const real = clean + length * Math.cos(turn)
        const imaginary = length * Math.sin(turn)
        signal[index] = Math.sqrt(real * real + imaginary * imaginary)
      }
    }
  }
  blurAsAcquired(signal, tissue.mask, box, pointSpreadMm, sliceMm, 2)
  const image = new Int16Array(box.count)
  for (let i = 0; i < box.count; i++) {
    if (tissue.mask[i] === 1) image[i] = Math.min(32767, Math.max(1, Math.round(gain * signal[i])))
  }
  return image
}

/** The signal before the scanner spoils it; healthy white matter is about 1. */
function mixSignal(sequence: Sequence, stream: RandomStream, scene: Scene): Float32Array {
  const { box, tissue, tumour, texture, kappa } = scene
  const contrast = CONTRASTS[sequence]
  const tone = scene.scanner.contrast
  const flesh = createNoiseField(stream.fork('flesh'), 8)
  const fibres = createNoiseField(stream.fork('fibres'), 2.6)
  const flairOffset = sequence === 'flair' ? kappa * texture.flairOffset : 0
  const result = new Float32Array(box.count)
  const s = box.spacingMm
  let index = 0
  for (let c = 0; c < box.size[2]; c++) {
    const z = box.originMm[2] + c * s
    for (let b = 0; b < box.size[1]; b++) {
      const y = box.originMm[1] - b * s
      for (let a = 0; a < box.size[0]; a++, index++) {
        if (tissue.mask[index] === 0) continue
        const x = box.originMm[0] + a * s
        const solidShare = 1 - tissue.csf[index]
        let solid =
          contrast.grey * tissue.grey[index] +
          contrast.white * tissue.white[index] +
          contrast.deepGrey * tissue.deepGrey[index] +
          contrast.ironRich * tissue.ironRich[index]
        solid += tissue.whiteLesion[index] * (contrast.whiteLesion - 1) * solidShare
        solid += tumour.oedema[index] * (contrast.oedema * solidShare - solid)
        if (contrast.hidesCore && tumour.oedema[index] > 0) {
          const blotch = contrast.mottle * texture.mottle(x, y, z)
          solid += (1 - kappa) * tumour.oedema[index] * solidShare * blotch
        }
        solid *= 1 + contrast.texture * (flesh(x, y, z) + fibres(x, y, z))
        let signal = solid + contrast.csf * tissue.csf[index]
        signal += tissue.vascular[index] * (contrast.vascular - signal)

        const core = tumour.core[index]
        if (core > 0) {
          const takesUp = tumour.enhancing[index]
          const plain = contrast.core + flairOffset + contrast.mottle * texture.mottle(x, y, z)
          const cue =
            (1 - takesUp) * contrast.necrosisCue +
            takesUp * (contrast.enhancingCue + contrast.grainCue * texture.grain(x, y, z))
          const own =
            (1 - takesUp) * contrast.necrosisOwn +
            takesUp * contrast.enhancingOwn * Math.max(0.3, 1 + 0.4 * texture.uptake(x, y, z))
          signal += core * (plain + kappa * cue + own - signal)
        }
        result[index] = tone === 1 ? signal : Math.pow(Math.max(0, signal), tone)
      }
    }
  }
  return result
}
