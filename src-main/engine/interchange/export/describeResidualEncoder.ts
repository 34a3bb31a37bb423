import type { NetworkConfig } from '../../../contract/index.ts'
import { describeConvolved } from './describeBlock.ts'
import { describeUNetDecoder } from './describeUNet.ts'
import type { GraphSink } from './graphSink.ts'

/** Tells a sink the layers of the network that `buildResidualEncoder` builds. @returns the value of the logits */
export function describeResidualEncoder(
  sink: GraphSink,
  config: NetworkConfig,
  inChannels: number,
): string {
  const { channels, blocks = [] } = config
  let x = describeConvolved(sink, sink.input(inChannels), 'stem', 1, true)
  const skips = channels.map((own, level) => {
    for (let block = 0; block < (blocks[level] ?? 1); block++) {
      const from = block === 0 ? channels[Math.max(0, level - 1)] : own
      const stride = block === 0 && level > 0 ? 2 : 1
      x = residualBlock(sink, x, `encoder.${level}.${block}`, from === own, stride)
    }
    return x
  })
  return describeUNetDecoder(sink, config, skips, false)
}

function residualBlock(
  sink: GraphSink,
  input: string,
  name: string,
  keepsChannels: boolean,
  stride: 1 | 2,
): string {
  const first = describeConvolved(sink, input, `${name}.0`, stride, true)
  const second = describeConvolved(sink, first, `${name}.1`, 1, false)
  const shortcut = `${name}.shortcut`
  const pooled = stride === 2 ? sink.halve(input, shortcut) : input
  const added = keepsChannels
    ? pooled
    : sink.instanceNorm(sink.pointwise(pooled, shortcut, false), shortcut)
  return sink.leakyRelu(sink.add(second, added, name), name)
}
