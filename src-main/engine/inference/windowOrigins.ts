import type { Triple } from '../data/index.ts'

/**
 * First voxels of the windows along one axis: evenly spread, at most `stepFraction` of the window apart, the
 * last one flush with the end (nnU-Net's placing). Where the axis is no longer than the window there is one, with
 * the axis in its middle (a negative origin).
 */
export function originsAlongAxis(extent: number, window: number, stepFraction: number): number[] {
  if (extent <= window) return [Math.ceil((extent - window) / 2)]
  const room = extent - window
  const steps = Math.ceil(room / Math.max(1, window * stepFraction))
  return Array.from({ length: steps + 1 }, (_, i) => Math.round((room * i) / steps))
}

/** Windows that cover a volume, x fastest. */
export function windowOrigins(dims: Triple, window: Triple, stepFraction: number): Triple[] {
  const [xs, ys, zs] = dims.map((extent, axis) =>
    originsAlongAxis(extent, window[axis], stepFraction),
  )
  return zs.flatMap((z) => ys.flatMap((y) => xs.map((x): Triple => [x, y, z])))
}
