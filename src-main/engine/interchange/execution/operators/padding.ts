import { tf } from '../../../tensor.ts'
import { numbersOf, unsupported, wordOf, type OperatorContext } from '../operatorContext.ts'

type Triple = readonly [number, number, number]
/** What is added before and after each axis of space; null: as TensorFlow's SAME. */
export type Pads = { readonly before: Triple; readonly after: Triple } | null

/** @throws GliadeskError BAD_FILE for a padding that is not read */
export function padsOf(context: OperatorContext): Pads {
  const automatic = wordOf(context, 'auto_pad', 'NOTSET')
  if (automatic === 'SAME_UPPER') return null
  if (automatic === 'VALID') return { before: [0, 0, 0], after: [0, 0, 0] }
  if (automatic !== 'NOTSET' && automatic !== '') {
    throw unsupported(context, `its padding is ${automatic}`)
  }
  const pads = numbersOf(context, 'pads') ?? [0, 0, 0, 0, 0, 0]
  if (pads.length !== 6 || pads.some((pad) => !(pad >= 0 && pad < 64))) {
    throw unsupported(context, `its padding is ${pads.join(', ')}`)
  }
  const [a, b, c, d, e, f] = pads
  return { before: [a, b, c], after: [d, e, f] }
}

export const isZero = (pads: NonNullable<Pads>): boolean =>
  [...pads.before, ...pads.after].every((pad) => pad === 0)

/** Adds voxels of one value around a volume B×D×H×W×C. */
export function padVolume(x: tf.Tensor5D, pads: NonNullable<Pads>, value = 0): tf.Tensor5D {
  if (isZero(pads)) return x
  const widths = pads.before.map((before, axis): [number, number] => [before, pads.after[axis]])
  return tf.pad(x, [[0, 0], ...widths, [0, 0]], value)
}
