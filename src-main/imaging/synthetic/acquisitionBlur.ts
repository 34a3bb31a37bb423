import type { HeadBox } from './headBox.ts'

/**
 * Smooths a volume as its acquisition would: a little in all directions (the point spread of the scanner and of the
 * resampling to a common grid), and along `axis` by the thickness of the slices. In place; voxels outside the mask
 * stay out of it, so that the edge of a stripped brain is not darkened.
 *
 * @param values one value a box voxel
 * @param fwhmMm full width at half maximum of the point spread
 * @param sliceMm slice thickness along `axis` (0 = x, 1 = y, 2 = z); no more than a voxel means none
 */
export function blurAsAcquired(
  values: Float32Array,
  mask: Uint8Array,
  box: HeadBox,
  fwhmMm: number,
  sliceMm: number,
  axis: 0 | 1 | 2,
): void {
  const s = box.spacingMm
  const pointSpread = fwhmMm / 2.355
  for (const direction of [0, 1, 2] as const) {
    // A slab of thickness t has the variance t²/12; a voxel has already averaged over its own.
    const slab = direction === axis ? Math.max(0, sliceMm * sliceMm - s * s) / 12 : 0
    const deviation = Math.sqrt(pointSpread * pointSpread + slab) / s
    if (deviation < 0.25) continue
    blurAlong(values, mask, box, direction, deviation)
  }
}

function blurAlong(
  values: Float32Array,
  mask: Uint8Array,
  box: HeadBox,
  axis: number,
  deviation: number,
): void {
  const [sx, sy, sz] = box.size
  const stride = [1, sx, sx * sy][axis]
  const length = box.size[axis]
  const reach = Math.max(1, Math.ceil(2.5 * deviation))
  const weights = Float64Array.from({ length: reach + 1 }, (_, d) =>
    Math.exp((-d * d) / (2 * deviation * deviation)),
  )
  const line = new Float32Array(length)
  const inside = new Uint8Array(length)
  const [outer, inner] = [
    [sy, sz],
    [sx, sz],
    [sx, sy],
  ][axis]
  const outerStride = axis === 0 ? sx : 1
  const innerStride = axis === 2 ? sx : sx * sy
  for (let q = 0; q < inner; q++) {
    for (let p = 0; p < outer; p++) {
      const start = p * outerStride + q * innerStride
      for (let n = 0; n < length; n++) {
        line[n] = values[start + n * stride]
        inside[n] = mask[start + n * stride]
      }
      for (let n = 0; n < length; n++) {
        if (inside[n] === 0) continue
        let sum = weights[0] * line[n]
        let total = weights[0]
        for (let d = 1; d <= reach; d++) {
          if (n - d >= 0 && inside[n - d] === 1) {
            sum += weights[d] * line[n - d]
            total += weights[d]
          }
          if (n + d < length && inside[n + d] === 1) {
            sum += weights[d] * line[n + d]
            total += weights[d]
          }
        }
        values[start + n * stride] = sum / total
      }
    }
  }
}
