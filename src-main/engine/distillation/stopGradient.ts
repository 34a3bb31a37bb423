import { tf } from '../tensor.ts'

/** The same values, as a constant: nothing flows back through the result. */
export const stopGradient = <T extends tf.Tensor>(x: T): T =>
  tf.customGrad((value) => ({
    value: (value as T).clone(),
    gradFunc: (dy) => tf.zerosLike(dy),
  }))(x) as T
