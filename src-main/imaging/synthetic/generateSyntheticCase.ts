import { LABELS, SEQUENCES, type Sequence, type VolumesMl } from '../../contract/index.ts'
import { randomStream } from '../random/randomStream.ts'
import { createAnatomy } from './anatomy.ts'
import { addDistractors } from './distractors.ts'
import { createHeadBox, type HeadBox } from './headBox.ts'
import { createHeadGrid } from './headGrid.ts'
import { createNoiseField } from './noiseField.ts'
import { spreadOedema } from './oedema.ts'
import { renderSequence, type TumourMaps } from './renderSequence.ts'
import { coverage, smoothStep } from './signedDistances.ts'
import { drawSubject } from './subject.ts'
import type { SyntheticCase, SyntheticCaseOptions } from './syntheticCase.ts'
import { createTissueMaps, type TissueMaps } from './tissueMaps.ts'
import { growTumour, type TumourFields } from './tumourFields.ts'
import { cutLabels, type LabelFields } from './tumourLabels.ts'
import { drawTumourPlan, type TumourPlan } from './tumourPlan.ts'

/** Changes whenever the same options give other voxels. */
export const GENERATOR_VERSION = '1.0.0'

/** Width of the oedema's edge, mm of white matter. */
const OEDEMA_EDGE_MM = 3
/** How much fainter oedema is at its outer edge. */
const OEDEMA_FADE = 0.35

function inUnitInterval(name: string, value: number): number {
  if (!(value >= 0 && value <= 1)) throw new RangeError(`${name} must lie in 0…1, got ${value}`)
  return value
}

/** How readily oedema passes: fast along white matter, slowly into grey, never through fluid. */
function oedemaSpeed(
  tissue: TissueMaps,
  box: HeadBox,
  seedField: (x: number, y: number, z: number) => number,
): Float32Array {
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
    speed[i] = pace * Math.exp(0.3 * seedField(a * s, b * s, c * s))
  }
  return speed
}

/** Shares of core, enhancing core and oedema, with partial volume. */
function tumourShares(fields: LabelFields, tissue: TissueMaps, box: HeadBox): TumourMaps {
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

function toGrid<T extends Int16Array | Uint8Array>(
  from: T,
  to: T,
  box: HeadBox,
  nx: number,
  ny: number,
): T {
  const [sx, sy, sz] = box.size
  for (let c = 0; c < sz; c++) {
    for (let b = 0; b < sy; b++) {
      const source = sx * (b + sy * c)
      to.set(
        from.subarray(source, source + sx),
        box.low[0] + nx * (b + box.low[1] + ny * (c + box.low[2])),
      )
    }
  }
  return to
}

function measureVolumes(labels: Uint8Array, voxelMl: number): VolumesMl {
  const counts = [0, 0, 0, 0]
  for (const label of labels) counts[label]++
  const necrosis = counts[LABELS.necrosis] * voxelMl
  const edema = counts[LABELS.edema] * voxelMl
  const enhancing = counts[LABELS.enhancing] * voxelMl
  return {
    necrosis,
    edema,
    enhancing,
    WT: necrosis + edema + enhancing,
    TC: necrosis + enhancing,
    ET: enhancing,
  }
}

/** Oedema fields around a grown core; healthy where the plan has no focus. */
function growOedema(
  plan: TumourPlan,
  core: TumourFields,
  tissue: TissueMaps,
  box: HeadBox,
  field: (x: number, y: number, z: number) => number,
): LabelFields {
  const speed = oedemaSpeed(tissue, box, field)
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

/**
 * Draws one synthetic glioma study: four skull-stripped sequences on one grid and the labelmap that made them.
 * Pure: the same options give the same bits. docs/synthetic-cohort.md has the model.
 *
 * @throws RangeError where dims, kappa or labelNoise are out of range
 */
export function generateSyntheticCase(options: SyntheticCaseOptions): SyntheticCase {
  const kappa = inUnitInterval('kappa', options.kappa)
  const labelNoise = inUnitInterval('labelNoise', options.labelNoise ?? 0)
  const scanner = { contrast: 1, bias: 1, noise: 1, ...options.scanner }
  const head = createHeadGrid(options.dims)
  const box = createHeadBox(head)
  const root = randomStream(options.seed, `synthetic/${options.index}`)

  const subject = drawSubject(root.fork('subject'))
  const anatomy = createAnatomy(subject, root.fork('anatomy'), box.spacingMm)
  const plan = drawTumourPlan(root.fork('tumour'), anatomy, kappa)
  const tissue = createTissueMaps(anatomy, plan, box)
  const grown = growTumour(plan, root.fork('growth'), box, tissue.cerebrum, kappa)
  const distractors = addDistractors(root.fork('distractors'), box, tissue, subject.ageing)
  const unevenPath = createNoiseField(root.fork('oedema'), 7)
  const fields = growOedema(plan, grown, tissue, box, unevenPath)
  const tumour = tumourShares(fields, tissue, box)

  const textureStream = root.fork('texture')
  const texture = {
    mottle: createNoiseField(textureStream.fork('mottle'), 5),
    grain: createNoiseField(textureStream.fork('grain'), 1.8),
    uptake: createNoiseField(textureStream.fork('uptake'), 3),
    flairOffset: textureStream.between(-0.3, 0.2),
  }

  const scene = { box, tissue, tumour, texture, kappa, scanner }
  const [nx, ny] = head.grid.dims
  const gridCount = nx * ny * head.grid.dims[2]
  const draw = (sequence: Sequence): Int16Array =>
    toGrid(
      renderSequence(sequence, root.fork(sequence), scene),
      new Int16Array(gridCount),
      box,
      nx,
      ny,
    )
  const images = Object.fromEntries(SEQUENCES.map((name) => [name, draw(name)])) as Record<
    Sequence,
    Int16Array
  >
  const trueBox = cutLabels(fields, box, 0, root.fork('labels'))
  const trueLabels = toGrid(trueBox, new Uint8Array(gridCount), box, nx, ny)
  const labels =
    labelNoise === 0
      ? trueLabels
      : toGrid(
          cutLabels(fields, box, labelNoise, root.fork('labels')),
          new Uint8Array(gridCount),
          box,
          nx,
          ny,
        )

  const voxelMl = box.spacingMm ** 3 / 1000
  let ventricles = 0
  let brain = 0
  for (let i = 0; i < box.count; i++) {
    if (tissue.mask[i] === 0) continue
    brain++
    ventricles += coverage(tissue.ventricle[i], box.spacingMm)
  }
  return {
    images,
    labels,
    trueLabels,
    grid: head.grid,
    description: {
      kind: plan.kind,
      foci: plan.foci.map((focus) => ({
        centreMm: [focus.centreMm[0], focus.centreMm[1], focus.centreMm[2]],
        radiusMm: focus.radiusMm,
      })),
      side: plan.foci[0].centreMm[0] > 0 ? 'left' : 'right',
      enhancingShare: plan.enhancingShare,
      oedemaReachMm: plan.oedemaReachMm,
      massEffect: plan.massEffect,
      ageing: subject.ageing,
      distractors,
      volumesMl: measureVolumes(trueLabels, voxelMl),
      ventriclesMl: ventricles * voxelMl,
      brainMl: brain * voxelMl,
    },
  }
}
