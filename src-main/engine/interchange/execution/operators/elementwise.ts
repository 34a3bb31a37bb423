import { tf } from '../../../tensor.ts'
import {
  axisOf,
  inputOf,
  integerInput,
  numberOf,
  tensorInput,
  unsupported,
  type Operator,
  type OperatorContext,
} from '../operatorContext.ts'
import { asPlain, dimsOf, plain, tensorAxis, volume, type TensorValue } from '../value.ts'

type Unary = (x: tf.Tensor, context: OperatorContext) => tf.Tensor

const UNARY: Readonly<Record<string, Unary>> = {
  Relu: (x) => tf.relu(x),
  LeakyRelu: (x, context) => tf.leakyRelu(x, numberOf(context, 'alpha', 0.01)),
  Elu: (x, context) => {
    if (numberOf(context, 'alpha', 1) !== 1) throw unsupported(context, 'its alpha is not 1')
    return tf.elu(x)
  },
  Sigmoid: (x) => tf.sigmoid(x),
  Tanh: (x) => tf.tanh(x),
  Softplus: (x) => tf.softplus(x),
  Exp: (x) => tf.exp(x),
  Log: (x) => tf.log(x),
  Sqrt: (x) => tf.sqrt(x),
  Abs: (x) => tf.abs(x),
  Neg: (x) => tf.neg(x),
  Reciprocal: (x) => tf.reciprocal(x),
}

const BINARY: Readonly<Record<string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor>> = {
  Add: tf.add,
  Sub: tf.sub,
  Mul: tf.mul,
  Div: tf.div,
  Pow: tf.pow,
}

/** Both in one order that the operation may broadcast in. */
function aligned(a: TensorValue, b: TensorValue): { a: tf.Tensor; b: tf.Tensor; last: boolean } {
  if (!a.channelsLast && !b.channelsLast) return { a: a.tensor, b: b.tensor, last: false }
  return { a: lastOf(a), b: lastOf(b), last: true }
}

/** Broadcasting counts axes from the end: what has fewer gets ones in front before channels move there. */
function lastOf(value: TensorValue): tf.Tensor {
  if (value.channelsLast || value.tensor.rank === 0) return value.tensor
  const { shape } = value.tensor
  const five = [...new Array<number>(Math.max(0, 5 - shape.length)).fill(1), ...shape]
  const [batch, channels, depth, height, width] = five
  // No transposition where there is nothing to move.
  if (depth * height * width === 1) return tf.reshape(value.tensor, [batch, 1, 1, 1, channels])
  if (channels === 1) return tf.reshape(value.tensor, [batch, depth, height, width, 1])
  return tf.transpose(tf.reshape(value.tensor, five), [0, 2, 3, 4, 1])
}

const binary =
  (compute: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Operator =>
  (context) => {
    const pair = aligned(tensorInput(context, 0), tensorInput(context, 1))
    const result = compute(pair.a, pair.b)
    return [pair.last ? volume(result) : plain(result)]
  }

const unary =
  (compute: Unary): Operator =>
  (context) => {
    const value = tensorInput(context, 0)
    return [{ ...value, tensor: compute(value.tensor, context) }]
  }

/** Slope of the negative values: one for all, or one a channel (C×1×1×1). */
const parametricRelu: Operator = (context) => {
  const { a, b, last } = aligned(tensorInput(context, 0), tensorInput(context, 1))
  const result = tf.sub(tf.relu(a), tf.mul(b, tf.relu(tf.neg(a))))
  return [last ? volume(result) : plain(result)]
}

const softmax: Operator = (context) => {
  const value = tensorInput(context, 0)
  const rank = dimsOf(value).length
  const axis = axisOf(context, numberOf(context, 'axis', -1), rank)
  if (context.opset < 13 && axis !== rank - 1 && !(value.channelsLast && axis === 1)) {
    throw unsupported(context, 'before operator set 13 it runs over several axes')
  }
  const at = tensorAxis(value, axis)
  if (at === rank - 1) return [{ ...value, tensor: tf.softmax(value.tensor, at) }]
  const shifted = tf.exp(tf.sub(value.tensor, tf.max(value.tensor, at, true)))
  return [{ ...value, tensor: tf.div(shifted, tf.sum(shifted, at, true)) }]
}

const clip: Operator = (context) => {
  const value = tensorInput(context, 0)
  const [low] = integerInput(context, 1) ?? [numberOf(context, 'min', -Infinity)]
  const [high] = integerInput(context, 2) ?? [numberOf(context, 'max', Infinity)]
  return [{ ...value, tensor: tf.minimum(tf.maximum(value.tensor, low), high) }]
}

const reduceMean: Operator = (context) => {
  const value = tensorInput(context, 0)
  const listed = context.node.attributes.get('axes')
  const axes = Array.isArray(listed) ? listed.map(Number) : integerInput(context, 1)
  const rank = dimsOf(value).length
  const at = (axes ?? dimsOf(value).map((_, axis) => axis)).map((axis) =>
    axisOf(context, axis, rank),
  )
  if (numberOf(context, 'keepdims', 1) === 1) {
    const places = at.map((axis) => tensorAxis(value, axis))
    return [{ ...value, tensor: tf.mean(value.tensor, places, true) }]
  }
  return [plain(tf.mean(asPlain(value), at))]
}

const same: Operator = (context) => [inputOf(context, 0)]

export const ELEMENTWISE: Readonly<Record<string, Operator>> = {
  ...Object.fromEntries(Object.entries(UNARY).map(([op, compute]) => [op, unary(compute)])),
  ...Object.fromEntries(Object.entries(BINARY).map(([op, compute]) => [op, binary(compute)])),
  PRelu: parametricRelu,
  Softmax: softmax,
  Clip: clip,
  ReduceMean: reduceMean,
  Identity: same,
  Dropout: same,
  Cast: same,
}
