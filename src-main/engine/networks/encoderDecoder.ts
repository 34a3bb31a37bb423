import type { NetworkConfig } from '../../contract/index.ts'
import type { tf } from '../tensor.ts'
import type { Layer } from './layers.ts'
import type { Network } from './network.ts'
import { disposeParameters, type Parameters } from './parameters.ts'
import { divisorOf, requireDivisible } from './patchDivisor.ts'
import { stretchesOf } from './recomputed.ts'
import { tapCollector } from './tapCollector.ts'

/** Joins what was up-sampled with the encoder's features of that level. */
export interface DecoderLevel {
  readonly join: (below: tf.Tensor5D, skip: tf.Tensor5D) => tf.Tensor5D
  /** Null where the level has no output of its own. */
  readonly head: Layer | null
}

/**
 * The forward pass that U-shaped networks share.
 *
 * Taps: "encoder.0" … "encoder.L−2", "bottleneck", "decoder.0" … "decoder.L−2", finest first, for L levels.
 *
 * @param encoder one block a level, finest first; each below the first halves the grid
 * @param decoder one a level but the coarsest, finest first
 */
export function encoderDecoder(
  config: NetworkConfig,
  inChannels: number,
  classes: number,
  parameters: Parameters,
  encoder: readonly Layer[],
  decoder: readonly DecoderLevel[],
): Network {
  const last = encoder.length - 1
  const divisor = divisorOf(config)
  return {
    config,
    inChannels,
    classes,
    parameters,
    divisor,
    forward: (input, splitTap, checkpointing = false) => {
      requireDivisible(input.shape.slice(1, 4), divisor)
      const { taps, tapped } = tapCollector(splitTap)
      const stretch = stretchesOf(parameters, checkpointing)
      const skips: tf.Tensor5D[] = []
      let x = input
      encoder.forEach((block, level) => {
        const name = `encoder.${level}`
        // Of the image nobody wants a gradient, so it is not among the inputs.
        const features =
          level === 0
            ? stretch([name, 'stem'], [], () => block(input))
            : stretch([name], [x], block)
        x = tapped(level === last ? 'bottleneck' : name, features)
        skips.push(x)
      })
      const logits: tf.Tensor5D[] = []
      for (let level = last - 1; level >= 0; level--) {
        const { join, head } = decoder[level]
        const name = `decoder.${level}`
        x = tapped(name, stretch([name], [x, skips[level]], join))
        if (head) logits.unshift(head(x))
      }
      return { logits, taps }
    },
    dispose: () => disposeParameters(parameters),
  }
}
