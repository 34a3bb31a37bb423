/** One-hot class targets of one resolution level. */
export interface OneHotLevel {
  /** N×C row-major, N voxels in patch order (x fastest). */
  readonly data: Float32Array
  readonly voxels: number
}

/**
 * One-hot targets for deep supervision: level ℓ keeps every 2^ℓ-th voxel along each axis (nearest
 * neighbour, as nnU-Net downsamples labels).
 *
 * @param labels flat patch labels, several patches one after the other
 * @param size voxels along x, y, z of one patch
 * @param levels resolution levels wanted, at least 1
 * @throws RangeError where a label is not below `classes`
 */
export function oneHotPyramid(
  labels: Uint8Array,
  size: readonly [number, number, number],
  classes: number,
  levels: number,
): OneHotLevel[] {
  const [nx, ny, nz] = size
  const patch = nx * ny * nz
  const batch = labels.length / patch
  return Array.from({ length: levels }, (_, level) => {
    const stride = 2 ** level
    const voxels = batch * Math.ceil(nx / stride) * Math.ceil(ny / stride) * Math.ceil(nz / stride)
    const data = new Float32Array(voxels * classes)
    let row = 0
    for (let b = 0; b < batch; b++) {
      for (let k = 0; k < nz; k += stride) {
        for (let j = 0; j < ny; j += stride) {
          const start = b * patch + nx * (j + ny * k)
          for (let i = 0; i < nx; i += stride) {
            const label = labels[start + i]
            if (label >= classes) throw new RangeError(`label ${label} is not one of ${classes}`)
            data[row * classes + label] = 1
            row++
          }
        }
      }
    }
    return { data, voxels }
  })
}
