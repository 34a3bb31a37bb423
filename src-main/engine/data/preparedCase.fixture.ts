import type { Sequence } from '../../contract/index.ts'
import { createAxisAlignedGrid, planCanonical } from '../../imaging/geometry/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { foregroundVoxels } from './loadCase.ts'
import type { PreparedCase, Triple } from './preparedCase.ts'

/**
 * A small case for tests: noise, with a ball of tumour in its middle (NCR inside ET inside ED) that is bright in
 * every sequence by its label.
 */
export function preparedCase(
  dims: Triple,
  sequences: readonly Sequence[],
  options: { seed?: number; caseId?: string; noise?: number } = {},
): PreparedCase {
  const { seed = 1, caseId = 'case-one', noise = 0.3 } = options
  const stream = randomStream(seed, 'fixture')
  const labels = new Uint8Array(dims[0] * dims[1] * dims[2])
  const centre = dims.map((n) => (n - 1) / 2 + stream.between(-1, 1))
  const radius = Math.min(...dims) * 0.42
  for (let k = 0, voxel = 0; k < dims[2]; k++) {
    for (let j = 0; j < dims[1]; j++) {
      for (let i = 0; i < dims[0]; i++, voxel++) {
        const r = Math.hypot(i - centre[0], j - centre[1], k - centre[2]) / radius
        labels[voxel] = r < 0.4 ? 1 : r < 0.7 ? 3 : r < 1 ? 2 : 0
      }
    }
  }
  const contrast = [-0.6, 1.2, 0.4, 2.2]
  const channels = sequences.map(() =>
    Float32Array.from(labels, (label) => contrast[label] + noise * stream.normal()),
  )
  return {
    caseId,
    name: caseId,
    sequences,
    dims,
    channels,
    labels,
    foreground: foregroundVoxels(labels),
    placement: {
      canonical: planCanonical(createAxisAlignedGrid(dims, [1, 1, 1])),
      crop: { origin: [0, 0, 0], size: dims },
    },
  }
}
