import { tf } from '../../../tensor.ts'
import {
  hostInput,
  requireModest,
  unsupported,
  volumeInput,
  wordOf,
  type Operator,
  type OperatorContext,
} from '../operatorContext.ts'
import { volume } from '../value.ts'

/** An axis may grow by this much; beyond, a file asks for memory without end. */
const MAX_SCALE = 64

/** Where output voxel `i` of an axis lies among the input's (ONNX Resize, coordinate_transformation_mode). */
type Coordinate = (i: number, from: number, to: number, scale: number) => number

const COORDINATES: Readonly<Record<string, Coordinate>> = {
  half_pixel: (i, _from, _to, scale) => (i + 0.5) / scale - 0.5,
  pytorch_half_pixel: (i, _from, to, scale) => (to > 1 ? (i + 0.5) / scale - 0.5 : 0),
  asymmetric: (i, _from, _to, scale) => i / scale,
  align_corners: (i, from, to) => (to === 1 ? 0 : (i * (from - 1)) / (to - 1)),
}

const ROUNDINGS: Readonly<Record<string, (x: number) => number>> = {
  round_prefer_floor: (x) => Math.ceil(x - 0.5),
  round_prefer_ceil: (x) => Math.floor(x + 0.5),
  floor: Math.floor,
  ceil: Math.ceil,
}

const resize: Operator = (context) => {
  const x = volumeInput(context, 0)
  const mode = wordOf(context, 'mode', 'nearest')
  const word = wordOf(context, 'coordinate_transformation_mode', 'half_pixel')
  const coordinate = COORDINATES[word]
  const round = ROUNDINGS[wordOf(context, 'nearest_mode', 'round_prefer_floor')]
  if (!coordinate || !round || (mode !== 'nearest' && mode !== 'linear')) {
    throw unsupported(context, `it resizes by ${mode} interpolation with ${word} coordinates`)
  }
  const { sizes, scales } = targetOf(context, [x.shape[0], x.shape[4], ...x.shape.slice(1, 4)])
  requireModest(context, sizes)
  let y = x
  for (const axis of [2, 3, 4]) {
    const from = y.shape[axis - 1]
    const to = sizes[axis]
    const scale = scales[axis]
    if (from === to && scale === 1) continue
    const places = Array.from({ length: to }, (_, i) => coordinate(i, from, to, scale))
    y = mode === 'nearest' ? pick(y, axis - 1, places.map(round)) : blend(y, axis - 1, places)
  }
  return [volume(y)]
}

/** Output size and scale of every axis, in the graph's order. */
function targetOf(
  context: OperatorContext,
  dims: readonly number[],
): { sizes: number[]; scales: number[] } {
  const given = context.inputs[3] ? Array.from(hostInput(context, 3).values) : []
  const listed = context.inputs[2] ? Array.from(hostInput(context, 2).values) : []
  const scales = given.length === 5 ? given.map((size, axis) => size / dims[axis]) : listed
  const sizes =
    given.length === 5 ? given : scales.map((scale, axis) => Math.floor(dims[axis] * scale))
  const isSound =
    scales.length === 5 &&
    context.node.attributes.get('axes') === undefined &&
    sizes.slice(0, 2).every((size, axis) => size === dims[axis]) &&
    sizes.every((size) => Number.isInteger(size) && size > 0) &&
    scales.every((scale) => scale > 0 && scale <= MAX_SCALE)
  if (!isSound) throw unsupported(context, `it resizes ${dims.join('×')} by ${scales.join('×')}`)
  return { sizes, scales }
}

function pick(x: tf.Tensor5D, axis: number, places: readonly number[]): tf.Tensor5D {
  const last = x.shape[axis] - 1
  const indices = places.map((place) => Math.min(last, Math.max(0, place)))
  return tf.gather(x, tf.tensor1d(indices, 'int32'), axis) as tf.Tensor5D
}

function blend(x: tf.Tensor5D, axis: number, places: readonly number[]): tf.Tensor5D {
  const last = x.shape[axis] - 1
  const inside = places.map((place) => Math.min(last, Math.max(0, place)))
  const low = inside.map(Math.floor)
  const shape = [1, 1, 1, 1, 1]
  shape[axis] = places.length
  const share = tf.tensor(
    inside.map((place, i) => place - low[i]),
    shape,
  )
  const lower = pick(x, axis, low)
  const upper = pick(
    x,
    axis,
    low.map((place) => place + 1),
  )
  return tf.add(lower, tf.mul(tf.sub(upper, lower), share))
}

export const RESIZES: Readonly<Record<string, Operator>> = { Resize: resize }
