import { tf } from '../../../tensor.ts'
import {
  axisOf,
  hostInput,
  integerInput,
  numberOf,
  numbersOf,
  plainInput,
  tensorInput,
  requireModest,
  unsupported,
  wordOf,
  type Operator,
} from '../operatorContext.ts'
import { dimsOf, plain, tensorAxis, volume } from '../value.ts'
import { reshapedDims, sliceSpans } from './shapeArithmetic.ts'

const concat: Operator = (context) => {
  const values = context.inputs.map((_, index) => tensorInput(context, index))
  const rank = dimsOf(values[0]).length
  const axis = axisOf(context, numberOf(context, 'axis', 0), rank)
  const ranks = new Set(values.map((value) => dimsOf(value).length))
  if (ranks.size > 1) throw unsupported(context, 'it joins values of several ranks')
  if (rank === 5) {
    const volumes = values.map((value) =>
      value.channelsLast ? value.tensor : tf.transpose(value.tensor, [0, 2, 3, 4, 1]),
    )
    return [volume(tf.concat(volumes, [0, 4, 1, 2, 3][axis]))]
  }
  const tensors = values.map(({ tensor }) => tensor)
  return [plain(tf.concat(tensors, axis))]
}

const reshape: Operator = (context) => {
  const dims = dimsOf(tensorInput(context, 0))
  const wanted = Array.from(hostInput(context, 1).values)
  return [plain(tf.reshape(plainInput(context, 0), reshapedDims(context, dims, wanted)))]
}

const transpose: Operator = (context) => {
  const x = plainInput(context, 0)
  const order = numbersOf(context, 'perm') ?? x.shape.map((_, axis) => x.rank - 1 - axis)
  if (order.length !== x.rank || [...order].sort((a, b) => a - b).some((axis, i) => axis !== i)) {
    throw unsupported(context, `it orders axes as ${order.join(', ')}`)
  }
  return [plain(tf.transpose(x, order))]
}

const slice: Operator = (context) => {
  const value = tensorInput(context, 0)
  const begin = value.tensor.shape.map(() => 0)
  const size = [...value.tensor.shape]
  for (const { axis, start, end, step } of sliceSpans(context, dimsOf(value))) {
    if (step !== 1) throw unsupported(context, `it steps by ${step}`)
    const at = tensorAxis(value, axis)
    begin[at] = start
    size[at] = Math.max(0, end - start)
  }
  if (size.includes(0)) throw unsupported(context, 'it leaves nothing')
  return [{ ...value, tensor: tf.slice(value.tensor, begin, size) }]
}

const split: Operator = (context) => {
  const value = tensorInput(context, 0)
  const dims = dimsOf(value)
  const axis = axisOf(context, numberOf(context, 'axis', 0), dims.length)
  const parts = context.node.outputs.length
  const even = Math.ceil(dims[axis] / parts)
  const sizes =
    integerInput(context, 1) ??
    numbersOf(context, 'split') ??
    context.node.outputs.map((_, i) => Math.min(even, dims[axis] - i * even))
  if (sizes.length !== parts || sizes.reduce((a, b) => a + b, 0) !== dims[axis]) {
    throw unsupported(context, `it splits ${dims[axis]} values as ${sizes.join(', ')}`)
  }
  const tensors = tf.split(value.tensor, sizes, tensorAxis(value, axis))
  return tensors.map((tensor) => ({ ...value, tensor }))
}

const pad: Operator = (context) => {
  const value = tensorInput(context, 0)
  const rank = dimsOf(value).length
  const widths = integerInput(context, 1) ?? numbersOf(context, 'pads') ?? []
  const fill = integerInput(context, 2)?.[0] ?? 0
  const isSound = widths.length === 2 * rank && widths.every((width) => width >= 0 && width < 1024)
  if (wordOf(context, 'mode', 'constant') !== 'constant' || !isSound || context.inputs[3]) {
    throw unsupported(context, `it pads by ${widths.join(', ')}`)
  }
  const placed: [number, number][] = value.tensor.shape.map(() => [0, 0])
  for (let axis = 0; axis < rank; axis++) {
    placed[tensorAxis(value, axis)] = [widths[axis], widths[axis + rank]]
  }
  requireModest(
    context,
    placed.map(([before, after], at) => before + value.tensor.shape[at] + after),
  )
  return [{ ...value, tensor: tf.pad(value.tensor, placed, fill) }]
}

const unsqueeze: Operator = (context) => {
  const x = plainInput(context, 0)
  const axes = integerInput(context, 1) ?? numbersOf(context, 'axes') ?? []
  const rank = x.rank + axes.length
  const at = new Set(axes.map((axis) => axisOf(context, axis, rank)))
  const rest = [...x.shape]
  const dims = Array.from({ length: rank }, (_, axis) => (at.has(axis) ? 1 : (rest.shift() ?? 1)))
  return [plain(tf.reshape(x, dims))]
}

const squeeze: Operator = (context) => {
  const x = plainInput(context, 0)
  const axes = integerInput(context, 1) ?? numbersOf(context, 'axes')
  const at = new Set(axes?.map((axis) => axisOf(context, axis, x.rank)))
  const stays = (extent: number, axis: number): boolean => (axes ? !at.has(axis) : extent !== 1)
  return [plain(tf.reshape(x, x.shape.filter(stays)))]
}

const expand: Operator = (context) => {
  const x = plainInput(context, 0)
  const dims = Array.from(hostInput(context, 1).values)
  // Broadcasting goes both ways; a sum with zeros does exactly that.
  requireModest(context, dims)
  return [plain(tf.add(x, tf.zeros(dims)))]
}

export const LAYOUTS: Readonly<Record<string, Operator>> = {
  Concat: concat,
  Reshape: reshape,
  Transpose: transpose,
  Slice: slice,
  Split: split,
  Pad: pad,
  Unsqueeze: unsqueeze,
  Squeeze: squeeze,
  Expand: expand,
}
