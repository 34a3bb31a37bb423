/** Outer axes of a walk (assembly/odometer.ts). */
const OUTER_AXES = 4
const FLOAT = 4

/** How several tensors of one shape and different strides are visited: rows along the innermost axis. */
export interface Walk {
  readonly rows: number
  readonly inner: number
  /** Bytes from one value of a row to the next, a tensor. */
  readonly steps: readonly number[]
  /** For the compiled kernels: four times (size, three strides in bytes). */
  readonly axes: readonly number[]
}

/** Strides, in values, of a dense tensor. */
export function denseStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length)
  let stride = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride
    stride *= shape[axis]!
  }
  return strides
}

/** Strides of a tensor of `from` repeated to `to`: 0 along the repeated axes. */
export function broadcastStrides(from: readonly number[], to: readonly number[]): number[] {
  const missing = to.length - from.length
  const dense = denseStrides(from)
  return to.map((_, axis) => {
    const own = axis - missing
    return own < 0 || from[own] === 1 ? 0 : dense[own]!
  })
}

/**
 * Merges axes that all tensors run through in one stride.
 *
 * @param strides in values, one list a tensor (three at most)
 * @returns null where more axes are left than the kernels walk
 */
export function planWalk(
  shape: readonly number[],
  strides: readonly (readonly number[])[],
): Walk | null {
  const sizes: number[] = []
  const merged: number[][] = []
  for (let axis = 0; axis < shape.length; axis++) {
    const size = shape[axis]!
    if (size === 1) continue
    const own = strides.map((list) => list[axis]!)
    const before = merged[merged.length - 1]
    if (before && before.every((stride, tensor) => stride === own[tensor]! * size)) {
      sizes[sizes.length - 1]! *= size
      merged[merged.length - 1] = own
    } else {
      sizes.push(size)
      merged.push(own)
    }
  }
  const inner = sizes.pop() ?? 1
  const innerStrides = merged.pop() ?? strides.map(() => 1)
  if (sizes.length > OUTER_AXES) return null
  const axes: number[] = []
  for (let axis = 0; axis < OUTER_AXES; axis++) {
    const own = axis - (OUTER_AXES - sizes.length)
    axes.push(own < 0 ? 1 : sizes[own]!)
    for (let tensor = 0; tensor < 3; tensor++) {
      axes.push(own < 0 ? 0 : (merged[own]![tensor] ?? 0) * FLOAT)
    }
  }
  return {
    rows: sizes.reduce((product, size) => product * size, 1),
    inner,
    steps: innerStrides.map((stride) => stride * FLOAT),
    axes,
  }
}
