import { LABELS, SEQUENCES, type Sequence, type VolumesMl } from '../../contract/index.ts'
import { randomStream } from '../random/randomStream.ts'
import { createAnatomy } from './anatomy.ts'
import { addDistractors } from './distractors.ts'
import { createHeadBox, type HeadBox } from './headBox.ts'
import { createHeadGrid } from './headGrid.ts'
import { createNoiseField } from './noiseField.ts'
import { renderSequence } from './renderSequence.ts'
import { coverage } from './signedDistances.ts'
import { drawSubject } from './subject.ts'
import type { SyntheticCase, SyntheticCaseOptions } from './syntheticCase.ts'
import { createTissueMaps } from './tissueMaps.ts'
import { growTumour } from './tumourFields.ts'
import { cutLabels } from './tumourLabels.ts'
import { drawTumourPlan } from './tumourPlan.ts'
import { growOedema, tumourShares } from './tumourShares.ts'

/** Changes whenever the same options give other voxels. */
export const GENERATOR_VERSION = '1.0.0'

function inUnitInterval(name: string, value: number): number {
  if (!(value >= 0 && value <= 1)) throw new RangeError(`${name} must lie in 0…1, got ${value}`)
  return value
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
  const blotches = createNoiseField(textureStream.fork('blotches'), 7)
  const specks = createNoiseField(textureStream.fork('specks'), 2.8)
  const texture = {
    mottle: (x: number, y: number, z: number) => 0.75 * blotches(x, y, z) + 0.65 * specks(x, y, z),
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
