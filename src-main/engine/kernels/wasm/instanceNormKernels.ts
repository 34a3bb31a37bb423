import type { tf } from '../../tensor.ts'
import { floatKernel } from './floatKernel.ts'
import type { KernelCall } from './floatKernel.ts'
import { floatBits } from './kernelModule.ts'
import { OPERATIONS } from './operations.ts'

/** Names of our own, beside tfjs's: kernels/instanceNorm.ts runs them where they are registered. */
export const INSTANCE_NORM = 'GliadeskInstanceNorm'
export const INSTANCE_NORM_GRADIENT = 'GliadeskInstanceNormGradient'

/** Values of a chunk: 16 KiB, half a first-level cache. */
const VALUES_A_CHUNK = 4096
const FEWEST_VOXELS_A_CHUNK = 64

/**
 * Forward: (x, gamma, beta) → [y, moments], moments being B×2×C: mean, then 1/√(σ² + ε).
 * Gradient: (x, gamma, beta, y, dy, state0 = moments) → [dx, dGamma, dBeta].
 * Attributes: `epsilon`, `slope` (1 where there is no activation).
 */
export function instanceNormKernels(): tf.KernelConfig[] {
  return [floatKernel(INSTANCE_NORM, forward), floatKernel(INSTANCE_NORM_GRADIENT, gradient)]
}

function chunksOf(shape: readonly number[]): {
  readonly samples: number
  readonly voxels: number
  readonly channels: number
  readonly chunks: number
  readonly voxelsAChunk: number
} {
  const [samples, depth, height, width, channels] = shape as [
    number,
    number,
    number,
    number,
    number,
  ]
  const voxels = depth * height * width
  const voxelsAChunk = Math.max(FEWEST_VOXELS_A_CHUNK, Math.floor(VALUES_A_CHUNK / channels))
  return { samples, voxels, channels, chunks: Math.ceil(voxels / voxelsAChunk), voxelsAChunk }
}

function forward({ inputs, attributes, backend }: KernelCall): tf.TensorInfo[] {
  const { x, gamma, beta } = inputs
  const { module } = backend
  const { samples, voxels, channels, chunks, voxelsAChunk } = chunksOf(x!.shape)
  const y = backend.makeFloats(x!.shape)
  const moments = backend.makeFloats([samples, 2, channels])
  const partial = module.heap.allocate(samples * chunks * 2 * channels * 4)
  const sizes = [voxels, channels, chunks, voxelsAChunk]
  module.run(OPERATIONS.chunkMoments, samples * chunks, [backend.address(x!), partial, ...sizes])
  module.run(OPERATIONS.combineMoments, samples, [
    ...[partial, backend.address(moments), ...sizes, floatBits(attributes.epsilon as number)],
  ])
  module.run(OPERATIONS.normalise, samples * chunks, [
    ...[backend.address(x!), backend.address(y), backend.address(moments)],
    ...[backend.address(gamma!), backend.address(beta!), ...sizes],
    floatBits(attributes.slope as number),
  ])
  module.heap.release(partial)
  return [y, moments]
}

function gradient({ inputs, attributes, backend }: KernelCall): tf.TensorInfo[] {
  const { module } = backend
  const address = (name: string): number => backend.address(inputs[name]!)
  const { samples, voxels, channels, chunks, voxelsAChunk } = chunksOf(inputs.x!.shape)
  const dx = backend.makeFloats(inputs.x!.shape)
  const dGamma = backend.makeFloats([channels])
  const dBeta = backend.makeFloats([channels])
  const partial = module.heap.allocate(samples * chunks * 2 * channels * 4)
  const sums = module.heap.allocate(samples * 2 * channels * 4)
  const sizes = [voxels, channels, chunks, voxelsAChunk]
  const slope = floatBits(attributes.slope as number)
  module.run(OPERATIONS.chunkGradientSums, samples * chunks, [
    ...[address('x'), address('dy'), partial, address('state0'), address('gamma')],
    ...[address('beta'), ...sizes, slope],
  ])
  module.run(OPERATIONS.combineGradientSums, 1, [
    ...[partial, sums, backend.address(dGamma), backend.address(dBeta), samples, channels, chunks],
  ])
  module.run(OPERATIONS.normaliseGradient, samples * chunks, [
    ...[address('x'), address('dy'), backend.address(dx), address('state0'), sums],
    ...[address('gamma'), address('beta'), ...sizes, slope],
  ])
  module.heap.release(partial)
  module.heap.release(sums)
  return [dx, dGamma, dBeta]
}
