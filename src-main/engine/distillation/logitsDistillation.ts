import type { VoxelWeighting } from '../../contract/index.ts'
import type { DistillationStrategy } from './distillationStrategy.ts'
import { meanDivergence } from './meanDivergence.ts'
import { statelessDistillation } from './statelessDistillation.ts'

/**
 * Knowledge distillation of the class logits (Hinton et al. 2015, arXiv 1503.02531):
 * T² · mean over voxels of KL(softmax(t / T) ‖ softmax(s / T)). T² keeps the gradient's size independent of T.
 * Reads the finest output alone, and a label only for the weightings that need one.
 */
export const logitsDistillation = (
  temperature: number,
  weight: number,
  weighting: VoxelWeighting,
): DistillationStrategy =>
  statelessDistillation(true, [], (input) => {
    const kd = meanDivergence(input, { temperature, weighting })
    return { total: kd.mul(weight), terms: { kd } }
  })
