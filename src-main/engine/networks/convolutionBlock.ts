import { tf } from '../tensor.ts'
import { convolution, leakyRelu, normalisation, pointwise, type Layer } from './layers.ts'
import type { ParameterBuilder } from './parameters.ts'

export interface BlockShape {
  readonly inChannels: number
  readonly outChannels: number
  /** Of the first convolution; the others keep the grid. */
  readonly stride: 1 | 2
  readonly convolutions: number
  readonly residual: boolean
}

/**
 * The unit of every level: `convolutions` times convolution → instance norm → leaky ReLU. With `residual`,
 * the input (average-pooled where the block strides, projected where channels change) is added before
 * the last activation, as in nnU-Net's residual encoder.
 */
export function convolutionBlock(build: ParameterBuilder, name: string, shape: BlockShape): Layer {
  const steps: Layer[] = []
  for (let i = 0; i < shape.convolutions; i++) {
    const inChannels = i === 0 ? shape.inChannels : shape.outChannels
    const stride = i === 0 ? shape.stride : 1
    const activate = !shape.residual || i < shape.convolutions - 1
    const convolve = convolution(build, `${name}.${i}`, inChannels, shape.outChannels, stride)
    const normalise = normalisation(build, `${name}.${i}`, shape.outChannels, activate)
    steps.push((x) => normalise(convolve(x)))
  }
  const shortcut = shape.residual ? residualPath(build, `${name}.shortcut`, shape) : null
  return (x) => {
    const y = steps.reduce((features, step) => step(features), x)
    return shortcut ? leakyRelu(tf.add(y, shortcut(x))) : y
  }
}

function residualPath(build: ParameterBuilder, name: string, shape: BlockShape): Layer {
  const { inChannels, outChannels, stride } = shape
  const project =
    inChannels === outChannels ? null : pointwise(build, name, inChannels, outChannels, false)
  return (x) => {
    const pooled = stride === 2 ? tf.avgPool3d(x, 2, 2, 'valid') : x
    return project ? project(pooled) : pooled
  }
}
