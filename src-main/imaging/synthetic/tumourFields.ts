import type { RandomStream } from '../random/randomStream.ts'
import { forEachNear, type HeadBox } from './headBox.ts'
import { createNoiseField } from './noiseField.ts'
import { smoothMax } from './signedDistances.ts'
import type { TumourFocus, TumourPlan } from './tumourPlan.ts'

/** Scalar fields over the head box from which intensities and labels are both read. */
export interface TumourFields {
  /** Signed distance to the core's surface, mm, negative inside; FAR away from any core. */
  core: Float32Array
  /** Above 0 the core enhances; in mm-like units, defined where `core` is below `FAR`. */
  enhancing: Float32Array
}

export const FAR = 99

function spheroidDistance(focus: TumourFocus, x: number, y: number, z: number): number {
  const dx = x - focus.centreMm[0]
  const dy = y - focus.centreMm[1]
  const dz = z - focus.centreMm[2]
  const [u, v, w] = focus.axes
  const a = (u[0] * dx + u[1] * dy + u[2] * dz) / focus.stretch[0]
  const b = (v[0] * dx + v[1] * dy + v[2] * dz) / focus.stretch[1]
  const c = (w[0] * dx + w[1] * dy + w[2] * dz) / focus.stretch[2]
  return Math.sqrt(a * a + b * b + c * c) - focus.radiusMm
}

/** The value below which a share of the numbers lies. `numbers` is reordered. */
function quantile(numbers: Float32Array, share: number): number {
  numbers.sort()
  return numbers[Math.min(numbers.length - 1, Math.max(0, Math.floor(share * numbers.length)))]
}

/**
 * Grows the core and divides it into enhancing and necrotic parts.
 *
 * The dividing field is w·d + noise, where d is the distance to the core's surface: with w = 1 − (1 − κ)³ near 1 a ring of
 * uneven thickness with gaps; with w = 0 patches of noise that say nothing about where in the core they lie.
 * Its threshold is the quantile that gives the planned enhancing share, whatever κ.
 *
 * @param parenchyma share of brain tissue per box voxel, without fluid around the brain; the core stays in it
 */
export function growTumour(
  plan: TumourPlan,
  stream: RandomStream,
  box: HeadBox,
  parenchyma: Float32Array,
  kappa: number,
): TumourFields {
  const core = new Float32Array(box.count).fill(FAR)
  const enhancing = new Float32Array(box.count)
  const ringWeight = 1 - (1 - kappa) ** 3

  plan.foci.forEach((focus, n) => {
    const r = focus.radiusMm
    const coarse = createNoiseField(stream.fork(`${n}/coarse`), 0.75 * r)
    const fine = createNoiseField(stream.fork(`${n}/fine`), Math.max(2.5, 0.25 * r))
    const patches = createNoiseField(stream.fork(`${n}/patches`), Math.max(3, 0.3 * r))
    const side = Math.sign(focus.centreMm[0])
    forEachNear(box, focus.centreMm, 1.9 * r + 4, (index, x, y, z) => {
      if (parenchyma[index] < 0.5) return
      const rough = plan.roughness * r * (coarse(x, y, z) + 0.35 * fine(x, y, z))
      const grown = spheroidDistance(focus, x, y, z) + rough
      // The falx holds it back.
      const distance = smoothMax(grown, 3 - side * x, 4)
      if (distance >= core[index]) return
      core[index] = distance
      enhancing[index] =
        ringWeight * distance +
        r * (0.07 + 0.63 * (1 - ringWeight)) * patches(x, y, z) +
        0.05 * r * fine(x, y, z)
    })
  })

  if (plan.enhancingShare > 0) {
    let count = 0
    for (let i = 0; i < core.length; i++) if (core[i] < 0) count++
    const inside = new Float32Array(count)
    let filled = 0
    for (let i = 0; i < core.length; i++) if (core[i] < 0) inside[filled++] = enhancing[i]
    const threshold = count > 0 ? quantile(inside, 1 - plan.enhancingShare) : 0
    for (let i = 0; i < core.length; i++) if (core[i] < FAR) enhancing[i] -= threshold
  } else {
    enhancing.fill(-FAR)
  }
  return { core, enhancing }
}
