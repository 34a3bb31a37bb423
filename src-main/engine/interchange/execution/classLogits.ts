import {
  GliadeskError,
  LABEL_COUNT,
  REGIONS,
  type ImportedNetwork,
} from '../../../contract/index.ts'
import { tf } from '../../tensor.ts'

/** Probabilities are kept this far from 0 and 1 before their logarithm. */
const MARGIN = 1e-6

/**
 * Logits of our four classes out of what a network answers.
 *
 * Classes are put in the order of our labels. Regions (logits w, t, e of whole tumour, tumour core, enhancing tumour)
 * nest: background −w, oedema min(w, −t), necrosis min(w, t, −e), enhancing min(w, t, e). The largest of these is
 * positive and belongs to the class that thresholding the regions one inside of the other at ½ gives.
 *
 * @param answer B×D×H×W×channels
 * @returns B×D×H×W×4
 * @throws GliadeskError BAD_FILE for another number of channels
 */
export function classLogits(
  answer: tf.Tensor5D,
  { answer: meaning, holds }: Pick<ImportedNetwork, 'answer' | 'holds'>,
): tf.Tensor5D {
  const channels = meaning.kind === 'classes' ? LABEL_COUNT : REGIONS.length
  if (answer.shape[4] !== channels) {
    throw new GliadeskError(
      'BAD_FILE',
      `The network answers with ${answer.shape[4]} channels, and ${channels} were named.`,
      'Name the label or region of every output channel, in order.',
    )
  }
  if (meaning.kind === 'classes') {
    const order = Array.from({ length: LABEL_COUNT }, (_, label) => meaning.labels.indexOf(label))
    const logits = holds === 'logits' ? answer : tf.log(tf.maximum(answer, MARGIN))
    return tf.gather(logits, tf.tensor1d(order, 'int32'), 4) as tf.Tensor5D
  }
  const logits = holds === 'logits' ? answer : logitOf(answer)
  const [w, t, e] = REGIONS.map((region) => {
    const at = meaning.regions.indexOf(region)
    return tf.slice(logits, [0, 0, 0, 0, at], [-1, -1, -1, -1, 1])
  })
  const core = tf.minimum(w, t)
  return tf.concat(
    [
      tf.neg(w),
      tf.minimum(core, tf.neg(e)),
      tf.minimum(w, tf.neg(t)),
      tf.minimum(core, e),
    ] as tf.Tensor5D[],
    4,
  )
}

function logitOf(probability: tf.Tensor5D): tf.Tensor5D {
  const inside = tf.clipByValue(probability, MARGIN, 1 - MARGIN)
  return tf.sub(tf.log(inside), tf.log(tf.sub(1, inside)))
}
