import { GRAPH_NEIGHBOURS, type GraphSnapshot, type Sequence } from '../../contract/index.ts'
import { interleave, type Patch } from '../data/index.ts'
import { inspectGraph, type GraphView } from '../distillation/index.ts'
import { tf } from '../tensor.ts'
import { labelledPatches, type Batch, type BatchSource } from './batchSource.ts'
import { observeTeacher, spokenLabels } from './trainStep.ts'
import type { TrainingState } from './trainingState.ts'

/** How many unaugmented batches are looked through for a patch that shows tumour. */
const LOOKED_AT = 8

/** A patch with less tumour than this share of its voxels tells little about it. */
const ENOUGH_TUMOUR = 0.005

/** Edge of a picture's slice at most. */
const PICTURE_EDGE = 64

/** Grey values of normalised intensity that become black and white. */
const WINDOW = { low: -2, high: 3 }

/**
 * Which teacher nodes the student's nodes resemble, for one training patch without augmentation: the same one at every
 * call of a run, with tumour where one of the first batches has it. Null for strategies that build no graph.
 */
export async function graphSnapshot(
  state: TrainingState,
  batches: Pick<BatchSource, 'observe'>,
): Promise<GraphSnapshot | null> {
  const { strategy } = state.plan.distillation
  if (strategy !== 'gkd' && strategy !== 'gkd-published') return null
  const { batch, item } = await patchWithTumour(batches)
  const patch = batch.patches[item]
  const single: Batch = { ...batch, patches: [patch], isLabelled: patch.labels !== null }
  const view = viewOf(state, single)
  if (!view) return null
  const sequence = state.plan.sequences[0]
  return {
    caseName: batch.caseNames[item].slice(0, 200),
    grid: view.grid ? [...view.grid] : null,
    present: [...view.present],
    touchesTumour: [...view.touchesTumour],
    layers: view.layers.map(({ layer, similarities }) => ({
      name: layer,
      own: similarities.map((row, i) => (row[i] === null ? null : rounded(row[i]))),
      edges: similarities.flatMap((row, i) =>
        nearestNodes(row).map(([j, cosine]): [number, number, number] => [i, j, rounded(cosine)]),
      ),
    })),
    picture: view.grid ? pictureOf(patch, batch.sequences, sequence, view.grid[0]) : null,
  }
}

async function patchWithTumour(
  batches: Pick<BatchSource, 'observe'>,
): Promise<{ batch: Batch; item: number }> {
  const first = await batches.observe(0)
  for (let index = 0; index < LOOKED_AT; index++) {
    const batch = index === 0 ? first : await batches.observe(index)
    for (let item = 0; item < labelledPatches(batch); item++) {
      const labels = batch.patches[item].labels!
      const tumour = labels.reduce((count, label) => count + (label > 0 ? 1 : 0), 0)
      if (tumour > ENOUGH_TUMOUR * labels.length) return { batch, item }
    }
  }
  return { batch: first, item: 0 }
}

function viewOf(state: TrainingState, batch: Batch): GraphView | null {
  const { plan, network, guide, step } = state
  const [width, height, depth] = plan.patchSize
  let view: GraphView | null = null
  tf.tidy(() => {
    const teacher = observeTeacher(state, batch)
    const values = interleave(batch.patches, batch.sequences, plan.sequences)
    const images = tf.tensor5d(values, [1, depth, height, width, plan.sequences.length])
    const student = network.forward(images)
    const labels = spokenLabels(batch, plan.patchSize, teacher)
    view = inspectGraph(guide, { step, totalSteps: plan.steps, student, teacher, labels })
  })
  return view
}

/** The teacher nodes a student node resembles most, nearest first. */
function nearestNodes(row: readonly (number | null)[]): [number, number][] {
  return row
    .flatMap((cosine, j): [number, number][] => (cosine === null ? [] : [[j, cosine]]))
    .sort((a, b) => b[1] - a[1])
    .slice(0, GRAPH_NEIGHBOURS)
}

const rounded = (cosine: number): number => Math.round(1000 * cosine) / 1000

/** The middle slice of each row of cells along z, thinned to a small picture. */
function pictureOf(
  { channels, size }: Patch,
  available: readonly Sequence[],
  sequence: Sequence,
  slices: number,
): GraphSnapshot['picture'] {
  const [nx, ny, nz] = size
  const stride = Math.ceil(Math.max(nx, ny) / PICTURE_EDGE)
  const [width, height] = [Math.ceil(nx / stride), Math.ceil(ny / stride)]
  const channel = channels[available.indexOf(sequence)]
  const bytes = new Uint8Array(slices * width * height)
  let at = 0
  for (let slice = 0; slice < slices; slice++) {
    const k = Math.min(nz - 1, Math.floor(((slice + 0.5) * nz) / slices))
    for (let j = 0; j < ny; j += stride) {
      for (let i = 0; i < nx; i += stride) {
        const value = channel[i + nx * (j + ny * k)]
        const share = (value - WINDOW.low) / (WINDOW.high - WINDOW.low)
        // Exactly 0 is outside of the head, which a reader expects black.
        bytes[at++] = value === 0 ? 0 : Math.round(255 * Math.min(1, Math.max(0, share)))
      }
    }
  }
  return { sequence, slices, width, height, base64: Buffer.from(bytes).toString('base64') }
}
