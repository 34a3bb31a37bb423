import type { VoxelWeighting } from '../../contract/index.ts'
import type { tf } from '../tensor.ts'
import type { DistillationInput } from './distillationStrategy.ts'
import { stopGradient } from './stopGradient.ts'
import { voxelClasses } from './voxelClasses.ts'
import { voxelDivergence, voxelRows } from './voxelDivergence.ts'
import { voxelWeights } from './voxelWeights.ts'

export interface DivergenceOptions {
  /** T > 0. */
  readonly temperature: number
  readonly weighting: VoxelWeighting
}

/**
 * T² · Σ over voxels of w · KL(softmax(t / T) ‖ softmax(s / T)) at the finest output, with the weights of
 * `voxelWeights`, which make the sum a mean. Reads the label only where the weighting does.
 *
 * @param classes one-hot B×D×H×W×C where the caller has them already
 */
export function meanDivergence(
  input: DistillationInput,
  { temperature, weighting }: DivergenceOptions,
  classes?: tf.Tensor5D,
): tf.Scalar {
  const teacherLogits = stopGradient(input.teacher!.logits[0])
  const divergence = voxelDivergence(
    voxelRows(teacherLogits),
    voxelRows(input.student.logits[0]),
    temperature,
  )
  const trust = input.trust ?? null
  // The plain mean is what every step of the commonest choice computes: no weights to make for it.
  const isPlain = weighting === 'uniform' && trust === null
  const mean = isPlain
    ? divergence.mean()
    : divergence
        .mul(
          voxelWeights(weighting, {
            teacherLogits,
            classes: classes ?? voxelClasses(input.labels, teacherLogits),
            trust,
          }),
        )
        .sum()
  return mean.mul(temperature * temperature).asScalar()
}
