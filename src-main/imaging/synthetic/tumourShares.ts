import type { HeadBox } from './headBox.ts'
import type { NoiseField } from './noiseField.ts'
import { spreadOedema } from './oedema.ts'
import type { TumourMaps } from './renderSequence.ts'
import { coverage, smoothStep } from './signedDistances.ts'
import type { TissueMaps } from './tissueMaps.ts'
import type { TumourFields } from './tumourFields.ts'
import type { LabelFields } from './tumourLabels.ts'
import type { TumourPlan } from './tumourPlan.ts'

/** Width of the oedema's edge, mm of white matter. */
const OEDEMA_EDGE_MM = 3
/** How much fainter oedema is at its outer edge. */
const OEDEMA_FADE = 0.35

/** How readily oedema passes: fast along white matter, slowly into grey, never through fluid. */
function oedemaSpeed(tissue: TissueMaps, box: HeadBox, uneven: NoiseField): Float32Array {
  const speed = new Float32Array(box.count)
  const [sx, sy] = box.size
  for (let i = 0; i < box.count; i++) {
    if (tissue.cerebrum[i] < 0.5) continue
    const pace = tissue.white[i] + 0.3 * tissue.deepGrey[i] + 0.16 * tissue.grey[i]
    if (pace < 0.05 || tissue.csf[i] > 0.6) continue
    const a = i % sx
    const b = Math.floor(i / sx) % sy
    const c = Math.floor(i / (sx * sy))
    const s = box.spacingMm
    speed[i] = pace * Math.exp(0.3 * uneven(a * s, b * s, c * s))
  }
  return speed
}

/** Shares of core, enhancing core and oedema, with partial volume. */
export function tumourShares(fields: LabelFields, tissue: TissueMaps, box: HeadBox): TumourMaps {
  const core = new Float32Array(box.count)
  const enhancing = new Float32Array(box.count)
  const oedema = new Float32Array(box.count)
  const edge = Math.max(1.5, box.spacingMm)
  for (let i = 0; i < box.count; i++) {
    if (tissue.mask[i] === 0) continue
    core[i] = coverage(fields.core[i], edge)
    if (core[i] > 0) enhancing[i] = coverage(-fields.enhancing[i], 1.6 * edge)
    const time = fields.oedemaTime[i]
    const reach = fields.oedemaReachMm
    if (time < reach + OEDEMA_EDGE_MM) {
      const present = smoothStep(reach + OEDEMA_EDGE_MM, reach - OEDEMA_EDGE_MM, time)
      const faded = 1 - OEDEMA_FADE * Math.min(1, time / reach)
      oedema[i] = present * faded * fields.oedemaRoom[i]
    }
  }
  return { core, enhancing, oedema }
}

/** Lets oedema spread from a grown core; `uneven` makes some white matter quicker than other. */
export function growOedema(
  plan: TumourPlan,
  core: TumourFields,
  tissue: TissueMaps,
  box: HeadBox,
  uneven: NoiseField,
): LabelFields {
  const speed = oedemaSpeed(tissue, box, uneven)
  const oedemaTime = spreadOedema(box, core.core, speed, plan.oedemaReachMm + 6)
  const oedemaRoom = new Float32Array(box.count)
  for (let i = 0; i < box.count; i++) {
    if (oedemaTime[i] === Infinity) continue
    oedemaRoom[i] = Math.max(
      0,
      1 - tissue.csf[i] - 0.75 * tissue.grey[i] - 0.5 * tissue.deepGrey[i],
    )
  }
  return { ...core, oedemaTime, oedemaRoom, oedemaReachMm: plan.oedemaReachMm }
}
