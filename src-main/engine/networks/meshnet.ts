import { GliadeskError, type NetworkConfig } from '../../contract/index.ts'
import type { RandomStream } from '../../imaging/random/randomStream.ts'
import type { tf } from '../tensor.ts'
import { dilatedConvolution } from './dilatedConvolution.ts'
import { LEAKY_SLOPE, normalisation, pointwise, type Layer } from './layers.ts'
import type { Network } from './network.ts'
import { tapCollector } from './tapCollector.ts'
import { disposeParameters, parameterBuilder } from './parameters.ts'
import { divisorOf, requireDivisible } from './patchDivisor.ts'
import { stretchesOf } from './recomputed.ts'

/**
 * Builds a MeshNet (Fedorov et al. 2017): dilated 3×3×3 convolutions of one width at full resolution, each with a norm and
 * an activation, and a 1×1×1 head. Some ten thousand weights see as far as a U-Net of a million; what it lacks is
 * capacity. Ours has instance norm and leaky ReLU in place of batch norm, dropout and ReLU, as our other networks.
 *
 * Taps: "encoder.0" (first layer), "bottleneck" (first layer with the largest dilation), "decoder.0" (last layer).
 *
 * @throws GliadeskError BAD_INPUT without dilations; from `forward` where an axis is not a multiple of `divisor`
 */
export function buildMeshNet(
  config: NetworkConfig,
  inChannels: number,
  classes: number,
  stream: RandomStream,
): Network {
  const { dilations } = config
  if (!dilations) throw withoutDilations()
  const build = parameterBuilder(stream, LEAKY_SLOPE)
  const [width] = config.channels
  const layers = dilations.map((dilation, i): Layer => {
    const from = i === 0 ? inChannels : width
    const filter = build.heNormal<tf.Rank.R5>(
      `layer.${i}.filter`,
      [3, 3, 3, from, width],
      27 * from,
    )
    const normalise = normalisation(build, `layer.${i}`, width, true)
    return (x) => normalise(dilatedConvolution(x, filter, dilation))
  })
  const head = pointwise(build, 'head.0', width, classes, true)
  const widest = dilations.indexOf(Math.max(...dilations) as (typeof dilations)[number])
  const last = dilations.length - 1
  const namesOf = (layer: number): string[] => [
    ...(layer === 0 ? ['encoder.0'] : []),
    ...(layer === widest ? ['bottleneck'] : []),
    ...(layer === last ? ['decoder.0'] : []),
  ]
  return {
    config,
    inChannels,
    classes,
    parameters: build.parameters,
    divisor: divisorOf(config),
    forward: (input, splitTap, checkpointing = false) => {
      requireDivisible(input.shape.slice(1, 4), divisorOf(config))
      const { taps, tapped } = tapCollector(splitTap)
      const stretch = stretchesOf(build.parameters, checkpointing)
      const through = (x: tf.Tensor5D, layer: Layer, i: number): tf.Tensor5D =>
        i === 0 ? stretch(['layer.0'], [], () => layer(x)) : stretch([`layer.${i}`], [x], layer)
      const features = layers.reduce(
        (x, layer, i) => namesOf(i).reduce((y, name) => tapped(name, y), through(x, layer, i)),
        input,
      )
      return { logits: [head(features)], taps }
    },
    dispose: () => disposeParameters(build.parameters),
  }
}

function withoutDilations(): GliadeskError {
  return new GliadeskError(
    'BAD_INPUT',
    'This MeshNet does not say the dilations of its layers.',
    'Add "dilations" to its recipe, e.g. 1, 2, 4, 8, 4, 2, 1.',
  )
}
