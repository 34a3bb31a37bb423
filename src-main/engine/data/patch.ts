import type { PreparedCase, Triple } from './preparedCase.ts'

/** A piece of a case: channel volumes and labels of one size, x fastest. */
export interface Patch {
  readonly size: Triple
  readonly channels: readonly Float32Array[]
  /** Null for an unlabelled case. */
  readonly labels: Uint8Array | null
}

/** Cuts a patch out of a case; what lies outside of the case is 0 (background). */
export function extractPatch(prepared: PreparedCase, origin: Triple, size: Triple): Patch {
  const length = size[0] * size[1] * size[2]
  const cut = <T extends Float32Array | Uint8Array>(source: T, target: T): T => {
    const [nx, ny, nz] = prepared.dims
    const from = Math.max(0, -origin[0])
    const to = Math.min(size[0], nx - origin[0])
    if (to <= from) return target
    for (let k = 0; k < size[2]; k++) {
      const z = origin[2] + k
      if (z < 0 || z >= nz) continue
      for (let j = 0; j < size[1]; j++) {
        const y = origin[1] + j
        if (y < 0 || y >= ny) continue
        const row = origin[0] + nx * (y + ny * z)
        target.set(source.subarray(row + from, row + to), from + size[0] * (j + size[1] * k))
      }
    }
    return target
  }
  return {
    size,
    channels: prepared.channels.map((channel) => cut(channel, new Float32Array(length))),
    labels: prepared.labels ? cut(prepared.labels, new Uint8Array(length)) : null,
  }
}
