type Triple = readonly [number, number, number]

/** The kernel reaches this many standard deviations, as scipy's does. */
export const GAUSSIAN_REACH = 4

/** Voxels the kernel reaches to each side. */
export const gaussianRadius = (sigmaVoxels: number): number =>
  Math.floor(GAUSSIAN_REACH * sigmaVoxels + 0.5)

/**
 * Blurs an image by a Gaussian, axis by axis, in place. Outside the image counts as 0.
 *
 * @param values x fastest
 * @param sigmaVoxels standard deviation along each axis in voxels; 0 leaves an axis as it is
 */
export function gaussianBlur(values: Float32Array, dims: Triple, sigmaVoxels: Triple): void {
  const strides = [1, dims[0], dims[0] * dims[1]]
  for (let axis = 0; axis < 3; axis++) {
    const radius = gaussianRadius(sigmaVoxels[axis])
    if (radius === 0) continue
    blurAxis(values, dims[axis], strides[axis], gaussianKernel(sigmaVoxels[axis], radius))
  }
}

/** Weights from the centre outwards; the whole kernel sums to 1. */
function gaussianKernel(sigma: number, radius: number): Float64Array {
  const half = Float64Array.from({ length: radius + 1 }, (_, x) =>
    Math.exp(-0.5 * (x / sigma) ** 2),
  )
  const sum = half.reduce((total, weight) => total + 2 * weight, -half[0])
  return half.map((weight) => weight / sum)
}

/**
 * Convolves along one axis. Adds weighted shifted copies of whole slabs of contiguous voxels, which runs through memory
 * in order whatever the axis. Slabs without a value are passed over.
 */
function blurAxis(values: Float32Array, length: number, stride: number, half: Float64Array): void {
  const block = length * stride
  const reach = Math.min(half.length - 1, length - 1)
  const padding = reach * stride
  // Zeros to both sides stand for what lies outside the image.
  const padded = new Float32Array(block + 2 * padding)
  for (let start = 0; start < values.length; start += block) {
    const slab = values.subarray(start, start + block)
    if (isZero(slab)) continue
    padded.set(slab, padding)
    for (let i = 0; i < block; i++) slab[i] = padded[padding + i] * half[0]
    for (let shift = 1; shift <= reach; shift++) {
      const weight = half[shift]
      const before = padding - shift * stride
      const after = padding + shift * stride
      for (let i = 0; i < block; i++) slab[i] += weight * (padded[before + i] + padded[after + i])
    }
  }
}

function isZero(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) return false
  return true
}
