import type { NetworkConfig } from '../../../contract/index.ts'
import { describeBlock } from './describeBlock.ts'
import type { GraphSink } from './graphSink.ts'

/** Tells a sink the layers of the network that `buildVNet` builds. @returns the value of the logits */
export function describeVNet(sink: GraphSink, config: NetworkConfig, inChannels: number): string {
  const { channels, blocks = [] } = config
  const stage = (x: string, name: string, level: number, from: number, to: number): string =>
    describeBlock(sink, x, name, {
      from,
      to,
      stride: 1,
      convolutions: blocks[level] ?? 1,
      residual: true,
    })
  const normalised = (x: string, layer: string): string =>
    sink.leakyRelu(sink.instanceNorm(x, layer), layer)

  let x = sink.input(inChannels)
  const skips = channels.map((own, level) => {
    const name = `encoder.${level}`
    if (level === 0) x = stage(x, name, 0, inChannels, own)
    else {
      const down = normalised(sink.downConvolution(x, `${name}.down`), `${name}.down`)
      x = stage(down, name, level, own, own)
    }
    return x
  })
  for (let level = channels.length - 2; level >= 0; level--) {
    const name = `decoder.${level}`
    const raised = normalised(sink.upConvolution(x, `${name}.up`), `${name}.up`)
    const width = 2 * channels[level]
    x = stage(sink.join(raised, skips[level], name), name, level, width, width)
  }
  return sink.pointwise(x, 'head.0', true)
}
