import {
  axisOf,
  integerInput,
  numbersOf,
  unsupported,
  type OperatorContext,
} from '../operatorContext.ts'

/** A Reshape's target: 0 keeps an extent, −1 takes what is left. @throws GliadeskError BAD_FILE where it does not fit */
export function reshapedDims(
  context: OperatorContext,
  dims: readonly number[],
  wanted: readonly number[],
): number[] {
  const size = dims.reduce((a, b) => a * b, 1)
  const kept = wanted.map((extent, axis) => (extent === 0 ? (dims[axis] ?? 0) : extent))
  const known = kept.filter((extent) => extent !== -1).reduce((a, b) => a * b, 1)
  const free = kept.filter((extent) => extent === -1).length
  const result = kept.map((extent) => (extent === -1 ? size / known : extent))
  const isSound =
    wanted.length <= 8 &&
    free <= 1 &&
    result.every((extent) => Number.isInteger(extent) && extent > 0) &&
    result.reduce((a, b) => a * b, 1) === size
  if (isSound) return result
  throw unsupported(context, `${dims.join('×')} values do not reshape to ${wanted.join('×')}`)
}

export interface Span {
  readonly axis: number
  readonly start: number
  readonly end: number
  readonly step: number
}

/** What a Slice takes along each axis that it names, within the value's bounds. */
export function sliceSpans(context: OperatorContext, dims: readonly number[]): Span[] {
  const starts = integerInput(context, 1) ?? numbersOf(context, 'starts') ?? []
  const ends = integerInput(context, 2) ?? numbersOf(context, 'ends') ?? []
  const axes = integerInput(context, 3) ?? numbersOf(context, 'axes') ?? starts.map((_, i) => i)
  const steps = integerInput(context, 4) ?? starts.map(() => 1)
  if ([ends, axes, steps].some((list) => list.length !== starts.length)) {
    throw unsupported(context, 'its lists are of several lengths')
  }
  return starts.map((start, i) => {
    const axis = axisOf(context, axes[i], dims.length)
    const extent = dims[axis]
    const inside = (place: number): number =>
      Math.min(extent, Math.max(0, place < 0 ? place + extent : place))
    if (steps[i] < 1) throw unsupported(context, `it steps by ${steps[i]}`)
    return { axis, start: inside(start), end: inside(ends[i]), step: steps[i] }
  })
}
