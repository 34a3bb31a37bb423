import { INSTANCE_NORM_EPSILON, instanceNorm } from '../../../kernels/index.ts'
import { tf } from '../../../tensor.ts'
import {
  numberOf,
  plainInput,
  tensorInput,
  unsupported,
  volumeInput,
  type Operator,
} from '../operatorContext.ts'
import { asPlain, plain, volume } from '../value.ts'

const DEFAULT_EPSILON = 1e-5

/** (x − μ) / √(σ² + ε) with the moments over `axes`. */
function standardise(x: tf.Tensor, axes: number[], epsilon: number): tf.Tensor {
  const centred = tf.sub(x, tf.mean(x, axes, true))
  const variance = tf.mean(tf.square(centred), axes, true)
  return tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon)))
}

const instance: Operator = (context) => {
  const value = tensorInput(context, 0)
  const [scale, offset] = [plainInput(context, 1), plainInput(context, 2)]
  const epsilon = numberOf(context, 'epsilon', DEFAULT_EPSILON)
  if (value.tensor.rank === 5) {
    const x = volumeInput(context, 0)
    if (Math.fround(epsilon) === Math.fround(INSTANCE_NORM_EPSILON)) {
      return [volume(instanceNorm(x, scale.as1D(), offset.as1D(), null))]
    }
    return [volume(tf.add(tf.mul(standardise(x, [1, 2, 3], epsilon), scale), offset))]
  }
  // As exporters write a group norm: samples × groups × values.
  const x = asPlain(value)
  if (x.rank < 3) throw unsupported(context, `it is given ${x.shape.join('×')} values`)
  const rest = x.shape.map((_, axis) => axis).slice(2)
  const perChannel = (vector: tf.Tensor): tf.Tensor =>
    tf.reshape(vector, [1, vector.size, ...rest.map(() => 1)])
  const scaled = tf.mul(standardise(x, rest, epsilon), perChannel(scale))
  return [plain(tf.add(scaled, perChannel(offset)))]
}

const group: Operator = (context) => {
  const x = volumeInput(context, 0)
  const groups = numberOf(context, 'num_groups', 0)
  const [batch, depth, height, width, channels] = x.shape
  if (groups < 1 || channels % groups !== 0) {
    throw unsupported(context, `${channels} channels do not divide into ${groups} groups`)
  }
  const grouped = tf.reshape(x, [batch, depth * height * width, groups, channels / groups])
  const epsilon = numberOf(context, 'epsilon', DEFAULT_EPSILON)
  const standard = tf.reshape(standardise(grouped, [1, 3], epsilon), x.shape)
  // Before operator set 21 there is one scale a group.
  const each = (index: number): tf.Tensor => {
    const vector = plainInput(context, index)
    if (vector.size === channels) return vector
    const columns = tf.tile(tf.reshape(vector, [groups, 1]), [1, channels / groups])
    return tf.reshape(columns, [channels])
  }
  return [volume(tf.add(tf.mul(standard, each(1)), each(2)))]
}

const batch: Operator = (context) => {
  const x = volumeInput(context, 0)
  if (numberOf(context, 'training_mode', 0) !== 0) throw unsupported(context, 'it is in training')
  const [scale, offset, mean, variance] = [1, 2, 3, 4].map((index) => plainInput(context, index))
  const epsilon = numberOf(context, 'epsilon', DEFAULT_EPSILON)
  const slope = tf.mul(scale, tf.rsqrt(tf.add(variance, epsilon)))
  return [volume(tf.add(tf.mul(tf.sub(x, mean), slope), offset))]
}

export const NORMALISATIONS: Readonly<Record<string, Operator>> = {
  InstanceNormalization: instance,
  GroupNormalization: group,
  BatchNormalization: batch,
}
