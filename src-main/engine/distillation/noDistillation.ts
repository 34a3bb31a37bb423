import { tf } from '../tensor.ts'
import type { DistillationStrategy } from './distillationStrategy.ts'
import { statelessDistillation } from './statelessDistillation.ts'

/** The student learns from the labels alone. */
export const noDistillation = (): DistillationStrategy =>
  statelessDistillation(false, [], () => ({ total: tf.scalar(0), terms: {} }))
