import type { NetworkConfig } from '../../contract/index.ts'
import type { RandomStream } from '../../imaging/random/randomStream.ts'
import { tf } from '../tensor.ts'
import { encoderDecoder } from './encoderDecoder.ts'
import {
  convolution,
  LEAKY_SLOPE,
  leakyRelu,
  normalisation,
  pointwise,
  type Layer,
} from './layers.ts'
import type { Network } from './network.ts'
import { parameterBuilder, type ParameterBuilder } from './parameters.ts'
import { unetDecoder } from './unet.ts'

/**
 * Builds nnU-Net's residual-encoder U-Net (ResEnc; Isensee et al. 2024): a stem of one convolution, then `blocks[level]`
 * residual blocks a level, of which the first strides; the decoder is a plain U-Net's, with one convolution a level in the
 * presets. All that depth is spent where features are found.
 *
 * @param stream of purpose "init"; not advanced
 * @throws GliadeskError BAD_INPUT from `forward` where an axis is not a multiple of `divisor`
 */
export function buildResidualEncoder(
  config: NetworkConfig,
  inChannels: number,
  classes: number,
  stream: RandomStream,
): Network {
  const build = parameterBuilder(stream, LEAKY_SLOPE)
  const { channels, blocks = [] } = config
  const stem = convolved(build, 'stem', inChannels, channels[0], 1, true)
  const encoder = channels.map((own, level): Layer => {
    const before = channels[Math.max(0, level - 1)]
    const stage = Array.from({ length: blocks[level] ?? 1 }, (_, block) =>
      residualBlock(
        build,
        `encoder.${level}.${block}`,
        block === 0 ? before : own,
        own,
        block === 0 && level > 0 ? 2 : 1,
      ),
    )
    return (x) => stage.reduce((y, block) => block(y), level === 0 ? stem(x) : x)
  })
  const decoder = unetDecoder(build, config, classes, false)
  return encoderDecoder(config, inChannels, classes, build.parameters, encoder, decoder)
}

/**
 * nnU-Net's BasicBlockD: two convolutions with norms, the input added before the last activation. Where the block
 * strides the input is average-pooled, where channels change it is projected and normalised ("ResNet-D", He et al. 2019).
 */
function residualBlock(
  build: ParameterBuilder,
  name: string,
  from: number,
  to: number,
  stride: 1 | 2,
): Layer {
  const first = convolved(build, `${name}.0`, from, to, stride, true)
  const second = convolved(build, `${name}.1`, to, to, 1, false)
  const project = from === to ? null : pointwise(build, `${name}.shortcut`, from, to, false)
  const normalise = project ? normalisation(build, `${name}.shortcut`, to, false) : null
  return (x) => {
    const pooled = stride === 2 ? tf.avgPool3d(x, 2, 2, 'valid') : x
    const shortcut = project && normalise ? normalise(project(pooled)) : pooled
    return leakyRelu(tf.add(second(first(x)), shortcut))
  }
}

function convolved(
  build: ParameterBuilder,
  name: string,
  from: number,
  to: number,
  stride: 1 | 2,
  activate: boolean,
): Layer {
  const convolve = convolution(build, name, from, to, stride)
  const normalise = normalisation(build, name, to, activate)
  return (x) => normalise(convolve(x))
}
