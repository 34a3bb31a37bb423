import type { Network } from '../../engine/networks/index.ts'
import { tf } from '../../engine/tensor.ts'
import type { TrainedNetwork } from '../../engine/training/index.ts'

/**
 * The control teacher that answers to another case: each sample of a batch hears what the teacher says of the sample
 * before it, the first one of the last. Its answers have the right form and frequency and nothing to do with the image.
 * Owns nothing; needs at least two samples a batch.
 */
export function shuffledTeacher(teacher: TrainedNetwork): TrainedNetwork {
  const forward: Network['forward'] = (input, splitTap) => {
    const last = input.shape[0] - 1
    if (last === 0) throw new RangeError('a batch of one sample cannot be shuffled')
    const flat = tf.reshape<tf.Rank.R2>(input, [last + 1, input.size / (last + 1)])
    const moved = tf.concat2d(
      [tf.slice2d(flat, [last, 0], [1, -1]), tf.slice2d(flat, [0, 0], [last, -1])],
      0,
    )
    return teacher.network.forward(tf.reshape<tf.Rank.R5>(moved, input.shape), splitTap)
  }
  return { ...teacher, network: { ...teacher.network, forward } }
}
