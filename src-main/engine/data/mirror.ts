import type { Triple } from './preparedCase.ts'

/** Which axes (x, y, z) are read backwards. */
export type MirrorAxes = readonly [boolean, boolean, boolean]

/** All eight ways to mirror a volume, the unmirrored one first. */
export const ALL_MIRRORS: readonly MirrorAxes[] = Array.from({ length: 8 }, (_, bits) => [
  (bits & 1) !== 0,
  (bits & 2) !== 0,
  (bits & 4) !== 0,
])

/**
 * Mirrors a volume of interleaved values (x fastest, `channels` values a voxel) along the given axes into a new
 * array. Doing it twice gives the original.
 */
export function mirror<T extends Float32Array | Uint8Array>(
  values: T,
  size: Triple,
  axes: MirrorAxes,
  channels = 1,
): T {
  const result = values.slice() as T
  if (!axes.includes(true)) return result
  const [nx, ny, nz] = size
  let target = 0
  for (let k = 0; k < nz; k++) {
    const z = axes[2] ? nz - 1 - k : k
    for (let j = 0; j < ny; j++) {
      const y = axes[1] ? ny - 1 - j : j
      const row = nx * (y + ny * z)
      for (let i = 0; i < nx; i++) {
        const source = (row + (axes[0] ? nx - 1 - i : i)) * channels
        for (let c = 0; c < channels; c++) result[target++] = values[source + c]
      }
    }
  }
  return result
}
