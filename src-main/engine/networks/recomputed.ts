import { withGradient } from '../kernels/index.ts'
import { tf } from '../tensor.ts'
import type { Parameters } from './parameters.ts'

/**
 * A stretch of a network: a pure function of feature maps and of the parameters whose names begin with one of its own. One
 * that it reads and does not name gets no gradient.
 */
export type Stretch = (
  names: readonly string[],
  inputs: readonly tf.Tensor5D[],
  compute: (...inputs: tf.Tensor5D[]) => tf.Tensor5D,
) => tf.Tensor5D

/** Runs stretch after stretch, each recomputed in the backward pass where `checkpointing` says so. */
export function stretchesOf(parameters: Parameters, checkpointing: boolean): Stretch {
  if (!checkpointing) return (_names, inputs, compute) => compute(...inputs)
  return (names, inputs, compute) => {
    const own = [...parameters].filter(([parameter]) =>
      names.some((name) => parameter.startsWith(`${name}.`)),
    )
    return recomputed(
      inputs,
      own.map(([, variable]) => variable),
      compute,
    )
  }
}

/**
 * Gradient checkpointing (Chen et al. 2016): a stretch of a network of which only the inputs are kept. Its forward pass
 * leaves no trace on the tape; the backward pass computes it again, on a tape of its own that is gone when the gradients
 * are there. Costs one more forward pass.
 *
 * @param inputs what `compute` takes, and what gradients are wanted for
 * @param variables everything trainable that `compute` reads
 * @param compute pure: the same values whenever it is called
 */
function recomputed(
  inputs: readonly tf.Tensor5D[],
  variables: readonly tf.Variable[],
  compute: (...inputs: tf.Tensor5D[]) => tf.Tensor5D,
): tf.Tensor5D {
  const count = inputs.length
  const again = (...values: tf.Tensor[]): tf.Tensor =>
    compute(...(values.slice(0, count) as tf.Tensor5D[]))
  return withGradient<tf.Tensor5D>([...inputs, ...variables], (...values) => ({
    value: again(...values),
    saved: values.slice(0, count),
    gradient: (dy, saved) => besideTheTape(() => tf.grads(again)([...saved, ...variables], dy)),
  }))
}

/** TensorFlow.js has one tape at a time, and a backward pass within a backward pass would end the outer one's. */
function besideTheTape<T>(act: () => T): T {
  const { state } = tf.engine()
  const outer = state.activeTape
  try {
    return act()
  } finally {
    state.activeTape = outer
  }
}
