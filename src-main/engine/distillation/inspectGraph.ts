import { tf } from '../tensor.ts'
import type { DistillationInput, DistillationStrategy } from './distillationStrategy.ts'
import { isGraphDistillation } from './graphDistillation.ts'
import { unitLength } from './graphEdges.ts'
import { voxelClasses } from './voxelClasses.ts'

/** The graph over one layer of one sample, as plain numbers. */
export interface GraphLayerView {
  readonly layer: string
  /** Cosine of the student's prediction of node i with the teacher's node j, N×N row-major; null if either is absent. */
  readonly similarities: readonly (readonly (number | null)[])[]
  /** The teacher's node each student node is nearest to; null for an absent node. */
  readonly nearest: readonly (number | null)[]
}

export interface GraphView {
  /** Cells along z, y, x; node index = (z · cells_y + y) · cells_x + x. Null where nodes are classes. */
  readonly grid: readonly [number, number, number] | null
  readonly present: readonly boolean[]
  readonly touchesTumour: readonly boolean[]
  readonly layers: readonly GraphLayerView[]
}

/**
 * What the student has learned from where: similarities between its nodes and the teacher's for one sample of
 * a batch. Null for strategies that build no graph. For the released loss the snapshot shows the features after
 * one draw of its random edges, and the stream of edges is put back as it was.
 *
 * @param sample index in the batch
 */
export function inspectGraph(
  strategy: DistillationStrategy,
  input: DistillationInput,
  sample = 0,
): GraphView | null {
  if (!isGraphDistillation(strategy)) return null
  const { layers, sampler, convolution } = strategy.parts
  const before = new Map(convolution.state())
  const { cosines, presence, touches } = tf.tidy(() => {
    const pass = strategy.forward(input)
    const classes = pass.classes ?? voxelClasses(input.labels, input.teacher!.logits[0])
    const similarity = layers.map((_, layer) =>
      tf.matMul(
        unitLength(pass.readout.student[layer]),
        unitLength(pass.readout.teacher[layer]),
        false,
        true,
      ),
    )
    return { cosines: similarity, presence: pass.presence, touches: sampler.touchesTumour(classes) }
  })
  convolution.restore(before)
  const present = flags(presence, sample)
  const snapshot = {
    grid: sampler.grid,
    present,
    touchesTumour: flags(touches, sample),
    layers: layers.map((layer, index) => {
      const rows = (cosines[index].arraySync() as number[][][])[sample]
      const similarities = rows.map((row, i) =>
        row.map((value, j) => (present[i] && present[j] ? value : null)),
      )
      return { layer, similarities, nearest: similarities.map(indexOfLargest) }
    }),
  }
  tf.dispose([...cosines, presence, touches])
  return snapshot
}

const flags = (values: tf.Tensor2D, sample: number): boolean[] =>
  values.arraySync()[sample].map((value) => value > 0)

function indexOfLargest(row: readonly (number | null)[]): number | null {
  let best: number | null = null
  row.forEach((value, j) => {
    if (value !== null && (best === null || value > row[best]!)) best = j
  })
  return best
}
