type Triple = readonly [number, number, number]

const POLE = Math.sqrt(3) - 2
/** |POLE|^60 is about 1e-34. */
const HORIZON = 60

/**
 * Coefficients of the cubic B-spline that passes through every voxel, by the recursive filter of Unser, Aldroubi & Eden
 * (1993, doi 10.1109/78.193221). The image is continued by mirroring at its outermost voxel centres.
 *
 * @param voxels x fastest; not changed
 * @returns one coefficient a voxel
 */
export function splineCoefficients(voxels: ArrayLike<number>, dims: Triple): Float32Array {
  const coefficients = Float32Array.from(voxels)
  const strides = [1, dims[0], dims[0] * dims[1]]
  for (let axis = 0; axis < 3; axis++) {
    const length = dims[axis]
    if (length === 1) continue
    const stride = strides[axis]
    const line = new Float64Array(length)
    const block = length * stride
    for (let start = 0; start < coefficients.length; start += block) {
      for (let offset = 0; offset < stride; offset++) {
        const first = start + offset
        for (let n = 0; n < length; n++) line[n] = coefficients[first + n * stride]
        filterLine(line)
        for (let n = 0; n < length; n++) coefficients[first + n * stride] = line[n]
      }
    }
  }
  return coefficients
}

function filterLine(line: Float64Array): void {
  const last = line.length - 1
  // Exact start for the mirrored, hence periodic, line; beyond the horizon every term is below rounding.
  const period = 2 * last
  let sum = line[0] + POLE ** last * line[last]
  for (let n = 1; n < Math.min(last, HORIZON); n++) {
    sum += (POLE ** n + POLE ** (period - n)) * line[n]
  }
  line[0] = (6 * sum) / (1 - POLE ** period)
  for (let n = 1; n <= last; n++) line[n] = 6 * line[n] + POLE * line[n - 1]
  line[last] = (POLE / (POLE * POLE - 1)) * (line[last] + POLE * line[last - 1])
  for (let n = last - 1; n >= 0; n--) line[n] = POLE * (line[n + 1] - line[n])
}
