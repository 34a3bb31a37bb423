import type { NetworkConfig } from '../../contract/index.ts'
import type { RandomStream } from '../../imaging/random/randomStream.ts'
import { concatChannels } from '../kernels/index.ts'
import type { tf } from '../tensor.ts'
import { convolutionBlock } from './convolutionBlock.ts'
import { LEAKY_SLOPE, pointwise, upConvolution, type Layer } from './layers.ts'
import type { Network } from './network.ts'
import type { NetworkOutput, TapSplitter } from './networkOutput.ts'
import { disposeParameters, parameterBuilder } from './parameters.ts'
import { divisorOf, requireDivisible } from './patchDivisor.ts'

const sameTwice: TapSplitter = (_name, features) => ({ main: features, tap: features })

interface DecoderLevel {
  readonly upsample: Layer
  readonly block: Layer
  readonly head: Layer | null
}

/**
 * Builds a 3D U-Net (Çiçek et al. 2016) in nnU-Net's form: instance norm, leaky ReLU, strided convolutions
 * down, transposed convolutions up, skip connections joined along channels.
 *
 * Taps: "encoder.0" … "encoder.L−2", "bottleneck", "decoder.0" … "decoder.L−2", finest first, for L levels.
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
  const last = channels.length - 1

  const encoder = channels.map((outChannels, level) =>
    convolutionBlock(build, `encoder.${level}`, {
      inChannels: level === 0 ? inChannels : channels[level - 1],
      outChannels,
      stride: level === 0 ? 1 : 2,
      convolutions,
      residual,
    }),
  )
  const decoder: DecoderLevel[] = channels.slice(0, -1).map((outChannels, level) => ({
    upsample: upConvolution(build, `decoder.${level}.up`, channels[level + 1], outChannels),
    block: convolutionBlock(build, `decoder.${level}`, {
      inChannels: 2 * outChannels,
      outChannels,
      stride: 1,
      convolutions,
      residual,
    }),
    head:
      level === 0 || config.deepSupervision
        ? pointwise(build, `head.${level}`, outChannels, classes, true)
        : null,
  }))

  const forward = (input: tf.Tensor5D, splitTap: TapSplitter = sameTwice): NetworkOutput => {
    requireDivisible(input.shape.slice(1, 4), divisorOf(config))
    const taps: Record<string, tf.Tensor5D> = {}
    const tapped = (name: string, features: tf.Tensor5D): tf.Tensor5D => {
      const { main, tap } = splitTap(name, features)
      taps[name] = tap
      return main
    }
    const skips: tf.Tensor5D[] = []
    let x = input
    encoder.forEach((block, level) => {
      x = tapped(level === last ? 'bottleneck' : `encoder.${level}`, block(x))
      skips.push(x)
    })
    const logits: tf.Tensor5D[] = []
    for (let level = last - 1; level >= 0; level--) {
      const { upsample, block, head } = decoder[level]
      x = tapped(`decoder.${level}`, block(concatChannels(upsample(x), skips[level])))
      if (head) logits.unshift(head(x))
    }
    return { logits, taps }
  }

  return {
    config,
    inChannels,
    classes,
    parameters: build.parameters,
    divisor: divisorOf(config),
    forward,
    dispose: () => disposeParameters(build.parameters),
  }
}
