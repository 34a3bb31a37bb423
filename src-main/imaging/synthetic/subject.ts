import type { RandomStream } from '../random/randomStream.ts'
import { createNoiseField, type NoiseField } from './noiseField.ts'

/** What makes one head differ from the next; drawn once a case. */
export interface Subject {
  /** Head size against the template, along x, y, z. */
  scale: readonly [number, number, number]
  /** 0 (young, tight sulci) to 1 (old, wide sulci and ventricles, more white-matter lesions). */
  ageing: number
  ventricleScale: number
  /** Half-width of a sulcus at the surface, mm. */
  sulcusHalfWidthMm: number
  cortexMm: number
  /** Low-frequency displacement of the template, so that no two heads and no two hemispheres match. */
  warp: readonly [NoiseField, NoiseField, NoiseField]
  wiggle: readonly [NoiseField, NoiseField, NoiseField]
  sulcalDepth: NoiseField
  surface: NoiseField
  vessels: NoiseField
}

const clamp = (value: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, value))

/** Draws a subject. */
export function drawSubject(stream: RandomStream): Subject {
  const ageing = stream.uniform()
  const size = clamp(0.955 + 0.02 * stream.normal(), 0.91, 0.985)
  const scale = [0, 1, 2].map(() => clamp(size + 0.015 * stream.normal(), 0.9, 0.99))
  const triple = (purpose: string, featureMm: number): [NoiseField, NoiseField, NoiseField] => [
    createNoiseField(stream.fork(`${purpose}/x`), featureMm),
    createNoiseField(stream.fork(`${purpose}/y`), featureMm),
    createNoiseField(stream.fork(`${purpose}/z`), featureMm),
  ]
  return {
    scale: [scale[0], scale[1], scale[2]],
    ageing,
    ventricleScale: clamp(0.8 + 0.55 * ageing + 0.12 * stream.normal(), 0.7, 1.6),
    sulcusHalfWidthMm: clamp(0.38 + 0.5 * ageing + 0.1 * stream.normal(), 0.35, 1.2),
    cortexMm: clamp(2.9 - 0.4 * ageing + 0.15 * stream.normal(), 2.2, 3.3),
    warp: triple('warp', 38),
    wiggle: triple('wiggle', 11),
    sulcalDepth: createNoiseField(stream.fork('sulcal-depth'), 14),
    surface: createNoiseField(stream.fork('surface'), 6),
    vessels: createNoiseField(stream.fork('vessels'), 5),
  }
}
