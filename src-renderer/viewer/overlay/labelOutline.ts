import type { SliceValues } from './sliceValues.ts'

/**
 * The edges between the pixels of one label and all others, as straight runs (u1, v1, u2, v2) in raster
 * coordinates, where pixel (u, v) spans [u, u+1] × [v, v+1]. Runs are as long as they can be, so that a
 * dashed line keeps its rhythm along a straight side. Empty where the label does not occur.
 */
export function labelOutline(slice: SliceValues, label: number): Float32Array {
  const { width, height, values } = slice
  const runs: number[] = []
  const inside = (u: number, v: number): boolean =>
    u >= 0 && v >= 0 && u < width && v < height && values[u + width * v] === label

  const box = labelBox(slice, label)
  if (!box) return new Float32Array(0)
  for (let v = box.top; v <= box.bottom + 1; v++) {
    let start = -1
    for (let u = box.left; u <= box.right + 1; u++) {
      const edge = u <= box.right && inside(u, v - 1) !== inside(u, v)
      if (edge && start < 0) start = u
      else if (!edge && start >= 0) {
        runs.push(start, v, u, v)
        start = -1
      }
    }
  }
  for (let u = box.left; u <= box.right + 1; u++) {
    let start = -1
    for (let v = box.top; v <= box.bottom + 1; v++) {
      const edge = v <= box.bottom && inside(u - 1, v) !== inside(u, v)
      if (edge && start < 0) start = v
      else if (!edge && start >= 0) {
        runs.push(u, start, u, v)
        start = -1
      }
    }
  }
  return Float32Array.from(runs)
}

/** The pixels that a label occupies at most; null where it does not occur. */
function labelBox(
  { width, height, values }: SliceValues,
  label: number,
): { left: number; right: number; top: number; bottom: number } | null {
  let left = width
  let right = -1
  let top = height
  let bottom = -1
  for (let v = 0; v < height; v++) {
    for (let u = 0; u < width; u++) {
      if (values[u + width * v] !== label) continue
      if (u < left) left = u
      if (u > right) right = u
      if (v < top) top = v
      bottom = v
    }
  }
  return right < 0 ? null : { left, right, top, bottom }
}
