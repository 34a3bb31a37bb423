import type { NetworkConfig } from '../../../contract/index.ts'
import type { GraphSink } from './graphSink.ts'

/** Tells a sink the layers of the network that `buildMeshNet` builds. @returns the value of the logits */
export function describeMeshNet(
  sink: GraphSink,
  { dilations = [] }: NetworkConfig,
  inChannels: number,
): string {
  const features = dilations.reduce((x, dilation, i) => {
    const layer = `layer.${i}`
    const convolved = sink.convolution(x, layer, 1, dilation)
    return sink.leakyRelu(sink.instanceNorm(convolved, layer), layer)
  }, sink.input(inChannels))
  return sink.pointwise(features, 'head.0', true)
}
