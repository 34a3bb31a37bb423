import type { DistillationStrategy } from './distillationStrategy.ts'
import { statelessDistillation } from './statelessDistillation.ts'
import { voxelDivergence, voxelRows } from './voxelDivergence.ts'

/**
 * Knowledge distillation of the class logits (Hinton et al. 2015, arXiv 1503.02531):
 * T² · mean over voxels of KL(softmax(t / T) ‖ softmax(s / T)). T² keeps the gradient's size independent of T.
 * Reads the finest output alone and no label.
 */
export const logitsDistillation = (temperature: number, weight: number): DistillationStrategy =>
  statelessDistillation(true, [], ({ student, teacher }) => {
    const divergence = voxelDivergence(
      voxelRows(teacher!.logits[0]),
      voxelRows(student.logits[0]),
      temperature,
    )
    const kd = divergence
      .mean()
      .mul(temperature * temperature)
      .asScalar()
    return { total: kd.mul(weight), terms: { kd } }
  })
