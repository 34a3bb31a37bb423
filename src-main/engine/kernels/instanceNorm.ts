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
      const inverse = x3.sub(mu).square().mean(1, true).add(INSTANCE_NORM_EPSILON).rsqrt()
      const z = x3.sub(mu).mul(inverse).mul(scale!).add(shift!)
      return [activate(z, leakySlope).reshape(x.shape), mu, inverse]
    })
    return {
      value: y!,
      saved: [input!, scale!, shift!, mean!, inverseDeviation!],
      gradient: (dy, saved) => instanceNormGradient(dy, saved, folded, leakySlope),
    }
  })
}

/** The same through the backend's own kernels, which read x twice forwards and twice backwards and write once. */
function fusedInstanceNorm(
  x: tf.Tensor5D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  slope: number,
): tf.Tensor5D {
  const attributes = { epsilon: INSTANCE_NORM_EPSILON, slope }
  return withGradient<tf.Tensor5D>([x, gamma, beta], (input, scale, shift) => {
    const [y, moments] = tf
      .engine()
      .runKernel(
        INSTANCE_NORM,
        { x: input!, gamma: scale!, beta: shift! },
        attributes,
      ) as tf.Tensor[]
    return {
      value: y!,
      saved: [input!, scale!, shift!, moments!],
      gradient: (dy, saved) =>
        tf
          .engine()
          .runKernel(
            INSTANCE_NORM_GRADIENT,
            { x: saved[0]!, gamma: saved[1]!, beta: saved[2]!, moments: saved[3]!, dy },
            attributes,
          ) as tf.Tensor[],
    }
  })
}

function instanceNormGradient(
  dy: tf.Tensor,
  saved: readonly tf.Tensor[],
  folded: [number, number, number],
  leakySlope: number | null,
): tf.Tensor[] {
  const [x, gamma, beta, mean, inverseDeviation] = saved
  const channels = folded[2]
  return tf.tidy(() => {
    const normalised = x!.reshape(folded).sub(mean!).mul(inverseDeviation!)
    const z = normalised.mul(gamma!).add(beta!)
    const dz = activationGradient(dy.reshape(folded), z, leakySlope)
    const dzNormalised = dz.mul(normalised)
    const dx = dz
      .sub(dz.mean(1, true))
      .sub(normalised.mul(dzNormalised.mean(1, true)))
      .mul(inverseDeviation!.mul(gamma!))
    return [
      dx.reshape(x!.shape),
      dzNormalised.reshape([-1, channels]).sum(0),
      dz.reshape([-1, channels]).sum(0),
    ]
  })
}

function activate(z: tf.Tensor, leakySlope: number | null): tf.Tensor {
  return leakySlope === null ? z : tf.leakyRelu(z, leakySlope)
}

function activationGradient(dy: tf.Tensor, z: tf.Tensor, leakySlope: number | null): tf.Tensor {
  if (leakySlope === null) return dy
  const positive = z.greater(0).cast('float32')
  return dy.mul(positive.mul(1 - leakySlope).add(leakySlope))
}
