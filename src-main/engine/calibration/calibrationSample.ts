import { nonZeroBox, type Triple } from '../data/index.ts'

/** Voxels with their logits and labels, from which a temperature is fitted. */
export interface CalibrationSample {
  /** Voxel-interleaved: classes of the first voxel, of the second … */
  readonly logits: Float32Array
  readonly labels: Uint8Array
}

/** Around the tumour, so that the ease of the background does not hide what happens at its edge. */
const MARGIN_VOXELS = 3

/** A case gives at most so many voxels, evenly thinned, so that large tumours do not decide alone. */
const MAX_VOXELS = 20_000

/**
 * The voxels in the box around everything that is tumour in the label or in the network's answer, and three voxels more;
 * none where there is no tumour in either.
 *
 * @param logits one volume a class, x fastest
 * @param reference canonical labels
 * @param predicted the most probable labels
 */
export function calibrationSample(
  logits: readonly Float32Array[],
  reference: Uint8Array,
  predicted: Uint8Array,
  dims: Triple,
): CalibrationSample {
  const either = reference.map((label, i) => label | predicted[i])
  const box = nonZeroBox(either, dims)
  if (!box) return { logits: new Float32Array(0), labels: new Uint8Array(0) }
  const low = box.origin.map((n) => Math.max(0, n - MARGIN_VOXELS))
  const high = box.origin.map((n, a) => Math.min(dims[a], n + box.size[a] + MARGIN_VOXELS))
  const extent = high.map((n, a) => n - low[a])
  const total = extent[0] * extent[1] * extent[2]
  const stride = Math.ceil(total / MAX_VOXELS)
  const count = Math.ceil(total / stride)
  const classes = logits.length
  const sample = { logits: new Float32Array(count * classes), labels: new Uint8Array(count) }
  for (let n = 0; n < count; n++) {
    const inBox = n * stride
    const i = low[0] + (inBox % extent[0])
    const j = low[1] + (Math.floor(inBox / extent[0]) % extent[1])
    const k = low[2] + Math.floor(inBox / (extent[0] * extent[1]))
    const voxel = i + dims[0] * (j + dims[1] * k)
    sample.labels[n] = reference[voxel]
    for (let c = 0; c < classes; c++) sample.logits[n * classes + c] = logits[c][voxel]
  }
  return sample
}
