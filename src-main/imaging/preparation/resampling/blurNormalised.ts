import { gaussianBlur } from '../../mask/index.ts'

type Triple = readonly [number, number, number]

/**
 * Gaussian blur in place that does not darken the border: outside the image nothing is counted, rather than zeros.
 *
 * @param sigmaVoxels standard deviation along each axis in voxels; 0 leaves an axis as it is
 */
export function blurNormalised(values: Float32Array, dims: Triple, sigmaVoxels: Triple): void {
  if (sigmaVoxels.every((sigma) => sigma === 0)) return
  gaussianBlur(values, dims, sigmaVoxels)
  // The share of the kernel inside the image is a product over the axes: three short lines tell it.
  const inside = sigmaVoxels.map((sigma, axis) => {
    const line = new Float32Array(dims[axis]).fill(1)
    gaussianBlur(line, [dims[axis], 1, 1], [sigma, 0, 0])
    return line
  })
  let index = 0
  for (let k = 0; k < dims[2]; k++) {
    for (let j = 0; j < dims[1]; j++) {
      const share = inside[2][k] * inside[1][j]
      for (let i = 0; i < dims[0]; i++) values[index++] /= share * inside[0][i]
    }
  }
}
