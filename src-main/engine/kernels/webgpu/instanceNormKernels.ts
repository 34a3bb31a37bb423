import type { tf } from '../../tensor.ts'
import { INSTANCE_NORM, INSTANCE_NORM_GRADIENT } from '../wasm/index.ts'
import {
  chunkGradientSumsShader,
  chunkMomentsShader,
  combineGradientSumsShader,
  combineMomentsShader,
  NORM_THREADS,
  normaliseGradientShader,
  normaliseShader,
  normColumns,
} from './instanceNormShaders.ts'
import { lanesFor } from './shaderParts.ts'
import type { Uniform, WebgpuBackend } from './webgpuBackend.ts'
import { webgpuKernel, type KernelCall } from './webgpuKernel.ts'

const FEWEST_VOXELS_A_CHUNK = 256
/** One thread adds the chunks of a channel up: more of them would make that thread the slowest part. */
const MOST_CHUNKS = 256

/**
 * Forward: (x, gamma, beta) → [y, moments], moments being B×2×C: mean, then 1/√(σ² + ε).
 * Gradient: (x, gamma, beta, y, dy, state0 = moments) → [dx, dGamma, dBeta].
 * Attributes: `epsilon`, `slope` (1 where there is no activation).
 */
export function instanceNormKernels(): tf.KernelConfig[] {
  return [webgpuKernel(INSTANCE_NORM, forward), webgpuKernel(INSTANCE_NORM_GRADIENT, gradient)]
}

interface NormShape {
  readonly samples: number
  readonly voxels: number
  readonly channels: number
  readonly lanes: number
  readonly chunks: number
  /** Workgroups of a reduction over chunks. */
  readonly reductionWorkgroups: number
  readonly sizes: readonly Uniform[]
  /** Voxels and lanes of the whole tensor. */
  readonly elements: number
}

function shapeOf(shape: readonly number[]): NormShape {
  const [samples, depth, height, width, channels] = shape as [
    number,
    number,
    number,
    number,
    number,
  ]
  const voxels = depth * height * width
  const voxelsAChunk = Math.max(FEWEST_VOXELS_A_CHUNK, Math.ceil(voxels / MOST_CHUNKS))
  const chunks = Math.ceil(voxels / voxelsAChunk)
  const lanes = channels / lanesFor(channels).width
  return {
    ...{ samples, voxels, channels, lanes, chunks },
    reductionWorkgroups: samples * chunks * Math.ceil(lanes / normColumns(channels)),
    sizes: [{ i32: samples }, { i32: voxels }, { i32: chunks }, { i32: voxelsAChunk }],
    elements: samples * voxels * lanes,
  }
}

function forward({ inputs, attributes, backend }: KernelCall): tf.TensorInfo[] {
  const { x, gamma, beta } = inputs as Record<string, tf.TensorInfo>
  const shape = shapeOf(x!.shape)
  const { samples, voxels, channels, lanes, chunks, sizes, elements } = shape
  const y = backend.makeFloats(x!.shape)
  const moments = backend.makeFloats([samples, 2, channels])
  const partial = backend.makeFloats([samples, chunks, 2, channels])
  backend.run({
    key: `moments of chunks, ${channels} channels`,
    code: () => chunkMomentsShader(channels),
    inputs: [x!],
    outputs: [partial],
    uniforms: sizes,
    workgroups: shape.reductionWorkgroups,
    flops: 4 * elements * 4,
  })
  backend.run({
    key: `moments, ${channels} channels`,
    code: () => combineMomentsShader(channels),
    inputs: [partial],
    outputs: [moments],
    uniforms: [...sizes, { f32: attributes.epsilon as number }],
    workgroups: Math.ceil((samples * lanes) / NORM_THREADS),
    flops: 0,
  })
  backend.run({
    key: `normalise ${channels} channels`,
    code: () => normaliseShader(channels),
    inputs: [x!, moments, gamma!, beta!],
    outputs: [y],
    uniforms: [{ i32: elements }, { i32: voxels * lanes }, { f32: attributes.slope as number }],
    workgroups: Math.ceil(elements / NORM_THREADS),
    flops: 4 * elements * 4,
  })
  backend.release(partial)
  return [y, moments]
}

function gradient({ inputs, attributes, backend }: KernelCall): tf.TensorInfo[] {
  const { x, gamma, beta, dy, state0: moments } = inputs as Record<string, tf.TensorInfo>
  const shape = shapeOf(x!.shape)
  const { voxels, channels, lanes, elements } = shape
  const slope = { f32: attributes.slope as number }
  const dx = backend.makeFloats(x!.shape)
  const [dGamma, dBeta, sums] = gradientSums(backend, shape, slope, [
    ...[x!, dy!, moments!, gamma!, beta!],
  ])
  backend.run({
    key: `gradient of normalise, ${channels} channels`,
    code: () => normaliseGradientShader(channels),
    inputs: [x!, dy!, moments!, sums, gamma!, beta!],
    outputs: [dx],
    uniforms: [{ i32: elements }, { i32: voxels * lanes }, { i32: voxels }, slope],
    workgroups: Math.ceil(elements / NORM_THREADS),
    flops: 10 * elements * 4,
  })
  backend.release(sums)
  return [dx, dGamma, dBeta]
}

/** @returns dγ, dβ, and Σdz with Σdz·x̂ of every sample (B×2×C), for the caller to release */
function gradientSums(
  backend: WebgpuBackend,
  { samples, channels, lanes, chunks, sizes, elements, reductionWorkgroups }: NormShape,
  slope: Uniform,
  inputs: readonly tf.TensorInfo[],
): [tf.TensorInfo, tf.TensorInfo, tf.TensorInfo] {
  const partial = backend.makeFloats([samples, chunks, 2, channels])
  const sums = backend.makeFloats([samples, 2, channels])
  const dGamma = backend.makeFloats([channels])
  const dBeta = backend.makeFloats([channels])
  backend.run({
    key: `gradient sums of chunks, ${channels} channels`,
    code: () => chunkGradientSumsShader(channels),
    inputs,
    outputs: [partial],
    uniforms: [...sizes, slope],
    workgroups: reductionWorkgroups,
    flops: 8 * elements * 4,
  })
  backend.run({
    key: `gradient sums, ${channels} channels`,
    code: () => combineGradientSumsShader(channels),
    inputs: [partial],
    outputs: [sums, dGamma, dBeta],
    uniforms: sizes,
    workgroups: Math.ceil(lanes / NORM_THREADS),
    flops: 0,
  })
  backend.release(partial)
  return [dGamma, dBeta, sums]
}
