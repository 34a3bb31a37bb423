import type { NetworkConfig } from '../../../contract/index.ts'
import type { GraphSink } from './graphSink.ts'

/**
 * Tells a sink the layers of the U-Net that `buildUNet` builds, up to the logits of the finest level; heads of deep
 * supervision serve training only and are left out.
 *
 * @returns the value of the logits
 */
export function describeUNet(sink: GraphSink, config: NetworkConfig, inChannels: number): string {
  const { channels, convolutionsPerLevel, residual } = config
  const last = channels.length - 1
  const block = (
    input: string,
    name: string,
    shape: { from: number; to: number; stride: 1 | 2 },
  ): string => {
    let x = input
    for (let i = 0; i < convolutionsPerLevel; i++) {
      const layer = `${name}.${i}`
      x = sink.convolution(x, layer, i === 0 ? shape.stride : 1)
      x = sink.instanceNorm(x, layer)
      if (!residual || i < convolutionsPerLevel - 1) x = sink.leakyRelu(x, layer)
    }
    if (!residual) return x
    const shortcut = `${name}.shortcut`
    const pooled = shape.stride === 2 ? sink.halve(input, shortcut) : input
    const projected = shape.from === shape.to ? pooled : sink.pointwise(pooled, shortcut, false)
    return sink.leakyRelu(sink.add(x, projected, shortcut), name)
  }

  const skips: string[] = []
  let x = sink.input(inChannels)
  channels.forEach((to, level) => {
    const from = level === 0 ? inChannels : channels[level - 1]
    x = block(x, `encoder.${level}`, { from, to, stride: level === 0 ? 1 : 2 })
    skips.push(x)
  })
  for (let level = last - 1; level >= 0; level--) {
    const name = `decoder.${level}`
    const joined = sink.join(sink.upConvolution(x, `${name}.up`), skips[level], name)
    x = block(joined, name, { from: 2 * channels[level], to: channels[level], stride: 1 })
  }
  return sink.pointwise(x, 'head.0', true)
}
