import type { VoxelWeighting } from '../../contract/index.ts'
import type { tf } from '../tensor.ts'
import type { DistillationStrategy } from './distillationStrategy.ts'
import { meanDivergence } from './meanDivergence.ts'
import { softDiceLoss } from './softDice.ts'
import { statelessDistillation } from './statelessDistillation.ts'

/**
 * Knowledge distillation of the class logits (Hinton et al. 2015, arXiv 1503.02531):
 * T² · mean over voxels of KL(softmax(t / T) ‖ softmax(s / T)). T² keeps the gradient's size independent of T.
 * Reads the finest output alone, and a label only for the weightings that need one. With `diceWeight` the overlap of
 * `softDiceLoss` is added, so that guidance has the form of the segmentation loss.
 */
export const logitsDistillation = (
  temperature: number,
  weight: number,
  weighting: VoxelWeighting,
  diceWeight = 0,
): DistillationStrategy =>
  statelessDistillation(true, [], (input) => {
    const kd = meanDivergence(input, { temperature, weighting })
    const total = kd.mul<tf.Scalar>(weight)
    const terms: Record<string, tf.Scalar> = { kd }
    if (diceWeight === 0) return { total, terms }
    terms.overlap = softDiceLoss(input)
    return { total: total.add(terms.overlap.mul(diceWeight)), terms }
  })
