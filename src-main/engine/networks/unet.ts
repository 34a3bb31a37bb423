import type { NetworkConfig } from '../../contract/index.ts'
import type { RandomStream } from '../../imaging/random/randomStream.ts'
import { concatChannels } from '../kernels/index.ts'
import { convolutionBlock } from './convolutionBlock.ts'
import { encoderDecoder, type DecoderLevel } from './encoderDecoder.ts'
import { LEAKY_SLOPE, pointwise, upConvolution } from './layers.ts'
import type { Network } from './network.ts'
import { parameterBuilder, type ParameterBuilder } from './parameters.ts'

/**
 * Builds a 3D U-Net (Çiçek et al. 2016) in nnU-Net's form: instance norm, leaky ReLU, strided convolutions
 * down, transposed convolutions up, skip connections joined along channels.
 *
 * With deep supervision every decoder level has a head; otherwise only the finest.
 *
 * @param inChannels sequences fed in
 * @param classes output classes, background included
 * @param stream of purpose "init"; not advanced
 * @throws GliadeskError BAD_INPUT from `forward` where an axis is not a multiple of `divisor`
 */
export function buildUNet(
  config: NetworkConfig,
  inChannels: number,
  classes: number,
  stream: RandomStream,
): Network {
  const build = parameterBuilder(stream, LEAKY_SLOPE)
  const { channels, convolutionsPerLevel: convolutions, residual } = config
  const encoder = channels.map((outChannels, level) =>
    convolutionBlock(build, `encoder.${level}`, {
      inChannels: level === 0 ? inChannels : channels[level - 1],
      outChannels,
      stride: level === 0 ? 1 : 2,
      convolutions,
      residual,
    }),
  )
  const decoder = unetDecoder(build, config, classes, residual)
  return encoderDecoder(config, inChannels, classes, build.parameters, encoder, decoder)
}

/** Transposed convolution, join, block and head of every level but the coarsest, finest first. */
export function unetDecoder(
  build: ParameterBuilder,
  { channels, convolutionsPerLevel: convolutions, deepSupervision }: NetworkConfig,
  classes: number,
  residual: boolean,
): DecoderLevel[] {
  return channels.slice(0, -1).map((outChannels, level) => {
    const name = `decoder.${level}`
    const upsample = upConvolution(build, `${name}.up`, channels[level + 1], outChannels)
    const block = convolutionBlock(build, name, {
      inChannels: 2 * outChannels,
      outChannels,
      stride: 1,
      convolutions,
      residual,
    })
    const hasHead = level === 0 || deepSupervision
    return {
      join: (below, skip) => block(concatChannels(upsample(below), skip)),
      head: hasHead ? pointwise(build, `head.${level}`, outChannels, classes, true) : null,
    }
  })
}
