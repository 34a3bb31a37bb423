import { storedSteps } from '../../imaging/geometry/index.ts'
import type { CasePlacement } from '../data/index.ts'

/** Values of the crop (canonical order) → the case's whole grid in stored order, 0 around the crop. */
export function pasteStored(values: Uint8Array, { canonical, crop }: CasePlacement): Uint8Array {
  const [nx, ny, nz] = canonical.stored.dims
  const target = new Uint8Array(nx * ny * nz)
  const { start, step } = storedSteps(canonical)
  const [ox, oy, oz] = crop.origin
  const [sx, sy, sz] = crop.size
  const stride = step[0]
  let from = 0
  for (let k = 0; k < sz; k++) {
    for (let j = 0; j < sy; j++) {
      let to = start + ox * step[0] + (oy + j) * step[1] + (oz + k) * step[2]
      for (const end = from + sx; from < end; from++, to += stride) target[to] = values[from]
    }
  }
  return target
}
