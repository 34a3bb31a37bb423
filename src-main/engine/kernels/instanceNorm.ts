import { tf } from '../tensor.ts'
import { hasKernel } from './hasKernel.ts'
import { INSTANCE_NORM, INSTANCE_NORM_GRADIENT } from './wasm/index.ts'
import { withGradient } from './withGradient.ts'

/** Added to the variance, as in PyTorch and nnU-Net. */
export const INSTANCE_NORM_EPSILON = 1e-5

/**
 * Instance normalisation over D, H, W of every sample and channel, then scale and shift, then leaky ReLU; one fused
 * operation with its exact gradient. With n = D·H·W, μ and σ² the (biased) moments of one sample and channel:
 *
 *     x̂ = (x − μ) / √(σ² + ε),  z = γ x̂ + β,  y = z > 0 ? z : slope · z
 *     dx = γ / √(σ² + ε) · (dz − mean(dz) − x̂ · mean(dz · x̂)),  dγ = Σ dz · x̂,  dβ = Σ dz
 *
 * @param x B×D×H×W×C
 * @param gamma C
 * @param beta C
 * @param leakySlope slope for negative values; null leaves the activation out
 * @returns B×D×H×W×C
 */
export function instanceNorm(
  x: tf.Tensor5D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  leakySlope: number | null,
): tf.Tensor5D {
  if (hasKernel(INSTANCE_NORM)) return fusedInstanceNorm(x, gamma, beta, leakySlope ?? 1)
  const [batch, depth, height, width, channels] = x.shape
  const folded: [number, number, number] = [batch, depth * height * width, channels]
  return withGradient<tf.Tensor5D>([x, gamma, beta], (input, scale, shift) => {
    const [y, mean, inverseDeviation] = tf.tidy(() => {
      const x3 = input!.reshape(folded)
      const mu = x3.mean(1, true)
      const inverse = tf.squaredDifference(x3, mu).mean(1, true).add(INSTANCE_NORM_EPSILON).rsqrt()
      const slope = inverse.mul(scale!)
      const z = x3.sub(mu).mul(slope).add(shift!)
      return [activate(z, leakySlope).reshape(x.shape), mu, inverse]
    })
    return {
      value: y!,
      saved: [input!, scale!, shift!, mean!, inverseDeviation!],
      gradient: (dy, saved) => instanceNormGradient(dy, saved, folded, leakySlope),
    }
  })
}

/**
 * The same through the backend's own kernels. What they keep from the forward pass is their own affair; y is handed over
 * as well, because its sign is the activation's.
 */
function fusedInstanceNorm(
  x: tf.Tensor5D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  slope: number,
): tf.Tensor5D {
  const attributes = { epsilon: INSTANCE_NORM_EPSILON, slope }
  return withGradient<tf.Tensor5D>([x, gamma, beta], (input, scale, shift) => {
    const [y, ...state] = tf
      .engine()
      .runKernel(
        INSTANCE_NORM,
        { x: input!, gamma: scale!, beta: shift! },
        attributes,
      ) as tf.Tensor[]
    return {
      value: y!,
      saved: [input!, scale!, shift!, ...(slope === 1 ? [] : [y!]), ...state],
      gradient: (dy, saved) => {
        const [xSaved, gammaSaved, betaSaved, ...kept] = saved
        const ySaved = slope === 1 ? dy : kept.shift()!
        const stateInputs = Object.fromEntries(kept.map((tensor, i) => [`state${i}`, tensor]))
        const inputs = { x: xSaved!, gamma: gammaSaved!, beta: betaSaved!, y: ySaved, dy }
        return tf
          .engine()
          .runKernel(
            INSTANCE_NORM_GRADIENT,
            { ...inputs, ...stateInputs },
            attributes,
          ) as tf.Tensor[]
      },
    }
  })
}

/** Every operation here is a pass over the whole tensor, unless its result is B×1×C: those are kept few. */
function instanceNormGradient(
  dy: tf.Tensor,
  saved: readonly tf.Tensor[],
  folded: [number, number, number],
  leakySlope: number | null,
): tf.Tensor[] {
  const [x, gamma, beta, mean, inverseDeviation] = saved
  return tf.tidy(() => {
    const centred = x!.reshape(folded).sub(mean!)
    const slope = inverseDeviation!.mul(gamma!)
    const dy3 = dy.reshape(folded)
    const dz =
      leakySlope === null
        ? dy3
        : tf.where(centred.mul(slope).add(beta!).greater(0), dy3, dy3.mul(leakySlope))
    const sum = dz.sum(1, true)
    const weighted = dz.mul(centred).sum(1, true).mul(inverseDeviation!)
    const share = slope.div(-folded[1])
    const dx = dz
      .mul(slope)
      .add(centred.mul(weighted.mul(inverseDeviation!).mul(share)))
      .add(sum.mul(share))
    return [dx.reshape(x!.shape), weighted.sum([0, 1]), sum.sum([0, 1])]
  })
}

function activate(z: tf.Tensor, leakySlope: number | null): tf.Tensor {
  return leakySlope === null ? z : tf.leakyRelu(z, leakySlope)
}
