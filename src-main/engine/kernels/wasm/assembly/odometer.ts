/**
 * Walks a tensor of up to four outer axes, row by row, keeping one byte offset for each of three tensors that share the
 * shape but not the strides (0 repeats a value along an axis).
 *
 * Layout of a walk's description at `axes`: four times (size, strideA, strideB, strideC), outermost first, 32-bit each,
 * strides in bytes.
 */
export const AXIS_BYTES: usize = 16
export const OUTER_AXES: i32 = 4

/** Rows from this one on that lie in one stride: the rest of the innermost outer axis, `limit` at most. */
export function rowsInStride(axes: usize, row: i32, limit: i32): i32 {
  const size = load<i32>(axes + <usize>(OUTER_AXES - 1) * AXIS_BYTES)
  return min(size - (row % size), limit)
}

/** Bytes from a row to the next in tensor 0, 1 or 2, inside of one stride. */
export function rowStride(axes: usize, tensor: i32): i32 {
  return load<i32>(axes + <usize>(OUTER_AXES - 1) * AXIS_BYTES + 4 + ((<usize>tensor) << 2))
}

/** Byte offset of a row in tensor 0 (a), 1 (b) or 2 (c). */
export function rowOffset(axes: usize, row: i32, tensor: i32): i32 {
  let offset = 0
  for (let axis = OUTER_AXES - 1; axis >= 0; axis--) {
    const entry = axes + <usize>axis * AXIS_BYTES
    const size = load<i32>(entry)
    offset += (row % size) * load<i32>(entry + 4 + ((<usize>tensor) << 2))
    row /= size
  }
  return offset
}
