type Triple = readonly [number, number, number]

/** A smooth scalar field over a box: a uniform cubic B-spline with `spans` polynomial pieces along each axis. */
export interface SplineField {
  readonly spans: Triple
  /** (spans + 3) coefficients along each axis, x fastest. */
  readonly coefficients: Float64Array
}

/** Cubic B-spline weights of a position 0…1 along an axis of `spans` pieces; returns the first coefficient's index. */
export function splineWeights(position: number, spans: number, weights: Float64Array): number {
  const scaled = Math.max(0, Math.min(spans, position * spans))
  const base = Math.min(spans - 1, Math.floor(scaled))
  const t = scaled - base
  const s = 1 - t
  weights[0] = (s * s * s) / 6
  weights[1] = 2 / 3 - t * t + (t * t * t) / 2
  weights[2] = 2 / 3 - s * s + (s * s * s) / 2
  weights[3] = (t * t * t) / 6
  return base
}

/** Every axis of a lattice with its weights, so that evaluating voxel after voxel looks them up. */
interface AxisTable {
  readonly base: Int32Array
  readonly weights: Float64Array
}

function axisTable(length: number, spans: number): AxisTable {
  const base = new Int32Array(length)
  const weights = new Float64Array(4 * length)
  const four = new Float64Array(4)
  for (let i = 0; i < length; i++) {
    base[i] = splineWeights(length === 1 ? 0.5 : i / (length - 1), spans, four)
    weights.set(four, 4 * i)
  }
  return { base, weights }
}

/**
 * Fits a field to values at the voxels of a mask by the scattered data approximation of Lee, Wolberg & Shin (1997,
 * doi 10.1109/2945.620490), as N4 does: every coefficient becomes the mean of what its voxels ask of it, weighted by the
 * square of their weights.
 *
 * @param voxels flat indices of the voxels that have a value
 */
export function fitSplineField(
  values: Float32Array,
  voxels: Int32Array,
  dims: Triple,
  spans: Triple,
): SplineField {
  const [mx, my, mz] = [spans[0] + 3, spans[1] + 3, spans[2] + 3]
  const numerator = new Float64Array(mx * my * mz)
  const denominator = new Float64Array(numerator.length)
  const tables = [0, 1, 2].map((axis) => axisTable(dims[axis], spans[axis]))
  const squares = tables.map(({ weights }) => sumsOfSquares(weights))
  const [tx, ty, tz] = tables
  for (let n = 0; n < voxels.length; n++) {
    const flat = voxels[n]
    const i = flat % dims[0]
    const j = Math.floor(flat / dims[0]) % dims[1]
    const k = Math.floor(flat / (dims[0] * dims[1]))
    const asked = values[n] / (squares[0][i] * squares[1][j] * squares[2][k])
    for (let c = 0; c < 4; c++) {
      const wz = tz.weights[4 * k + c]
      for (let b = 0; b < 4; b++) {
        const wyz = wz * ty.weights[4 * j + b]
        const row = tx.base[i] + mx * (ty.base[j] + b + my * (tz.base[k] + c))
        for (let a = 0; a < 4; a++) {
          const w = wyz * tx.weights[4 * i + a]
          const w2 = w * w
          numerator[row + a] += w2 * w * asked
          denominator[row + a] += w2
        }
      }
    }
  }
  for (let n = 0; n < numerator.length; n++) {
    if (denominator[n] > 0) numerator[n] /= denominator[n]
  }
  return { spans, coefficients: numerator }
}

function sumsOfSquares(weights: Float64Array): Float64Array {
  return Float64Array.from({ length: weights.length / 4 }, (_, i) => {
    let sum = 0
    for (let a = 0; a < 4; a++) sum += weights[4 * i + a] ** 2
    return sum
  })
}

/** The field at every voxel of a lattice that spans the same box, whatever its size. */
export function evaluateSplineField(field: SplineField, dims: Triple): Float32Array {
  const { spans, coefficients } = field
  const [mx, my] = [spans[0] + 3, spans[1] + 3]
  const [tx, ty, tz] = [0, 1, 2].map((axis) => axisTable(dims[axis], spans[axis]))
  const result = new Float32Array(dims[0] * dims[1] * dims[2])
  const line = new Float64Array(mx)
  let index = 0
  for (let k = 0; k < dims[2]; k++) {
    for (let j = 0; j < dims[1]; j++) {
      line.fill(0)
      for (let c = 0; c < 4; c++) {
        for (let b = 0; b < 4; b++) {
          const w = tz.weights[4 * k + c] * ty.weights[4 * j + b]
          const row = mx * (ty.base[j] + b + my * (tz.base[k] + c))
          for (let m = 0; m < mx; m++) line[m] += w * coefficients[row + m]
        }
      }
      for (let i = 0; i < dims[0]; i++) {
        const first = tx.base[i]
        const w = 4 * i
        result[index++] =
          tx.weights[w] * line[first] +
          tx.weights[w + 1] * line[first + 1] +
          tx.weights[w + 2] * line[first + 2] +
          tx.weights[w + 3] * line[first + 3]
      }
    }
  }
  return result
}
