import { tf } from '../../../tensor.ts'
import {
  numberOf,
  tripleOf,
  unsupported,
  volumeInput,
  type Operator,
  type OperatorContext,
} from '../operatorContext.ts'
import { volume } from '../value.ts'
import { isZero, padsOf, padVolume } from './padding.ts'

/** Stands for nothing at all under a maximum. */
const LOWEST = -3.4e38

function windowOf(context: OperatorContext): {
  size: [number, number, number]
  strides: [number, number, number]
} {
  if (numberOf(context, 'ceil_mode', 0) !== 0) throw unsupported(context, 'it rounds sizes up')
  if (tripleOf(context, 'dilations', 1).some((dilation) => dilation !== 1)) {
    throw unsupported(context, 'it is dilated')
  }
  return { size: tripleOf(context, 'kernel_shape', 0), strides: tripleOf(context, 'strides', 1) }
}

const maxPool: Operator = (context) => {
  const { size, strides } = windowOf(context)
  const pads = padsOf(context)
  const x = volumeInput(context, 0)
  const padded = pads ? padVolume(x, pads, LOWEST) : x
  return [volume(tf.maxPool3d(padded, size, strides, pads ? 'valid' : 'same'))]
}

const averagePool: Operator = (context) => {
  const { size, strides } = windowOf(context)
  const pads = padsOf(context)
  if (pads && !isZero(pads) && numberOf(context, 'count_include_pad', 0) === 0) {
    throw unsupported(context, 'it averages over fewer voxels at the border')
  }
  const x = volumeInput(context, 0)
  const padded = pads ? padVolume(x, pads) : x
  return [volume(tf.avgPool3d(padded, size, strides, pads ? 'valid' : 'same'))]
}

const globalAveragePool: Operator = (context) => [
  volume(tf.mean(volumeInput(context, 0), [1, 2, 3], true)),
]

export const POOLINGS: Readonly<Record<string, Operator>> = {
  MaxPool: maxPool,
  AveragePool: averagePool,
  GlobalAveragePool: globalAveragePool,
}
