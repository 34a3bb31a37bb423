import { tf } from '../../tensor.ts'

/**
 * A value of a running graph. Small integers that steer shapes stay on the host; everything else is a tensor. Volumes
 * are kept channels last (B×D×H×W×C), the order of every kernel here, although the graph speaks of them channels first.
 */
export type Value = HostValue | TensorValue

export interface HostValue {
  readonly kind: 'host'
  readonly dims: readonly number[]
  readonly values: Float32Array | Float64Array
  readonly isInteger: boolean
}

export interface TensorValue {
  readonly kind: 'tensor'
  readonly tensor: tf.Tensor
  /** Rank 5 with channels at the end; otherwise in the graph's own order. */
  readonly channelsLast: boolean
}

export const hostOf = (
  values: readonly number[] | Float64Array,
  dims: readonly number[] = [values.length],
): HostValue => ({ kind: 'host', dims, values: Float64Array.from(values), isInteger: true })

export const plain = (tensor: tf.Tensor): TensorValue => ({
  kind: 'tensor',
  tensor,
  channelsLast: false,
})
export const volume = (tensor: tf.Tensor): TensorValue => ({
  kind: 'tensor',
  tensor,
  channelsLast: true,
})

/** In the graph's own order: N×C×D×H×W for a volume. */
export function dimsOf(value: Value): readonly number[] {
  if (value.kind === 'host') return value.dims
  const { shape } = value.tensor
  if (!value.channelsLast) return shape
  const [batch, depth, height, width, channels] = shape
  return [batch, channels, depth, height, width]
}

/** Where an axis of the graph lies in the tensor. */
export const tensorAxis = (value: TensorValue, axis: number): number =>
  value.channelsLast ? [0, 4, 1, 2, 3][axis] : axis

/** The tensor with channels at the end. The caller has made sure that it has rank 5. */
export function asVolume(value: TensorValue): tf.Tensor5D {
  const { tensor } = value
  return (value.channelsLast ? tensor : tf.transpose(tensor, [0, 2, 3, 4, 1])) as tf.Tensor5D
}

/** The tensor in the graph's own order. */
export const asPlain = ({ tensor, channelsLast }: TensorValue): tf.Tensor =>
  channelsLast ? tf.transpose(tensor, [0, 4, 1, 2, 3]) : tensor

/** As a backend takes them. */
export const floatsOf = (values: Float32Array | Float64Array): Float32Array =>
  values instanceof Float32Array ? values : new Float32Array(values)
