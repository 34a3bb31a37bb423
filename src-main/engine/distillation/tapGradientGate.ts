import type { TapSplitter } from '../networks/networkOutput.ts'
import { tf } from '../tensor.ts'
import type { TapGradientNorms } from './distillationStrategy.ts'

/** Keeps the ratio of norms finite where nothing comes back through a tap. */
const SMALLEST_NORM = 1e-30

/** Caps, at every tap, the gradient of the distillation by the gradient of the rest of the network. */
export interface TapGradientGate {
  readonly split: TapSplitter
  /** Norms of the last backward pass by tap. */
  norms(): Record<string, TapGradientNorms>
  dispose(): void
}

/**
 * Opens a gate. With g the gradient that arrives at a tap's features along the network and d the one that
 * arrives from the terms that read the tap, both over the whole batch, g + d · min(1, ‖g‖ / ‖d‖) goes on.
 *
 * Both paths leave the features through an identity of their own. The backward pass visits operations in
 * reverse order of the forward pass, so the identity made second (`main`) has seen the whole of g before the
 * one made first (`tap`) is asked for d: one backward pass suffices, no second one and no lag of a step.
 * g of a coarse tap contains the capped d of finer taps, which flows through it on its way to the input.
 *
 * @param taps names to gate; other features pass untouched
 */
export function tapGradientGate(taps: readonly string[]): TapGradientGate {
  const gated = new Set(taps)
  const records = new Map<string, tf.Tensor1D>()

  const record = (name: string, values: tf.Scalar[]): void => {
    records.get(name)?.dispose()
    records.set(name, tf.keep(tf.stack(values) as tf.Tensor1D))
  }

  const split: TapSplitter = (name, features) => {
    if (!gated.has(name)) return { main: features, tap: features }
    let networkNorm: tf.Scalar | null = null
    const tap = identity(features, (d) => {
      const distillationNorm = norm(d)
      const scale = networkNorm
        ? (tf.minimum(1, networkNorm.div(distillationNorm.maximum(SMALLEST_NORM))) as tf.Scalar)
        : tf.scalar(1)
      record(name, [networkNorm ?? tf.scalar(0), distillationNorm, scale])
      return d.mul(scale)
    })
    const main = identity(features, (g) => {
      networkNorm = norm(g)
      return g.clone()
    })
    return { main, tap }
  }

  return {
    split,
    norms: () =>
      Object.fromEntries(
        [...records].map(([name, values]) => {
          const [network, distillation, scale] = values.dataSync()
          return [name, { network, distillation, scale }]
        }),
      ),
    dispose: () => {
      for (const values of records.values()) values.dispose()
      records.clear()
    },
  }
}

const norm = (x: tf.Tensor): tf.Scalar => x.square().sum().sqrt() as tf.Scalar

const identity = (x: tf.Tensor5D, gradient: (dy: tf.Tensor5D) => tf.Tensor5D): tf.Tensor5D =>
  tf.customGrad((value) => ({
    value: (value as tf.Tensor5D).clone(),
    gradFunc: (dy) => gradient(dy as tf.Tensor5D),
  }))(x) as tf.Tensor5D
