import { GliadeskError, LABEL_COUNT, REGIONS } from '../../contract/index.ts'
import { tf } from '../tensor.ts'
import type { Network } from './network.ts'

/**
 * Class logits out of region logits w, t, e of whole tumour, tumour core and enhancing tumour, which nest:
 *
 *     background −w,  necrosis min(w, t, −e),  oedema min(w, −t),  enhancing min(w, t, e)
 *
 * The largest is the class that BraTS's rule gives: voxels with w > 0 are tumour, those of them with t > 0 core, those of them
 * with e > 0 enhancing. What follows (softmax, windows, entropy, distillation) works on these as on any class logits.
 *
 * @param regions B×D×H×W×3
 * @returns B×D×H×W×4, channel = label
 */
export function classLogitsOfRegions(regions: tf.Tensor5D): tf.Tensor5D {
  const [batch, depth, height, width] = regions.shape
  const flat = tf.reshape<tf.Rank.R2>(regions, [batch * depth * height * width, REGIONS.length])
  const [w, t, e] = tf.split(flat, REGIONS.length, 1)
  const core = tf.minimum(w, t)
  const classes = [
    tf.neg(w),
    tf.minimum(core, tf.neg(e)),
    tf.minimum(w, tf.neg(t)),
    tf.minimum(core, e),
  ] as tf.Tensor2D[]
  return tf.reshape(tf.concat2d(classes, 1), [batch, depth, height, width, LABEL_COUNT])
}

/**
 * A network whose heads answer regions, made to answer classes: `logits` holds the finest class logits, `regions` what the
 * loss is taken of, finest first.
 *
 * @param network built with one output channel a region
 */
export function withRegionHead(network: Network): Network {
  return {
    ...network,
    classes: LABEL_COUNT,
    forward: (input, splitTap, checkpointing) => {
      const { logits: regions, taps } = network.forward(input, splitTap, checkpointing)
      return { logits: [classLogitsOfRegions(regions[0])], regions, taps }
    },
  }
}

/** @throws GliadeskError BAD_INPUT for other classes than ours, of which no regions are known */
export function requireOurClasses(classes: number): void {
  if (classes === LABEL_COUNT) return
  throw new GliadeskError(
    'BAD_INPUT',
    `A head that answers regions needs the four labels of BraTS, and ${classes} were asked for.`,
    'Choose a head that answers classes.',
  )
}
