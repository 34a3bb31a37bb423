import { convTranspose3d2x } from '../../../kernels/index.ts'
import { tf } from '../../../tensor.ts'
import {
  inputOf,
  numberOf,
  plainInput,
  tripleOf,
  requireModest,
  unsupported,
  volumeInput,
  type Operator,
  type OperatorContext,
} from '../operatorContext.ts'
import { dimsOf, floatsOf, volume } from '../value.ts'
import { isZero, padsOf, padVolume, type Pads } from './padding.ts'

/** Depthwise and grouped convolutions run group by group. */
const MAX_GROUPS = 512

/** A weight (rank 5, channels first) with its axes in another order. */
function filterOf(context: OperatorContext, order: number[]): tf.Tensor5D {
  const value = inputOf(context, 1)
  const dims = dimsOf(value)
  if (dims.length !== 5 || value.kind === 'tensor') {
    throw unsupported(context, `its weights have ${dims.length} axes or depend on the image`)
  }
  return context.constant(1, `filter ${order}`, ({ values }) =>
    tf.tidy(() => tf.transpose(tf.tensor(floatsOf(values), [...dims]), order)),
  ) as tf.Tensor5D
}

function withBias(context: OperatorContext, y: tf.Tensor5D): tf.Tensor5D {
  return context.inputs[2] ? tf.add(y, plainInput(context, 2)) : y
}

const conv: Operator = (context) => {
  const x = volumeInput(context, 0)
  const filter = filterOf(context, [2, 3, 4, 1, 0])
  const strides = tripleOf(context, 'strides', 1)
  const dilations = tripleOf(context, 'dilations', 1)
  const groups = numberOf(context, 'group', 1)
  if (groups < 1 || groups > MAX_GROUPS || x.shape[4] !== filter.shape[3] * groups) {
    throw unsupported(
      context,
      `it reads ${filter.shape[3] * groups} channels and is given ${x.shape[4]}`,
    )
  }
  const pads = padsOf(context)
  const isDense = strides.every((stride) => stride === 1)
  const same = pads === null || (isDense && keepsSize(pads, filter.shape, dilations))
  const padded = same || pads === null ? x : padVolume(x, pads)
  if (!same) requireRoom(context, padded.shape, filter.shape, dilations)
  const convolve = (part: tf.Tensor5D, taps: tf.Tensor5D): tf.Tensor5D =>
    tf.conv3d(part, taps, strides, same ? 'same' : 'valid', 'NDHWC', dilations)
  if (groups === 1) return [volume(withBias(context, convolve(padded, filter)))]
  const parts = tf.split<tf.Tensor5D>(padded, groups, 4)
  const filters = tf.split<tf.Tensor5D>(filter, groups, 4)
  const joined = tf.concat(
    parts.map((part, group) => convolve(part, filters[group])),
    4,
  )
  return [volume(withBias(context, joined))]
}

const keepsSize = (
  { before, after }: NonNullable<Pads>,
  filter: readonly number[],
  dilations: readonly number[],
): boolean =>
  before.every((pad, axis) => {
    const half = ((filter[axis] - 1) * dilations[axis]) / 2
    return pad === half && after[axis] === half
  })

/** Without padding to its own size, a volume has to be as large as the filter. */
function requireRoom(
  context: OperatorContext,
  shape: readonly number[],
  filter: readonly number[],
  dilations: readonly number[],
): void {
  const reach = dilations.map((dilation, axis) => (filter[axis] - 1) * dilation + 1)
  if (reach.every((extent, axis) => extent <= shape[axis + 1])) return
  throw unsupported(
    context,
    `its filter reaches over ${reach.join('×')} voxels of the ${shape.slice(1, 4).join('×')} it is given`,
  )
}

const convTranspose: Operator = (context) => {
  const x = volumeInput(context, 0)
  const strides = tripleOf(context, 'strides', 1)
  const extra = tripleOf(context, 'output_padding', 0)
  const pads = padsOf(context)
  if (
    pads === null ||
    numberOf(context, 'group', 1) !== 1 ||
    context.node.attributes.has('output_shape')
  ) {
    throw unsupported(context, 'it is grouped or asks for an output of its own size')
  }
  if (tripleOf(context, 'dilations', 1).some((dilation) => dilation !== 1)) {
    throw unsupported(context, 'it is dilated')
  }
  const [channels, to, ...taps] = dimsOf(inputOf(context, 1))
  if (channels !== x.shape[4]) {
    throw unsupported(context, `it reads ${channels} channels and is given ${x.shape[4]}`)
  }
  const isDoubling = [...strides, ...taps].every((n) => n === 2)
  if (isDoubling && isZero(pads) && extra.every((n) => n === 0)) {
    const doubled = convTranspose3d2x(x, filterOf(context, [2, 3, 4, 0, 1]))
    return [volume(withBias(context, doubled))]
  }
  const space = [x.shape[1], x.shape[2], x.shape[3]]
  const full = space.map((extent, axis) => (extent - 1) * strides[axis] + taps[axis])
  requireModest(context, [x.shape[0], ...full, to])
  const filter = filterOf(context, [2, 3, 4, 1, 0])
  const whole = tf.conv3dTranspose(
    x,
    filter,
    [x.shape[0], full[0], full[1], full[2], to],
    strides,
    'valid',
  )
  // The full answer, cropped by the padding; what output_padding adds beyond the full answer is zero.
  const size = full.map((n, axis) => n - pads.before[axis] - pads.after[axis] + extra[axis])
  const kept = size.map((n, axis) => Math.min(n, full[axis] - pads.before[axis]))
  if (kept.some((n) => n < 1)) throw unsupported(context, 'its padding leaves nothing')
  const cropped = tf.slice(
    whole,
    [0, ...pads.before, 0],
    [x.shape[0], kept[0], kept[1], kept[2], to],
  )
  const missing = size.map((n, axis) => n - kept[axis])
  const grown = padVolume(cropped as tf.Tensor5D, {
    before: [0, 0, 0],
    after: [missing[0], missing[1], missing[2]],
  })
  return [volume(withBias(context, grown))]
}

export const CONVOLUTIONS: Readonly<Record<string, Operator>> = {
  Conv: conv,
  ConvTranspose: convTranspose,
}
