import type { NetworkConfig } from '../../contract/index.ts'
import type { RandomStream } from '../../imaging/random/randomStream.ts'
import { concatChannels, conv3d } from '../kernels/index.ts'
import type { tf } from '../tensor.ts'
import { convolutionBlock } from './convolutionBlock.ts'
import { encoderDecoder, type DecoderLevel } from './encoderDecoder.ts'
import { LEAKY_SLOPE, normalisation, pointwise, upConvolution, type Layer } from './layers.ts'
import type { Network } from './network.ts'
import { decoderWidths, widthBelow } from './networkWidths.ts'
import { parameterBuilder, type ParameterBuilder } from './parameters.ts'

/**
 * Builds a V-Net (Milletari et al. 2016): stages of `blocks[level]` convolutions that add their own input, learned 2×2×2
 * down- and up-sampling, and decoder stages as wide as the joined features they read (twice the level's channels).
 *
 * Deviations: 3×3×3 filters for 5×5×5 (a fifth of the weights; nnU-Net showed that the larger see no more),
 * leaky ReLU for PReLU (which learns such a slope), instance norm, which the paper did not have yet, and a projection of the
 * input where the paper repeats its one channel.
 *
 * @param stream of purpose "init"; not advanced
 * @throws GliadeskError BAD_INPUT from `forward` where an axis is not a multiple of `divisor`
 */
export function buildVNet(
  config: NetworkConfig,
  inChannels: number,
  classes: number,
  stream: RandomStream,
): Network {
  const build = parameterBuilder(stream, LEAKY_SLOPE)
  const { channels, blocks = [], deepSupervision } = config
  const stage = (name: string, level: number, from: number, to: number): Layer =>
    convolutionBlock(build, name, {
      inChannels: from,
      outChannels: to,
      stride: 1,
      convolutions: blocks[level] ?? 1,
      residual: true,
    })
  const encoder = channels.map((own, level): Layer => {
    if (level === 0) return stage('encoder.0', 0, inChannels, own)
    const down = downConvolution(build, `encoder.${level}.down`, channels[level - 1], own)
    const block = stage(`encoder.${level}`, level, own, own)
    return (x) => block(down(x))
  })
  const decoder = decoderWidths(config).map((width, level): DecoderLevel => {
    const name = `decoder.${level}`
    const own = channels[level]
    const raise = upConvolution(build, `${name}.up`, widthBelow(config, level), own)
    const normalise = normalisation(build, `${name}.up`, own, true)
    const block = stage(name, level, width, width)
    const hasHead = level === 0 || deepSupervision
    return {
      join: (below, skip) => block(concatChannels(normalise(raise(below)), skip)),
      head: hasHead ? pointwise(build, `head.${level}`, width, classes, true) : null,
    }
  })
  return encoderDecoder(config, inChannels, classes, build.parameters, encoder, decoder)
}

/** 2×2×2 convolution of stride 2 with norm and activation: halves every axis. */
function downConvolution(build: ParameterBuilder, name: string, from: number, to: number): Layer {
  const filter = build.heNormal<tf.Rank.R5>(`${name}.filter`, [2, 2, 2, from, to], 8 * from)
  const normalise = normalisation(build, name, to, true)
  return (x) => normalise(conv3d(x, filter, 2))
}
