/**
 * Z-score inside the non-zero mask, in place: (x − mean) / deviation over the voxels that are not zero; zero
 * stays zero. Values that are not finite count as zero. A sequence is normalised by its own mask, so that it
 * looks the same whichever other sequences are read with it.
 *
 * A volume of one value becomes zero everywhere.
 */
export function normaliseIntensity(voxels: Float32Array): void {
  let count = 0
  let sum = 0
  for (let i = 0; i < voxels.length; i++) {
    const x = voxels[i]
    if (!Number.isFinite(x)) voxels[i] = 0
    else if (x !== 0) {
      count++
      sum += x
    }
  }
  if (count === 0) return
  const mean = sum / count
  let squares = 0
  for (let i = 0; i < voxels.length; i++) {
    if (voxels[i] !== 0) squares += (voxels[i] - mean) ** 2
  }
  const deviation = Math.sqrt(squares / count)
  const scale = deviation > 0 ? 1 / deviation : 0
  for (let i = 0; i < voxels.length; i++) {
    if (voxels[i] !== 0) voxels[i] = (voxels[i] - mean) * scale
  }
}
