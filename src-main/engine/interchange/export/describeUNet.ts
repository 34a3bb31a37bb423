import type { NetworkConfig } from '../../../contract/index.ts'
import { describeBlock } from './describeBlock.ts'
import type { GraphSink } from './graphSink.ts'

/**
 * Tells a sink the layers of the network that `buildUNet` builds, up to the logits of the finest level; heads of deep
 * supervision serve training only and are left out.
 *
 * @returns the value of the logits
 */
export function describeUNet(sink: GraphSink, config: NetworkConfig, inChannels: number): string {
  const { channels, convolutionsPerLevel: convolutions, residual } = config
  const skips: string[] = []
  let x = sink.input(inChannels)
  channels.forEach((to, level) => {
    const from = level === 0 ? inChannels : channels[level - 1]
    const stride = level === 0 ? 1 : 2
    x = describeBlock(sink, x, `encoder.${level}`, { from, to, stride, convolutions, residual })
    skips.push(x)
  })
  return describeUNetDecoder(sink, config, skips, residual)
}

/** The layers of `unetDecoder`. @param skips the encoder's features, finest first, bottleneck last */
export function describeUNetDecoder(
  sink: GraphSink,
  { channels, convolutionsPerLevel: convolutions }: NetworkConfig,
  skips: readonly string[],
  residual: boolean,
): string {
  let x = skips[skips.length - 1]
  for (let level = channels.length - 2; level >= 0; level--) {
    const name = `decoder.${level}`
    const to = channels[level]
    const joined = sink.join(sink.upConvolution(x, `${name}.up`), skips[level], name)
    x = describeBlock(sink, joined, name, { from: 2 * to, to, stride: 1, convolutions, residual })
  }
  return sink.pointwise(x, 'head.0', true)
}
