import { addChannelBias, conv3d, convTranspose3d2x, instanceNorm } from '../kernels/index.ts'
import { tf } from '../tensor.ts'
import type { ParameterBuilder } from './parameters.ts'

/** A layer with its weights closed over: a pure function of its input. */
export type Layer = (x: tf.Tensor5D) => tf.Tensor5D

/** nnU-Net's activation slope. */
export const LEAKY_SLOPE = 0.01

/** 3×3×3 convolution, same padding, no bias (an instance norm follows and would cancel it). */
export function convolution(
  build: ParameterBuilder,
  name: string,
  inChannels: number,
  outChannels: number,
  stride: 1 | 2,
): Layer {
  const filter = build.heNormal<tf.Rank.R5>(
    `${name}.filter`,
    [3, 3, 3, inChannels, outChannels],
    27 * inChannels,
  )
  return (x) => conv3d(x, filter, stride)
}

/**
 * Normalises every channel of every sample over its voxels, then a learned scale and offset, then (unless
 * a residual is still to be added) leaky ReLU; one fused operation.
 */
export function normalisation(
  build: ParameterBuilder,
  name: string,
  channels: number,
  activate: boolean,
): Layer {
  const scale = build.constant<tf.Rank.R1>(`${name}.scale`, [channels], 1)
  const offset = build.constant<tf.Rank.R1>(`${name}.offset`, [channels], 0)
  return (x) => instanceNorm(x, scale, offset, activate ? LEAKY_SLOPE : null)
}

/** 2×2×2 transposed convolution of stride 2: doubles every axis, no bias. */
export function upConvolution(
  build: ParameterBuilder,
  name: string,
  inChannels: number,
  outChannels: number,
): Layer {
  const filter = build.heNormal<tf.Rank.R5>(
    `${name}.filter`,
    [2, 2, 2, inChannels, outChannels],
    inChannels,
  )
  return (x) => convTranspose3d2x(x, filter)
}

/** 1×1×1 convolution, as one matrix product over all voxels. */
export function pointwise(
  build: ParameterBuilder,
  name: string,
  inChannels: number,
  outChannels: number,
  bias: boolean,
): Layer {
  const filter = build.heNormal<tf.Rank.R2>(`${name}.filter`, [inChannels, outChannels], inChannels)
  const offset = bias ? build.constant<tf.Rank.R1>(`${name}.bias`, [outChannels], 0) : null
  return (x) => {
    const [batch, depth, height, width] = x.shape
    const flat = tf.reshape(x, [batch * depth * height * width, inChannels])
    const grid = [batch, depth, height, width, outChannels] as const
    const product = tf.reshape<tf.Rank.R5>(tf.matMul(flat, filter), [...grid])
    return offset ? addChannelBias(product, offset) : product
  }
}

export const leakyRelu: Layer = (x) => tf.leakyRelu(x, LEAKY_SLOPE)
