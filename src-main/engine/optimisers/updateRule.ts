import type { ParameterUpdates, UpdatedParameter } from '../kernels/index.ts'
import type { tf } from '../tensor.ts'

/** What a rule sees of one update. All vectors are flat, parameter after parameter. */
export interface Update {
  readonly weights: tf.Tensor1D
  /** After clipping. */
  readonly gradient: tf.Tensor1D
  readonly moments: readonly tf.Tensor1D[]
  /** 1 where weight decay acts; null where it acts nowhere. */
  readonly decays: tf.Tensor1D | null
  readonly learningRate: number
  /** Number of this update, from 1. */
  readonly count: number
}

/** How weights follow their gradients, once composed of tensor operations and once as kernels of the backend's own. */
export interface UpdateRule {
  /** One letter a moment: checkpoints store them under it. */
  readonly momentNames: readonly string[]
  /** Runs inside of a tidy. `change` is subtracted from the weights. */
  compose(update: Update): { readonly moments: tf.Tensor1D[]; readonly change: tf.Tensor }
  /** The same bits, with weights and moments in place. */
  fuse(
    kernels: ParameterUpdates,
    parameters: readonly UpdatedParameter[],
    update: Pick<Update, 'moments' | 'learningRate' | 'count'> & { readonly clip: number },
  ): void
}
